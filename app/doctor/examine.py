"""The doctor: everything that is missing or unsafe in this configuration, as for real young people."""

from datetime import datetime

from app.doctor.finding import Finding
from app.doctor.machine import examine_models, examine_store
from app.doctor.people import examine_people, examine_reviews
from app.doctor.routes import examine_routes
from app.doctor.settings import examine_settings
from app.stores import Stores
from core.area import Area
from core.conversation.late_reviews import late_since
from core.safeguarding.rota import read_rota
from core.settings import Settings
from core.staff.accounts import list_staff


async def examine(settings: Settings, stores: Stores, area: Area, now: datetime) -> list[Finding]:
    """List what a start in production looks at too: settings, stores and people. Asks nobody on the network."""
    found = list(examine_settings(settings))
    service, views = (
        await examine_store(stores.service, "service"),
        await examine_store(stores.views, "views"),
    )
    found += [each for each in (service, views) if each is not None]
    if service is not None:
        wrong = "The service store can't be read yet, so nothing is known of leads and rota."
        return [*found, Finding(wrong, "Mend that first, then ask again.")]
    async with stores.service.read() as session:
        staff, turns = await list_staff(session), await read_rota(session)
        unreviewed_since = await late_since(session, area, now)
    found += examine_people(area, staff, turns, now.astimezone(area.zone).date())
    return [*found, *examine_reviews(unreviewed_since, now)]


async def examine_all(settings: Settings, stores: Stores, area: Area, now: datetime) -> list[Finding]:
    """List that, and what is not learnt yet, and who on the network does not answer."""
    return [
        *await examine(settings, stores, area, now),
        *examine_models(settings),
        *await examine_routes(settings),
    ]
