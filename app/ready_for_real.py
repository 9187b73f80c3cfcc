"""Refuse to start for real young people while the doctor finds something that must not be."""

from app.doctor.examine import examine
from app.rasa_environment import SetUpFailed
from app.stores import Stores
from core.area import Area
from core.clock import Clock, system_clock
from core.settings import Profile, Settings


async def refuse_if_not_ready(
    settings: Settings, stores: Stores, area: Area, *, clock: Clock = system_clock
) -> None:
    """Raise SetUpFailed with everything that is missing in the production profile; the local one needs nothing."""
    if settings.hys_profile is not Profile.PRODUCTION:
        return
    missing = [str(found) for found in await examine(settings, stores, area, clock()) if found.stops]
    if missing:
        raise SetUpFailed("This is not ready for real young people.\n" + "\n".join(missing))
