"""The composition root: settings become stores, lists, doors and desks, and those become one application."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from random import SystemRandom

import httpx

from app.audit_root import RootDesk
from app.lists import Lists
from app.stores import Stores
from bot.actions.knowledge import Knowledge
from channels.twilio.account import TwilioAccount, twilio_account
from channels.twilio.missed import MissedTexts
from channels.twilio.sender import ConsoleSender, SendingDesk, TwilioSender
from core.alerts import AlertDesk
from core.area import Area, PhoneNumber, district_of, who_is_there
from core.clock import Clock, system_clock
from core.conversation.accept_text import accept_text
from core.conversation.bot import Bot
from core.conversation.house import CodeDesk, House
from core.conversation.periods import period_at
from core.conversation.recipients import PhoneRecipients
from core.conversation.status import requests_of_message
from core.doorbell import Doorbell
from core.group_commit import GroupCommit
from core.group_read import GroupRead
from core.keys import ServiceKeys, service_keys, views_keys
from core.local_offer.about_you import district_in
from core.local_offer.shelf import Shelf
from core.outbox import ring_if_posted
from core.rate_limits import Limiter
from core.safeguarding.chasing import Chaser
from core.safeguarding.second_listener import FarEar
from core.sending import TextSender
from core.settings import Settings
from core.signposting.requests import RequestStatus
from core.text.glossary import find_word
from core.text.messages import Catalogue
from core.text_breaker import tell_held_back
from core.text_caps import TextCaps
from core.views.responses import Response
from core.young_people.codes import CodeStretcher
from gateways.smtp import SmtpMail, read_mail_server


def build_house(
    settings: Settings,
    stores: Stores,
    bot: Bot,
    lists: Lists,
    *,
    clock: Clock = system_clock,
    keys: ServiceKeys | None = None,
    second_listener: FarEar | None = None,
) -> House:
    """Put together what the way of a message needs; `keys` are those of the settings, with the kept ones."""
    keys, doorbell = keys or service_keys(settings), Doorbell()
    service = replace(stores.service, after_commit=partial(ring_if_posted, doorbell))
    return House(
        service=service,
        keys=keys,
        clock=clock,
        bot=bot,
        doorbell=doorbell,
        owner=secrets.token_hex(16),
        catalogue=lists.catalogue,
        bank=lists.bank,
        glossary=lists.glossary,
        shelf=Shelf(lists.directory),
        themes=lists.themes,
        responses=lists.responses,
        phrases=lists.phrases,
        languages=lists.languages,
        area=lists.area,
        arrivals=GroupCommit(service),
        lookups=GroupRead(service),
        codes=CodeDesk(stores.views, views_keys(settings), CodeStretcher()),
        limiter=Limiter(keys, clock, is_on=settings.hys_rate_limits == "on"),
        second_listener=second_listener,
    )


def build_knowledge(house: House) -> Knowledge:
    """Give the bot's actions what they may look up; nothing they can change."""

    def words_in(text: str) -> Sequence[str]:
        found = find_word(text, house.glossary)
        return [found.id] if found else []

    async def services_for(need: str, age: int | None, district: str | None) -> Sequence[str]:
        named = _district_named(house.area, need) or district
        found = await asyncio.to_thread(house.shelf.find, need, age=age, district=named)
        return [entry.id for entry in found]

    async def request_status(message: str) -> Sequence[RequestStatus]:
        return await requests_of_message(house, message)

    def who_to_call(age: str) -> PhoneNumber:
        return who_is_there(house.area, house.clock()).number_for(age)

    def what_was_done(district: str | None) -> Sequence[Response]:
        today = house.clock().astimezone(house.area.zone).date()
        return house.responses.told(today, district=district)

    return Knowledge(
        bank=house.bank,
        find_words=words_in,
        find_services=services_for,
        request_status=request_status,
        complaints=house.area.complaints,
        who_to_call=who_to_call,
        what_was_done=what_was_done,
        area_of=house.themes.area_of,
        district_of=partial(_district_in, house.area),
        period=lambda: period_at(house, house.clock()),
    )


def _district_named(area: Area, need: str) -> str | None:
    """Return the one district that a sentence names, by its own name or a town's."""
    places = {place for district in area.districts for place in (*district.towns, district.name)}
    named = district_in(need, places)
    return _district_in(area, named) if named else None


def _district_in(area: Area, words: str) -> str | None:
    found = district_of(area, words)
    return found.id if found else None


def build_alert_desk(settings: Settings, house: House, texts: "TextDesk") -> AlertDesk:
    """Send alerts by the routes that are set: e-mail, and text; BadMailServer when SMTP_URL can't be read.

    The staff page is a route of its own that needs none of them.
    """
    return AlertDesk(
        store=house.service,
        clock=house.clock,
        doorbell=house.doorbell,
        owner=house.owner,
        jitter=SystemRandom().random,
        subject=house.catalogue.say("staff_alert_subject"),
        body=partial(_alert_words, house.catalogue),
        mail=_mail(settings, house),
        texts=texts.desk.sender if texts.account.is_real else None,
    )


def build_root_desk(settings: Settings, house: House) -> RootDesk:
    """Give the job that notes the end of the record of deeds what it needs."""
    file, mail = settings.audit_roots_file, _mail(settings, house)
    return RootDesk(house.service, house.keys, house.catalogue, house.clock, file, mail)


def _mail(settings: Settings, house: House) -> SmtpMail | None:
    url = settings.smtp_url.get_secret_value()
    return SmtpMail(read_mail_server(url), house.clock) if url else None


def build_chaser(house: House) -> Chaser:
    """Give the job that calls again about what nobody has read what it needs."""
    return Chaser(house.service, house.area, house.clock, house.owner)


def _alert_words(catalogue: Catalogue, count: int, is_loud: bool) -> str:  # noqa: FBT001 - as AlertDesk asks it
    """Say how many things wait, and nothing of them: the words may be seen by others."""
    begin = "staff_alert_again" if is_loud else "staff_alert"
    return catalogue.say(f"{begin}_one") if count == 1 else catalogue.say(f"{begin}_many", count=count)


@dataclass(frozen=True, slots=True)
class TextDesk:
    """What sends texts, and what it holds open."""

    desk: SendingDesk
    account: TwilioAccount
    network: httpx.AsyncClient

    async def close(self) -> None:
        """Give the connections to the provider back."""
        await self.network.aclose()


def build_missed_texts(house: House, texts: "TextDesk") -> MissedTexts:
    """Give the job that fetches what never reached us what it needs."""
    return MissedTexts(
        account=texts.account,
        client=texts.network,
        store=house.service,
        clock=house.clock,
        owner=house.owner,
        accept=partial(accept_text, house),
    )


def build_text_desk(settings: Settings, house: House) -> TextDesk:
    """Send through Twilio where an account is set; else keep texts for the simulator."""
    account, network = twilio_account(settings), httpx.AsyncClient(timeout=10.0)
    sender: TextSender = TwilioSender(account, network) if account.is_real else ConsoleSender()
    caps = TextCaps(house.area.texts, house.area.zone)
    desk = SendingDesk(
        store=house.service,
        sender=sender,
        recipients=PhoneRecipients(house.keys),
        caps=caps,
        tell_held_back=partial(tell_held_back, house.service, caps),
        clock=house.clock,
        doorbell=house.doorbell,
        owner=house.owner,
        jitter=SystemRandom().random,
    )
    return TextDesk(desk, account, network)
