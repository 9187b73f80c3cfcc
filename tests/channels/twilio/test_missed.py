"""A text that never reached our webhook is fetched from Twilio's list, once, and answered."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, func, select

from channels.twilio.missed import JOB, LASTS, MissedTexts, fetch_missed_texts
from core.conversation.accept_text import accept_text
from core.conversation.arrived import Accepted, InboundText
from core.conversation.heard_texts import KEPT_FOR, forget_heard_texts
from core.conversation.tables import HeardText, Message, Progress
from core.database import ServiceBase
from core.errors import Refusal
from core.ids import new_id
from core.job_lease import lease_job
from core.safeguarding.tables import Concern
from core.sending import TryAgain
from core.text.code_words import code_words
from core.views.tables import ErasureAsk
from core.young_people.consent import is_opted_out
from core.young_people.contact import pseudonym_of
from tests.builders import PhoneTalk, answer_all, build_test_house
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.stub_twilio import Failure, StubTwilio, load_spec
from tests.texting import ALEX, SAM


@dataclass
class Line:
    """The service, and Twilio with what phones sent to it."""

    missed: MissedTexts
    twilio: StubTwilio
    clock: FakeClock
    phone: PhoneTalk

    def hear(self, body: str, *, number: str = SAM, ago: timedelta = timedelta(minutes=1)) -> str:
        sid = f"SM{new_id()}"
        self.twilio.hear(body, number=number, sid=sid, at=self.clock() - ago)
        return sid

    async def count(self, table: type[ServiceBase]) -> int:
        async with self.missed.store.read() as session:
            return (await session.scalars(select(func.count()).select_from(table))).one()

    async def heard(self) -> list[str]:
        """Give the ids of the texts that were taken in, in their order."""
        query = select(Message.external_id).where(Message.external_id.is_not(None)).order_by(Message.seq)
        async with self.missed.store.read() as session:
            return [str(each) for each in await session.scalars(query)]

    async def is_stopped(self) -> bool:
        async with self.missed.store.read() as session:
            return await is_opted_out(session, pseudonym_of(SAM, self.phone.house.keys))


@pytest.fixture
async def line(stores: Stores, clock: FakeClock) -> AsyncIterator[Line]:
    twilio, house = StubTwilio(), build_test_house(stores, clock)
    async with twilio.client() as client:
        accept = partial(accept_text, house)
        missed = MissedTexts(twilio.account, client, stores.service, clock, "this process", accept)
        yield Line(missed, twilio, clock, PhoneTalk(house))


async def test_a_missed_text_is_taken_in_once_and_danger_in_it_is_heard(line: Line) -> None:
    sid = line.hear("he hits me and im scared to go home")
    assert await fetch_missed_texts(line.missed) == 1
    assert await fetch_missed_texts(line.missed) == 0
    assert await line.heard() == [sid]
    assert await line.count(Concern) == 1


async def test_a_text_that_reached_us_is_not_taken_in_again(line: Line) -> None:
    sid = line.hear("hello")
    await line.phone.text("hello", sid=sid)
    assert await fetch_missed_texts(line.missed) == 0
    assert await line.heard() == [sid]


async def test_every_page_is_read_and_the_oldest_text_comes_first(line: Line) -> None:
    sids = [line.hear("hello", ago=timedelta(minutes=9 - each)) for each in range(5)]
    assert await fetch_missed_texts(replace(line.missed, page_size=2)) == 5
    assert await line.heard() == sids
    assert len(line.twilio.asked) == 3


async def test_it_looks_back_to_the_last_look_however_long_the_service_was_away(line: Line) -> None:
    await fetch_missed_texts(line.missed)
    line.clock.go_on(days=2)
    line.hear("hello", ago=timedelta(days=1))
    assert await fetch_missed_texts(line.missed) == 1


async def test_a_new_service_leaves_what_was_texted_long_before(line: Line) -> None:
    line.hear("hello", ago=timedelta(days=1))
    assert await fetch_missed_texts(line.missed) == 0


async def test_when_twilio_can_not_be_asked_the_next_look_begins_where_this_one_did(line: Line) -> None:
    await fetch_missed_texts(line.missed)
    line.clock.go_on(hours=5)
    line.hear("hello", ago=timedelta(hours=4))
    line.twilio.failures = [Failure(503, 20503)]
    with pytest.raises(TryAgain, match="twilio_503"):
        await fetch_missed_texts(line.missed)
    assert await fetch_missed_texts(line.missed) == 1


async def test_one_text_that_can_not_be_taken_in_keeps_no_other_out_and_is_tried_again(line: Line) -> None:
    await fetch_missed_texts(line.missed)
    line.clock.go_on(hours=5)
    busy = line.hear("hello", ago=timedelta(hours=4))
    line.hear("hello", number=ALEX, ago=timedelta(hours=3))

    async def accept(text: InboundText) -> Accepted:
        if text.sid == busy:
            raise Refusal
        return await line.missed.accept(text)

    assert await fetch_missed_texts(replace(line.missed, accept=accept)) == 1
    assert await fetch_missed_texts(line.missed) == 1


async def test_erased_words_are_not_taken_in_again(line: Line) -> None:
    sid = line.hear("hello")
    await line.phone.text("hello", sid=sid)
    async with line.missed.store.write() as session:
        await session.execute(delete(Message).where(Message.external_id == sid))
    assert await fetch_missed_texts(line.missed) == 0
    assert await line.heard() == []


async def test_a_start_that_comes_late_does_not_undo_a_stop(line: Line) -> None:
    await line.phone.text("STOP")
    line.hear("START", ago=timedelta(minutes=5))
    await fetch_missed_texts(line.missed)
    assert await line.is_stopped()


async def test_a_stop_that_comes_late_is_obeyed(line: Line) -> None:
    line.hear("STOP")
    await fetch_missed_texts(line.missed)
    assert await line.is_stopped()


async def test_one_process_at_a_time_fetches(line: Line) -> None:
    line.hear("hello")
    store, clock = line.missed.store, line.clock
    async with lease_job(store, JOB, owner="another", clock=clock, lasting=LASTS):
        assert await fetch_missed_texts(line.missed) == 0
    assert await fetch_missed_texts(line.missed) == 1


async def test_what_was_fetched_is_answered(line: Line) -> None:
    line.hear("hello")
    await fetch_missed_texts(line.missed)
    await line.phone.text("1")
    await answer_all(line.phone.house)
    async with line.missed.store.read() as session:
        waiting = select(func.count()).where(Message.progress.in_((Progress.WAITING, Progress.HELD)))
        assert (await session.scalars(waiting)).one() == 0


async def test_ids_of_texts_are_forgotten_after_a_week(line: Line) -> None:
    await line.phone.text("hello")
    line.clock.go_on(seconds=KEPT_FOR.total_seconds() + 1)
    for dry_run in (True, False):
        async with line.missed.store.write() as session:
            assert await forget_heard_texts(session, line.clock(), dry_run=dry_run) == 1
    assert await line.count(HeardText) == 0


async def test_what_we_ask_is_what_twilios_openapi_has(line: Line) -> None:
    spec = load_spec()
    await fetch_missed_texts(line.missed)
    operation = spec["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["get"]
    assert set(line.twilio.asked[0]) <= {each["name"] for each in operation["parameters"]}


async def test_a_code_to_read_answers_by_is_no_code_to_delete_by_when_it_is_found_again(line: Line) -> None:
    code = " ".join(code_words()[:4])
    for words in ("hi", "1", "my answers"):
        await line.phone.text(words)
    sid = line.hear(code)
    await line.phone.text(code, sid=sid)
    await line.phone.text("thank you")
    assert await fetch_missed_texts(line.missed) == 0
    async with line.phone.house.codes.views.read() as session:
        assert await session.scalar(select(func.count()).select_from(ErasureAsk)) == 0
