"""Whether this machine has what the service needs: both databases with their tables, the model, the vectors."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.doctor.finding import Finding
from app.embeddings import missing_files
from app.rasa_environment import rasa_environment
from app.training import fingerprint
from core.database import Store
from core.settings import Settings
from core.store_away import AWAY
from migrations.migrate import Which, is_at_head


async def examine_store(store: Store, which: Which) -> Finding | None:
    """Say what is wrong with a database, if anything; it is only read, and never made."""
    if not _is_there(store):
        return Finding(f"The {which} store is not there yet.", "The first start makes it.", stops=False)
    try:
        is_new = await is_at_head(store, which)
    except (SQLAlchemyError, *AWAY) as error:
        why = str(getattr(error, "orig", None) or error).splitlines()[0]
        mend = f"Check {which.upper()}_DATABASE_URL, and that the server runs."
        return Finding(f"The {which} store can't be reached: {why}.", mend)
    if is_new:
        return None
    wrong = f"The {which} store has tables of another version."
    return Finding(wrong, "Start this version once: it brings older tables up to date.", stops=False)


def _is_there(store: Store) -> bool:
    """Say whether there is something to read: looking at a SQLite file would make it."""
    url = store.reader.url
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()


def examine_models(settings: Settings) -> Iterator[Finding]:
    """Yield what the bot has not learnt or got yet; each start puts it in place."""
    places = rasa_environment(settings)
    if not settings.rasa_url and not (places.models / f"{fingerprint()}.tar.gz").is_file():
        wrong = "The bot has not learnt what it should know now."
        yield Finding(wrong, "Run: haveyoursay train", stops=False)
    wrong_files = missing_files(places.embeddings)
    if wrong_files:
        wrong = f"These vectors are missing, or are not the pinned ones: {', '.join(wrong_files)}."
        yield Finding(wrong, "Run: haveyoursay train", stops=False)
