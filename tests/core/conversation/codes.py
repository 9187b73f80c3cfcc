"""What tests about codes share: a house that keeps all as views, the codes that were texted, a term that ends."""

from collections.abc import Sequence
from random import Random

from sqlalchemy import select

from core.conversation.bot import Answer, KeepState, RecordView, SayMessage, Turn
from core.conversation.house import House
from core.conversation.keys_of import KeysOfConversations, with_open_concern
from core.conversation.place import Place, read_place
from core.conversation.purge import Purged, Purger, purge
from core.conversation.recipients import PhoneRecipients
from core.conversation.tables import Conversation
from core.conversation.transcript import read_messages
from core.ids import ConversationId
from core.outbox import mark_sent
from core.outbox_claim import Claimant, claim_due
from core.retention import Retention
from core.text.code_words import code_words
from core.views.batches import BatchRules
from core.views.move import Mover, move_views
from core.views.tables import HeldView
from tests.builders import PhoneTalk, build_test_house, lists
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores


def keep_all(turn: Turn) -> Answer:
    """Keep every sentence as a view."""
    return Answer(
        (SayMessage("view_kept"),), (KeepState(turn.state), RecordView("said", "education", text=True))
    )


def house_of(stores: Stores, clock: FakeClock) -> House:
    return build_test_house(stores, clock, FakeBot(keep_all))


async def phone_of_their_own(house: House, number: str = "+447700900123") -> PhoneTalk:
    """Give a phone that is only theirs, with nothing left to send."""
    phone = PhoneTalk(house, number)
    await phone.text("hi")
    await phone.text("1")
    await hand_over(house)
    return phone


async def hand_over(house: House) -> list[str]:
    """Hand all texts over to the provider, and give their words."""
    recipients = PhoneRecipients(house.keys)
    words: list[str] = []
    claimant = Claimant("test", recipients, limit=50)
    while due := (await claim_due(house.service, claimant, house.clock())).due:
        for each in due:
            words.append(each.text or "")
            await mark_sent(house.service, [each.id], owner="test", provider_id=each.id, now=house.clock())
    return words


def code_in(texts: Sequence[str]) -> str:
    """Find the words of a code in what was texted."""
    known = set(code_words())
    (found,) = [
        " ".join(word.strip(".:") for word in text.split() if word.strip(".:") in known)
        for text in texts
        if "words" in text
    ]
    return found


async def place_of(house: House, conversation: ConversationId) -> Place:
    async with house.service.read() as session:
        return read_place(await session.get_one(Conversation, conversation), house.keys)[0]


async def texts(house: House, conversation: ConversationId) -> list[str]:
    async with house.service.read() as session:
        return [message.text for message in await read_messages(session, house.keys, conversation)]


async def end_term(house: House, clock: FakeClock) -> None:
    """Let the term end, and its last views move."""
    clock.go_on(days=40)
    mover = Mover(
        service=house.service,
        views=house.codes.views,
        keys=KeysOfConversations(house.keys),
        concerns=with_open_concern,
        seals=house.codes.seals,
        themes=house.themes,
        periods=house.area.periods,
        rules=BatchRules(),
    )
    await move_views(mover, clock=clock, rng=Random(1))


async def purge_now(house: House) -> list[Purged]:
    return await purge(
        Purger(
            service=house.service,
            views=house.codes.views,
            keys=house.keys,
            seals=house.codes.seals,
            clock=house.clock,
            retention=Retention(),
            periods=lists().area.periods,
        )
    )


async def views_left(house: House) -> int:
    async with house.codes.views.read() as session:
        return len((await session.scalars(select(HeldView.id).where(HeldView.read_from.is_(None)))).all())
