"""The second listener raises what no phrase hears, beside the bot; it lowers nothing raised, and nothing needs it."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from core.conversation.answer import MOST_TRIES
from core.conversation.bot import Answer, AskQuestion, KeepState, RecordView, SayMessage, Turn
from core.conversation.claim import claim_next
from core.conversation.house import House
from core.conversation.tables import Kind
from core.conversation.transcript import ShownMessage
from core.outbox_tables import AlertKind, Post, Route
from core.safeguarding.phrases import Level
from core.safeguarding.tables import Concern, ConcernMessage
from core.staff.roles import Role
from core.views.tables import WaitingViews
from tests.builders import PhoneTalk, WebTalk, answer_all, build_test_house
from tests.fakes import FakeBot, FakeClock
from tests.staffed import hold_staff
from tests.stores import Stores

HINT = "at the station. not getting on a train. sorry mum"
GOODBYE = "at the station. sorry mum, you can keep the dog"
PLAIN = "dads belt has a name and i got it on sunday"
HALF_HEARD = "i have to ask before i speak at home"
"""A phrase hears a worry in it."""
DANGER = "he hits me and im scared to go home"


class FakeEar:
    """Hears the hint and what is plain, and remembers what it was asked; `late` is heard at the second try only."""

    def __init__(self, *, fails: bool = False, late: str = "") -> None:
        self.asked: list[str] = []
        self.fails, self.late = fails, late

    def __call__(self, text: str) -> Level | None:
        self.asked.append(text)
        if self.fails or (text == self.late and self.asked.count(text) == 1):
            raise MemoryError
        return {
            HINT: Level.WORRY,
            GOODBYE: Level.WORRY,
            PLAIN: Level.DANGER,
            HALF_HEARD: Level.DANGER,
            DANGER: Level.DANGER,
        }.get(text)


def house_with(stores: Stores, clock: FakeClock, ear: FakeEar, bot: FakeBot | None = None) -> House:
    return replace(build_test_house(stores, clock, bot), second_listener=ear)


async def alerts(stores: Stores) -> set[AlertKind | None]:
    """Name what readers were called about."""
    async with stores.service.read() as session:
        return set(await session.scalars(select(Post.alert).where(Post.route == Route.EMAIL)))


async def texts_sent(stores: Stores) -> int:
    async with stores.service.read() as session:
        return len(list(await session.scalars(select(Post.id).where(Post.contact_id.is_not(None)))))


async def concerns(stores: Stores) -> list[Concern]:
    async with stores.service.read() as session:
        return list((await session.execute(select(Concern))).scalars())


async def heard_in(stores: Stores) -> list[ConcernMessage]:
    async with stores.service.read() as session:
        return list((await session.execute(select(ConcernMessage))).scalars())


def kinds(said: list[ShownMessage]) -> set[Kind]:
    return {message.kind for message in said}


def keep_words(turn: Turn) -> Answer:
    view = RecordView("own-words", "health", text=True)
    return Answer((SayMessage("view_kept"),), (KeepState(turn.state), view))


def ask_about_school(turn: Turn) -> Answer:
    question = {"flow": "questions", "set": "education", "question": "edu-safe", "trail": ["edu-safe"]}
    return Answer((AskQuestion("education", "edu-safe"),), (KeepState({**turn.state, **question}),))


async def test_a_hint_is_a_worry_and_they_are_asked_if_they_are_safe(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_with(stores, clock, FakeEar(), FakeBot(keep_words)))
    said = await talk.say(HINT)
    assert {(message.kind, message.level) for message in said} == {(Kind.SAFETY, "worry")}
    assert [choice.label for choice in said[-1].choices][:2] == ["I am not safe", "I feel safe"]
    assert [each.level for each in await concerns(stores)] == ["worry"]
    assert [each.because[0]["phrase"] for each in await heard_in(stores)] == [
        "the second listener: it sounds like a worry"
    ]


async def test_its_words_are_not_kept_as_a_view(sqlite_stores: Stores, clock: FakeClock) -> None:
    house = house_with(sqlite_stores, clock, FakeEar(), FakeBot(keep_words))
    one, other = await WebTalk.begin(house), await WebTalk.begin(house)
    await one.say(HINT)
    await other.say("the nurse is kind to me")
    async with sqlite_stores.service.read() as session:
        waiting = (await session.execute(select(WaitingViews.conversation_id))).scalars()
        assert list(waiting) == [other.conversation]


async def test_what_is_told_plainly_is_danger_and_answered_as_danger_always_is(
    stores: Stores, clock: FakeClock
) -> None:
    async with stores.service.write() as session:
        await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
    talk = await WebTalk.begin(house_with(stores, clock, FakeEar(), FakeBot(keep_words)))
    said = await talk.say(PLAIN)
    assert {(message.kind, message.level) for message in said} == {(Kind.SAFETY, "danger")}
    assert "999" in " ".join(message.text for message in said)
    assert [choice.label for choice in said[-1].choices] == ["Go on", "Stop"]
    assert [(each.level, each.calls) for each in await concerns(stores)] == [("danger", 1)]
    assert [each.because[0]["phrase"] for each in await heard_in(stores)] == [
        "the second listener: it sounds like danger, told plainly"
    ]
    assert await alerts(stores) == {AlertKind.DANGER}
    async with stores.service.read() as session:
        assert list(await session.scalars(select(WaitingViews.conversation_id))) == [], "danger is no view"


async def test_what_is_told_plainly_answers_no_question_and_the_question_is_asked_again(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_with(sqlite_stores, clock, FakeEar(), FakeBot(ask_about_school)))
    question = (await talk.tap("Tell you what I think"))[-1]
    await talk.say(PLAIN)
    assert (await talk.tap("Go on"))[-1].text == question.text


@pytest.mark.parametrize("words", [PLAIN, HALF_HEARD])
async def test_danger_is_answered_while_the_bot_is_down_and_the_bot_is_not_asked_later(
    stores: Stores, clock: FakeClock, words: str
) -> None:
    bot = FakeBot()
    bot.is_down = True
    talk = await WebTalk.begin(house_with(stores, clock, FakeEar(), bot))
    said = await talk.say(words)
    assert kinds(said) == {Kind.SAFETY}
    assert said[-1].level == "danger"
    assert [each.level for each in await concerns(stores)] == ["danger"]
    bot.is_down = False
    clock.go_on(minutes=1)
    await answer_all(talk.house)
    assert await talk.messages(said[-1].seq) == []


async def test_a_worry_of_a_phrase_that_could_not_be_weighed_is_raised_to_danger_called_about_and_answered(
    stores: Stores, clock: FakeClock
) -> None:
    async with stores.service.write() as session:
        await hold_staff(session, "Lee Ash", Role.SAFEGUARDING_LEAD)
    talk = await WebTalk.begin(house_with(stores, clock, FakeEar(late=HALF_HEARD)))
    said = await talk.say(HALF_HEARD)
    assert [message.level for message in said][:1] == ["worry"], "the phrase is answered in the same turn"
    assert [message.level for message in said][-1:] == ["danger"]
    assert [(each.level, each.messages, each.calls) for each in await concerns(stores)] == [("danger", 1, 1)]
    heard = (await heard_in(stores))[0]
    assert heard.level == "danger"
    assert [(each["phrase"], each["level"]) for each in heard.because] == [
        ("scared_of_person", "worry"),
        ("the second listener: it sounds like danger, told plainly", "danger"),
    ]
    assert await alerts(stores) == {AlertKind.WORRY, AlertKind.DANGER}


async def test_a_page_that_is_open_is_told_that_more_was_said_after_the_worry(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_with(sqlite_stores, clock, FakeEar(late=HALF_HEARD)))
    await talk.send(HALF_HEARD)
    with talk.house.doorbell.listening(talk.conversation) as bell:
        await answer_all(talk.house)
        assert await bell.wait(0.1)


async def test_a_worry_of_a_phrase_in_which_it_hears_no_more_stays_as_it_is(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    house = replace(build_test_house(sqlite_stores, clock), second_listener=lambda _words: Level.WORRY)
    talk = await WebTalk.begin(house)
    said = await talk.say(HALF_HEARD)
    assert {message.level for message in said} == {"worry"}
    assert [len(each.because) for each in await heard_in(sqlite_stores)] == [1]
    assert (await talk.say("1"))[-1].level == "danger", "the check-in still takes its reply"


async def test_danger_that_only_it_heard_is_answered_by_text(stores: Stores, clock: FakeClock) -> None:
    bot = FakeBot()
    phone = PhoneTalk(house_with(stores, clock, FakeEar(late=HALF_HEARD), bot))
    await phone.text("hello")
    await phone.text("1")
    for words, texts in ((PLAIN, 2), (HALF_HEARD, 3)):
        turns, sent = len(bot.turns), await texts_sent(stores)
        await phone.text(words)
        assert await texts_sent(stores) == sent + texts, words
        assert [each.level for each in await concerns(stores)] == ["danger"]
        assert len(bot.turns) <= turns + 1


async def test_while_the_bot_is_down_it_is_raised_at_once_and_asked_only_once(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    bot.is_down = True
    talk = await WebTalk.begin(house_with(stores, clock, FakeEar(), bot))
    said = await talk.say(HINT)
    assert said[0].kind is Kind.PROBLEM
    assert {message.level for message in said[1:]} == {"worry"}
    assert len(await concerns(stores)) == 1
    bot.is_down = False
    clock.go_on(minutes=1)
    await answer_all(talk.house)
    later = await talk.messages(said[-1].seq)
    assert [message.text for message in later] == ["Thank you. I wrote that down."]
    assert [each.messages for each in await concerns(stores)] == [1]


async def test_the_check_in_that_was_asked_meanwhile_still_takes_its_reply(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    bot.is_down = True
    talk = await WebTalk.begin(house_with(sqlite_stores, clock, FakeEar(), bot))
    await talk.say(HINT)
    said = await talk.say("1")
    assert {message.level for message in said} == {"danger"}
    assert [each.level for each in await concerns(sqlite_stores)] == ["danger"]


async def test_a_long_reply_to_the_check_in_is_listened_to_for_danger(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_with(sqlite_stores, clock, FakeEar()))
    await talk.say(HINT)
    said = await talk.say(PLAIN)
    assert {message.level for message in said} == {"danger"}
    assert [each.level for each in await concerns(sqlite_stores)] == ["danger"]


async def test_a_reply_to_the_check_in_that_sounds_like_a_worry_asks_nothing_again(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    ear = FakeEar()
    talk = await WebTalk.begin(house_with(sqlite_stores, clock, ear))
    await talk.say(HINT)
    said = await talk.say(GOODBYE)
    assert ear.asked == [HINT, GOODBYE]
    assert Kind.SAFETY not in kinds(said)
    assert [each.level for each in await concerns(sqlite_stores)] == ["worry"]


async def test_it_lowers_nothing_that_was_raised(sqlite_stores: Stores, clock: FakeClock) -> None:
    talk = await WebTalk.begin(house_with(sqlite_stores, clock, FakeEar()))
    await talk.say(DANGER)
    await talk.say(HINT)
    assert [(each.level, each.messages) for each in await concerns(sqlite_stores)] == [("danger", 2)]


async def test_what_is_tapped_and_short_answers_to_closed_questions_are_not_listened_to(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    ear = FakeEar()
    talk = await WebTalk.begin(house_with(sqlite_stores, clock, ear, FakeBot(ask_about_school)))
    await talk.tap("Tell you what I think")
    await talk.say("Not safe")
    await talk.say("not so very much")
    assert ear.asked == []
    await talk.say("only when he is not there")
    assert ear.asked == ["only when he is not there"]


@pytest.mark.parametrize("fails", [True, False])
async def test_without_it_or_when_it_fails_the_service_works(
    sqlite_stores: Stores, clock: FakeClock, *, fails: bool
) -> None:
    house = build_test_house(sqlite_stores, clock)
    talk = await WebTalk.begin(replace(house, second_listener=FakeEar(fails=True) if fails else None))
    with capture_logs() as logs:
        said = await talk.say(HINT)
    assert kinds(said) == {Kind.MESSAGE}
    assert ("second_listener_failed" in {line["event"] for line in logs}) is fails
    assert not any(HINT in str(line) for line in logs)


class FakeFarEar:
    """Hears elsewhere; remembers what may wait there."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    async def hear(self, text: str, *, can_wait: bool = False) -> Level | None:
        self.asked.append((text, can_wait))
        return Level.WORRY


async def test_elsewhere_what_an_arrival_waits_for_goes_before_what_is_heard_again(
    sqlite_stores: Stores, clock: FakeClock
) -> None:
    ear = FakeFarEar()
    talk = await WebTalk.begin(replace(build_test_house(sqlite_stores, clock), second_listener=ear))
    await talk.say(HALF_HEARD)
    assert ear.asked == [(HALF_HEARD, False), (HALF_HEARD, True)]


def fail(_turn: Turn) -> Answer:
    raise RuntimeError


async def die(talk: WebTalk, clock: FakeClock, *, times: int) -> None:
    """Let a worker take the message and die, so often."""
    for _ in range(times):
        assert await claim_next(talk.house, talk.conversation)
        clock.go_on(minutes=1)


async def test_it_is_raised_where_the_first_worker_died_and_the_bot_is_down(
    stores: Stores, clock: FakeClock
) -> None:
    bot = FakeBot()
    bot.is_down = True
    talk = await WebTalk.begin(house_with(stores, clock, FakeEar(), bot))
    seen = (await talk.messages())[-1].seq
    await talk.send(HINT)
    await die(talk, clock, times=1)
    for _ in range(2):
        await answer_all(talk.house)
        clock.go_on(minutes=1)
    said = [message for message in await talk.messages(seen) if message.kind is not Kind.MESSAGE]
    assert [(each.level, each.messages) for each in await concerns(stores)] == [("worry", 1)]
    assert [choice.label for choice in said[-1].choices][:1] == ["I am not safe"]
    assert len({message.text for message in said}) == len(said), "it is said once"


async def test_it_is_raised_at_the_last_try_of_a_message_that_we_fail_on(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await WebTalk.begin(house_with(stores, clock, FakeEar(), FakeBot(fail)))
    await talk.send(HINT)
    await die(talk, clock, times=MOST_TRIES - 1)
    await answer_all(talk.house)
    assert [(each.level, each.messages) for each in await concerns(stores)] == [("worry", 1)]
    assert (await talk.messages())[-1].choices[0].label == "I am not safe"
    assert (await talk.say("1"))[-1].level == "danger", "the check-in takes its reply"
