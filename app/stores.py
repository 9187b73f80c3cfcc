"""Read the settings once, and open the stores they name."""

import asyncio
from dataclasses import dataclass

from alembic.util.exc import CommandError
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from core.database import Store, open_store
from core.settings import Settings
from migrations.migrate import Which, migrate

SECONDS_FOR_THE_DRIVER = 0.3


class SettingsNotReadable(Exception):
    """A setting has a value it can't have; the words say which and why."""


class StoreNotReachable(Exception):
    """A database can't be opened or written; the words say which and what to do."""


@dataclass(frozen=True, slots=True)
class Stores:
    """The service store, which knows who, and the views store, which knows what was said."""

    service: Store
    views: Store

    async def close(self) -> None:
        """Give all connections back."""
        await self.service.close()
        await self.views.close()


def read_settings() -> Settings:
    """Read the environment and .env; SettingsNotReadable names each setting that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors()]
        raise SettingsNotReadable("\n".join(wrong)) from error


def open_stores(settings: Settings) -> Stores:
    """Make the folder of var/ and the engines; connects at first use. Raises StoreNotReachable."""
    make_folder(settings)
    return Stores(open_store(settings.service_database_url), open_store(settings.views_database_url))


def make_folder(settings: Settings) -> None:
    """Make the folder of var/, where it is not there yet. Raises StoreNotReachable."""
    try:
        settings.var.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreNotReachable(
            f"The folder {settings.var} can't be made ({error.strerror}). Check who owns it, or set HYS_HOME."
        ) from error


async def bring_up_to_date(stores: Stores) -> None:
    """Run the migrations that the stores have not seen; StoreNotReachable if one can't be written."""
    await _bring_up_to_date(stores.service, "service")
    await _bring_up_to_date(stores.views, "views")


async def _bring_up_to_date(store: Store, which: Which) -> None:
    try:
        await migrate(store, which)
    except CommandError as error:
        raise StoreNotReachable(
            f"The {which} store ({_where(store)}) was made by another version of this service. "
            "Start that version, or put a copy back that this version made."
        ) from error
    except (SQLAlchemyError, OSError) as error:
        # The driver's thread still tells the loop that it ends: a loop closed by then would print a trace.
        await asyncio.sleep(SECONDS_FOR_THE_DRIVER)
        why = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreNotReachable(
            f"The {which} store ({_where(store)}) can't be used: {why}. "
            f"Check {which.upper()}_DATABASE_URL, and that the file or server can be written."
        ) from error


def _where(store: Store) -> str:
    return store.writer.url.render_as_string(hide_password=True)
