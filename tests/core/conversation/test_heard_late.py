"""What the bot answered while the second listener was away is heard when it is back, for a day."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from core.conversation.answer import MOST_TRIES
from core.conversation.bot import Answer, KeepState, RecordView, SayMessage, Turn
from core.conversation.claim import claim_next, conversations_unheard
from core.conversation.heard_late import TOO_LATE
from core.conversation.house import House
from core.conversation.reviewing import next_review
from core.conversation.tables import Conversation, Kind, Message, Progress
from core.ids import ConversationId, StaffId, new_id
from core.outbox_tables import Post
from core.safeguarding.phrases import Level
from core.safeguarding.review_tables import Review
from core.safeguarding.tables import Concern, ConcernMessage
from core.views.tables import WaitingViews
from core.views.waiting import Entry, open_waiting
from tests.builders import PhoneTalk, WebTalk, another_process, answer_all, build_test_house
from tests.fakes import FakeBot, FakeClock
from tests.stores import Stores

HINT = "at the station. not getting on a train. sorry mum"
PLAIN = "dads belt has a name and i got it on sunday"
EVERYDAY = "the bus is always late"
WORRY = "the second listener: it sounds like a worry"
DANGER = "the second listener: it sounds like danger, told plainly"


class Ear:
    """Hears the hint and what is plain, once it is there."""

    def __init__(self) -> None:
        self.is_away = True
        self.asked: list[str] = []

    def __call__(self, words: str) -> Level | None:
        self.asked.append(words)
        if self.is_away:
            raise MemoryError
        return {HINT: Level.WORRY, PLAIN: Level.DANGER}.get(words)


def keep_words(turn: Turn) -> Answer:
    """Keep what is said as a view, and beside it an answer that was tapped."""
    said = RecordView("said", "health", text=True)
    own, tapped = RecordView("own-words", "health", text=True), RecordView("edu-safe", "education", "yes")
    return Answer((SayMessage("view_kept"),), (KeepState(turn.state), said, own, tapped))


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def house(stores: Stores, clock: FakeClock, ear: Ear) -> House:
    return replace(build_test_house(stores, clock, FakeBot(keep_words)), second_listener=ear)


async def come_back(house: House, ear: Ear, clock: FakeClock, *, after_minutes: int) -> None:
    """Let the listener be there again, after a while in which the workers went on."""
    for _ in range(after_minutes):
        clock.go_on(minutes=1)
        await answer_all(house)
    ear.is_away = False
    clock.go_on(minutes=5)
    await answer_all(house)


async def concerns(house: House) -> list[Concern]:
    async with house.service.read() as session:
        return list(await session.scalars(select(Concern)))


async def reasons(house: House) -> list[str]:
    async with house.service.read() as session:
        return [row.because[0]["phrase"] for row in await session.scalars(select(ConcernMessage))]


async def texts_posted(house: House) -> int:
    async with house.service.read() as session:
        theirs = select(func.count()).select_from(Post).where(Post.contact_id.is_not(None))
        return int(await session.scalar(theirs) or 0)


async def waiting_views(house: House, conversation: ConversationId) -> list[Entry]:
    async with house.service.read() as session:
        row = await session.get_one(Conversation, conversation)
        key = house.keys.open_conversation_key(row.sealed_key, conversation)
        views = await session.get_one(WaitingViews, conversation)
        return list(open_waiting(views.sealed, key, conversation).entries)


async def test_a_hint_is_answered_now_and_heard_and_asked_about_when_the_listener_is_back(
    house: House, ear: Ear, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house)
    said = await talk.say(HINT)
    assert {message.kind for message in said} == {Kind.MESSAGE}, "nobody waits for it"
    await come_back(house, ear, clock, after_minutes=2)
    later = await talk.messages(said[-1].seq)
    assert {(message.kind, message.level) for message in later} == {(Kind.SAFETY, "worry")}
    assert [(each.level, each.messages) for each in await concerns(house)] == [("worry", 1)]
    assert await reasons(house) == [WORRY]
    assert (await talk.say("1"))[-1].level == "danger", "the check-in takes its reply"


async def test_danger_calls_the_rota_and_is_answered_as_danger_always_is(
    house: House, ear: Ear, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house)
    said = await talk.say(PLAIN)
    await come_back(house, ear, clock, after_minutes=2)
    later = await talk.messages(said[-1].seq)
    assert {message.level for message in later} == {"danger"}
    assert [(each.level, each.calls) for each in await concerns(house)] == [("danger", 1)]
    assert await reasons(house) == [DANGER]


async def test_its_words_are_a_view_no_more_and_what_was_tapped_still_is(
    house: House, ear: Ear, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house)
    await talk.say(PLAIN)
    assert {each.text for each in await waiting_views(house, talk.conversation)} == {None, PLAIN}
    await come_back(house, ear, clock, after_minutes=2)
    entries = await waiting_views(house, talk.conversation)
    assert [(each.measure, each.answer) for each in entries if not each.is_taken_back] == [
        ("edu-safe", "yes")
    ]
    assert {each.measure for each in entries if each.is_taken_back} >= {"said", "own-words"}
    assert {each.text for each in entries} == {None}


@pytest.mark.parametrize("words", [HINT, PLAIN])
async def test_hours_later_it_is_raised_without_a_word_to_a_screen_that_others_may_see(
    house: House, ear: Ear, clock: FakeClock, words: str
) -> None:
    phone = PhoneTalk(house)
    await phone.text("hello")
    await phone.text("1")
    await phone.text(words)
    posted = await texts_posted(house)
    await come_back(house, ear, clock, after_minutes=3 * 60)
    assert await texts_posted(house) == posted
    (concern,) = await concerns(house)
    assert concern.level == ("worry" if words == HINT else "danger")
    assert concern.call_at is not None, "nobody has answered a check-in: the rota is called"
    assert await reasons(house) == [f"{WORRY if words == HINT else DANGER}; {TOO_LATE}"]


async def test_by_text_it_is_answered_while_they_have_just_written(
    house: House, ear: Ear, clock: FakeClock
) -> None:
    phone = PhoneTalk(house)
    await phone.text("hello")
    await phone.text("1")
    await phone.text(PLAIN)
    posted = await texts_posted(house)
    await come_back(house, ear, clock, after_minutes=2)
    assert await texts_posted(house) == posted + 2


async def test_it_is_heard_again_by_another_process_after_a_restart(
    house: House, ear: Ear, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house)
    await talk.say(HINT)
    clock.go_on(minutes=1)
    ear.is_away = False
    await answer_all(another_process(house))
    assert [each.level for each in await concerns(house)] == ["worry"]


async def test_what_follows_is_answered_and_heard_meanwhile(house: House, ear: Ear, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house)
    await talk.say(HINT)
    ear.is_away = False
    said = await talk.say(EVERYDAY)
    assert {message.kind for message in said} == {Kind.MESSAGE}
    assert await concerns(house) == [], "its pause is not over"
    await come_back(house, ear, clock, after_minutes=0)
    assert [each.level for each in await concerns(house)] == ["worry"]


async def test_everyday_words_are_heard_once_when_it_is_back_and_raise_nothing(
    house: House, ear: Ear, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house)
    said = await talk.say(EVERYDAY)
    await come_back(house, ear, clock, after_minutes=2)
    asked = len(ear.asked)
    await come_back(house, ear, clock, after_minutes=2)
    assert (len(ear.asked), await concerns(house)) == (asked, [])
    assert await talk.messages(said[-1].seq) == []
    entries = await waiting_views(house, talk.conversation)
    assert EVERYDAY in {each.text for each in entries}, "they stay a view"


async def test_it_is_given_up_after_a_day(house: House, ear: Ear, clock: FakeClock) -> None:
    await (await WebTalk.begin(house)).say(HINT)
    for _ in range(26):
        clock.go_on(minutes=60)
        await answer_all(house)
    asked = len(ear.asked)
    await come_back(house, ear, clock, after_minutes=60)
    assert len(ear.asked) == asked
    assert await conversations_unheard(house) == []


async def test_a_person_reviews_it_only_when_it_was_heard(house: House, ear: Ear, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house)
    await talk.say(EVERYDAY)
    async with house.service.write() as session:
        said = (await session.scalars(select(Message).where(Message.external_id.is_not(None)))).one()
        session.add(Review(id=new_id(), message_id=said.id, was_quieted=False))
    async with house.service.write() as session:
        assert await next_review(session, house.keys, StaffId("reader")) is None
    await come_back(house, ear, clock, after_minutes=0)
    async with house.service.write() as session:
        assert await next_review(session, house.keys, StaffId("reader")) is not None


async def test_what_we_failed_on_and_set_aside_is_heard_later_too(
    stores: Stores, clock: FakeClock, ear: Ear
) -> None:
    def fail(_turn: Turn) -> Answer:
        raise RuntimeError

    house = replace(build_test_house(stores, clock, FakeBot(fail)), second_listener=ear)
    talk = await WebTalk.begin(house)
    await talk.send(HINT)
    for _ in range(MOST_TRIES - 1):
        assert await claim_next(house, talk.conversation)
        clock.go_on(minutes=1)
    await answer_all(house)
    await come_back(house, ear, clock, after_minutes=2)
    assert [each.level for each in await concerns(house)] == ["worry"]
    async with house.service.read() as session:
        said = (await session.scalars(select(Message).where(Message.external_id.is_not(None)))).one()
    assert (said.progress, said.due_at) == (Progress.SET_ASIDE, None)
