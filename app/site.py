"""One application for everyone: young people, staff, Twilio, Rasa's actions, and who looks after the machine."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import partial

import structlog
from fastapi import FastAPI

from api.doors import api_key_door
from api.groups.pages import groups_router
from api.local_offer.pages import local_offer_router
from api.office import Office
from api.site import add_staff_site
from api.summaries.endpoints import summaries_router
from api.summaries.pages import insight_router
from app.compose import TextDesk, build_knowledge
from app.health import health_routes
from app.metrics import metrics_routes
from app.stores import Stores
from app.work_accounts import open_work_door
from bot.actions.server import actions_router
from channels.simulator.phones import Simulator
from channels.simulator.routes import simulator_routes
from channels.sms import sms_routes
from channels.twilio.account import has_simulator
from channels.twilio.receipts import receipt_routes
from channels.web_chat.needs import web_chat_of
from channels.web_chat.routes import web_chat_router
from core.conversation.accept_text import accept_text
from core.conversation.answer_complaint import answer_complaint
from core.conversation.house import House
from core.conversation.worker_reply import reply_to_young_person
from core.settings import Profile, Settings
from core.staff.passwords import Passwords
from core.staff.roles import Scope
from core.text_caps import TextCaps

log = structlog.get_logger()

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What an application is made of; `rasa_token` is the secret between Rasa and its actions."""

    settings: Settings
    stores: Stores
    house: House
    texts: TextDesk
    rasa_token: str


def build_site(parts: Parts, *, work: Lifespan | None = None) -> FastAPI:
    """Put every door of the service into one application; `work` runs beside it while it is up."""
    settings, house = parts.settings, parts.house
    app = FastAPI(
        title="Have Your Say",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=work or _nothing_beside,
    )
    # Routes are looked at in this order: first what a turn needs, of which there are many a second.
    app.include_router(actions_router(build_knowledge(house), parts.rasa_token))
    app.include_router(web_chat_router(web_chat_of(house, public_url=settings.public_url)))
    _add_phone_routes(app, parts)
    add_staff_site(app, build_office(parts))
    app.include_router(summaries_router(parts.stores.views, door=api_key_door(Scope.SUMMARIES)))
    app.include_router(insight_router(parts.stores.views), include_in_schema=False)
    app.include_router(groups_router(house.bank, settings.public_url), include_in_schema=False)
    app.include_router(local_offer_router(house.shelf, parts.stores.views), include_in_schema=False)
    app.include_router(health_routes(settings, parts.stores, house.bot))
    app.include_router(metrics_routes(settings, house))
    return app


def build_office(parts: Parts) -> Office:
    """Give the staff's pages what they need."""
    house = parts.house
    return Office(
        store=house.service,
        keys=house.keys,
        clock=house.clock,
        words=house.catalogue,
        passwords=Passwords(),
        area=house.area,
        is_https=parts.settings.is_https,
        reply=partial(reply_to_young_person, house),
        limiter=house.limiter,
        texts=TextCaps(house.area.texts, house.area.zone),
        answer_complaint=partial(answer_complaint, house),
        work_door=open_work_door(parts.settings, house.clock),
        needs_second_step=parts.settings.hys_profile is Profile.PRODUCTION,
    )


def _add_phone_routes(app: FastAPI, parts: Parts) -> None:
    house, account = parts.house, parts.texts.account
    app.include_router(sms_routes(account, partial(accept_text, house)))
    recipients = parts.texts.desk.recipients
    app.include_router(receipt_routes(account, store=house.service, recipients=recipients, clock=house.clock))
    if has_simulator(parts.settings):
        simulator = Simulator(account, house.service, house.keys, house.catalogue)
        app.include_router(simulator_routes(simulator))


@asynccontextmanager
async def _nothing_beside(_app: FastAPI) -> AsyncIterator[None]:
    yield
