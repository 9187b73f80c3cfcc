"""Read the settings once, and open the stores they name."""

from dataclasses import dataclass

from pydantic import ValidationError

from core.database import Store, open_store
from core.settings import Settings
from migrations.migrate import migrate


class SettingsNotReadable(Exception):
    """A setting has a value it can't have; the words say which and why."""


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
    """Make the folder of var/ and the engines; connects at first use."""
    settings.var.mkdir(parents=True, exist_ok=True)
    return Stores(open_store(settings.service_database_url), open_store(settings.views_database_url))


async def bring_up_to_date(stores: Stores) -> None:
    """Run the migrations that the stores have not seen."""
    await migrate(stores.service, "service")
    await migrate(stores.views, "views")
