"""The directory as it is now: put there when the service starts, and put anew whenever it has changed."""

from dataclasses import dataclass

from core.local_offer.directory import Directory, Entry, ServiceId
from core.local_offer.find import find_help
from core.local_offer.nearness import Nearness


@dataclass(frozen=True, eq=False)
class Shelved:
    """A directory with its reading by meaning; None while there is none: then the words alone are looked at."""

    directory: Directory
    nearness: Nearness | None = None


class Shelf:
    """Holds one directory at a time; whoever asks meanwhile is answered by the one that stood there."""

    def __init__(self, directory: Directory) -> None:
        self._now = self._before = Shelved(directory)

    @property
    def directory(self) -> Directory:
        """Return the directory that stands there now."""
        return self._now.directory

    @property
    def reads_meaning(self) -> bool:
        """Whether what people type is read by its meaning too."""
        return self._now.nearness is not None

    def put(self, shelved: Shelved) -> None:
        """Replace the whole directory at once."""
        self._before, self._now = self._now, shelved

    def entry(self, service: ServiceId) -> Entry | None:
        """Return an entry, also one that was found a moment ago and has just gone."""
        return self._now.directory.entries.get(service) or self._before.directory.entries.get(service)

    def find(self, need: str, *, age: int | None = None, district: str | None = None) -> list[Entry]:
        """Find help; about 20 ms of work with meaning, so not for the event loop."""
        now = self._now
        return find_help(now.directory, need, age=age, district=district, nearness=now.nearness)
