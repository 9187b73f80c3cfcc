"""Some messages in which nothing was heard are read by a person, who does not see whose they are."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.nightly import build_purger
from app.stores import Stores as AppStores
from core.conversation.drilling import begin_drill
from core.conversation.erase_by_hand import Whose, erase_by_hand
from core.conversation.house import House
from core.conversation.purge import purge
from core.conversation.reviewing import ToReview, answer_review, next_review
from core.ids import StaffId
from core.outbox_tables import AlertKind, Post
from core.safeguarding.listing import list_concerns, read_concern
from core.safeguarding.phrases import Level
from core.safeguarding.review_tables import Review, ReviewCount, Verdict
from core.safeguarding.reviews import ONE_IN, Missed, ReviewGone, draw_for_review, how_much_is_missed
from tests.builders import PhoneTalk, WebTalk, answer_all, build_test_house
from tests.core.safeguarding.rota_of import hold_rota
from tests.fakes import FakeClock
from tests.stores import Stores

READER = StaffId("lead")
FRIDAY_OF_THE_LAST_WEEK = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
SUNDAY_AFTER_NEW_YEAR = datetime(2027, 1, 3, 23, 0, tzinfo=UTC)
HINT = "at the station. not getting on a train. sorry mum"


@pytest.fixture
def house(stores: Stores, clock: FakeClock) -> House:
    """A house in which every message is drawn."""
    return replace(build_test_house(stores, clock), draw=lambda _below: 0)


async def waiting(house: House) -> ToReview | None:
    async with house.service.write() as session:
        return await next_review(session, house.keys, READER)


async def end(house: House, verdict: Verdict) -> None:
    shown = await waiting(house)
    assert shown is not None
    async with house.service.write() as session:
        await answer_review(session, house.keys, house.area, shown.id, verdict, house.clock())


async def rows(house: House, table: type = Review) -> int:
    async with house.service.read() as session:
        return (await session.scalars(select(func.count()).select_from(table))).one()


async def missed(house: House) -> Missed:
    """Give what is shown a week later."""
    async with house.service.read() as session:
        return await how_much_is_missed(session, house.clock() + timedelta(days=7))


def test_one_in_fifty_is_drawn_and_the_draw_alone_decides() -> None:
    class Kept:
        def __init__(self) -> None:
            self.rows: list[Review] = []

        def add(self, row: Review) -> None:
            self.rows.append(row)

    kept, asked = Kept(), []

    def draw(below: int) -> int:
        asked.append(below)
        return len(asked) % below

    for number in range(1000):
        draw_for_review(kept, str(number), draw)  # type: ignore[arg-type]
    assert Counter(asked) == {ONE_IN: 1000}
    assert len(kept.rows) == 20


async def test_a_message_in_which_nothing_was_heard_waits_once_however_often_it_is_sent(house: House) -> None:
    talk = await WebTalk.begin(house)
    for _ in range(3):
        await talk.send("i like art", id_="once")
    assert await waiting(house) is None, "the second listener may still hear something"
    await answer_all(house)
    shown = await waiting(house)
    assert shown is not None
    assert (shown.words, shown.is_cut, await rows(house)) == ("i like art", False, 1)


async def test_what_was_heard_tapped_or_asked_for_does_not_wait(house: House) -> None:
    talk = await WebTalk.begin(house)
    await talk.say("he hits me")
    choice = [each for message in await talk.messages() for each in message.choices][-1]
    await talk.send(choice=choice.id)
    await begin_drill(house)
    await answer_all(house)
    assert await rows(house) == 0


async def test_what_the_second_listener_hears_later_waits_no_more(house: House) -> None:
    listening = replace(house, second_listener=lambda words: Level.WORRY if "mum" in words else None)
    talk = await WebTalk.begin(listening)
    await talk.say(HINT)
    assert await waiting(house) is None
    assert await rows(house) == 0


async def test_names_numbers_and_places_are_taken_out_and_nothing_says_who_wrote(house: House) -> None:
    talk = await WebTalk.begin(house)
    await talk.say("my name is Sam Green, ring 07700 900456, i live at WR1 2AB and school is fine")
    shown = await waiting(house)
    assert shown is not None
    assert "school is fine" in shown.words
    for theirs in ("Sam", "Green", "900456", "WR1", talk.conversation):
        assert theirs not in shown.words
    assert set(shown.__slots__) == {"id", "words", "is_cut"}


async def test_each_reader_has_an_order_of_their_own_and_sees_the_same_message_until_it_is_reviewed(
    house: House,
) -> None:
    talk = await WebTalk.begin(house)
    for words in ("one", "two", "three"):
        await talk.say(words)
    firsts = []
    for reader in (StaffId(f"lead {number}") for number in range(60)):
        async with house.service.write() as session:
            shown = [await next_review(session, house.keys, reader) for _again in range(2)]
        assert shown[0] is not None
        assert shown[0] == shown[1]
        firsts.append(shown[0].words)
    assert set(firsts) == {"one", "two", "three"}


@pytest.mark.parametrize(("verdict", "level"), [(Verdict.DANGER, Level.DANGER), (Verdict.WORRY, Level.WORRY)])
async def test_what_was_missed_is_a_concern_at_once_and_its_readers_are_called(
    house: House, verdict: Verdict, level: Level
) -> None:
    async with house.service.write() as session:
        await hold_rota(session)
    talk = await WebTalk.begin(house)
    await talk.say(HINT)
    await end(house, verdict)
    async with house.service.read() as session:
        (concern,) = await list_concerns(session)
        _, (heard,) = await read_concern(session, concern.id)
        alerts = set(await session.scalars(select(Post.alert)))
    assert (concern.conversation, concern.level) == (talk.conversation, level)
    assert heard.because[0].phrase_id == "blind review: a person heard it"
    assert alerts == {AlertKind.DANGER if level is Level.DANGER else AlertKind.WORRY}
    assert await rows(house) == 0


async def test_the_rate_counts_what_people_said_and_keeps_nothing_of_whose_it_was(
    house: House, clock: FakeClock
) -> None:
    for verdict in (Verdict.NOTHING, Verdict.NOTHING, Verdict.WORRY, Verdict.DANGER):
        await (await WebTalk.begin(house)).say("hello there")
        await end(house, verdict)
        clock.go_on(days=20)
    found = await missed(house)
    assert (found.danger.found, found.either.found, found.either.of) == (1, 2, 4)
    assert 0 < found.danger.low < 0.25 < found.danger.high < 1
    assert await rows(house) == 0
    assert {column.name for column in ReviewCount.__table__.columns} == {
        "week",
        "was_quieted",
        "verdict",
        "count",
    }


@pytest.mark.parametrize("of_quieted", [False, True])
async def test_a_review_is_in_the_figures_when_its_week_is_over(
    house: House, clock: FakeClock, *, of_quieted: bool
) -> None:
    async def counted() -> int:
        async with house.service.read() as session:
            return (await how_much_is_missed(session, clock(), of_quieted=of_quieted)).either.of

    clock.at = FRIDAY_OF_THE_LAST_WEEK
    heard = replace(house, second_listener=lambda _words: None)
    await (await WebTalk.begin(heard)).say("he locks me in my room" if of_quieted else "hello there")
    await end(house, Verdict.NOTHING)
    assert await counted() == 0
    clock.at = SUNDAY_AFTER_NEW_YEAR
    assert await counted() == 0
    clock.go_on(days=1)
    assert await counted() == 1


async def test_two_people_do_not_count_one_message_twice(house: House) -> None:
    await (await WebTalk.begin(house)).say("hello there")
    shown = await waiting(house)
    assert shown is not None
    await end(house, Verdict.NOTHING)
    with pytest.raises(ReviewGone):
        async with house.service.write() as session:
            await answer_review(session, house.keys, house.area, shown.id, Verdict.DANGER, house.clock())
    assert (await missed(house)).either.of == 1


async def test_it_goes_with_the_words_when_they_are_erased_and_when_their_time_is_over(
    house: House, stores: Stores, clock: FakeClock
) -> None:
    one, other = await WebTalk.begin(house), await WebTalk.begin(house)
    await one.say("a purple walrus")
    await other.say("a green walrus")
    assert await rows(house) == 2
    whose = Whose(conversation=one.conversation)
    await erase_by_hand(house.service, house.keys, whose, by="test", now=clock())
    assert await rows(house) == 1
    clock.at += timedelta(days=120)
    both = AppStores(stores.service, stores.views)
    await purge(build_purger(both, house.keys, house.area, seals=house.codes.seals, clock=clock))
    assert await rows(house) == 0


async def test_texts_are_drawn_too_also_those_that_are_written_together(house: House) -> None:
    phone = PhoneTalk(house)
    await phone.text("hello")
    await phone.text("1")
    before = await rows(house)
    await phone.text("the bus is always late")
    assert await rows(house) == before + 1
