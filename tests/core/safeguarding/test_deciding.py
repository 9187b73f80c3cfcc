"""What people do about a concern: note, raise, hand over, close many; and who may not read it at all."""

from random import Random

import pytest
from sqlalchemy import func, select

from core.conversation.concern_text import purge_concern_text
from core.conversation.tables import Message
from core.ids import ConcernId, StaffId
from core.outbox_tables import Post, Route
from core.safeguarding.clearance import Clearance, clearance_of, say_if_about_me
from core.safeguarding.closing_many import agree_to_closing, close_many, reopen_all
from core.safeguarding.concerns import acknowledge_concern, close_concern, has_open_concern
from core.safeguarding.deciding import escalate_concern, is_lead_involved, tell_key_worker
from core.safeguarding.listing import list_concerns, list_second_looks, read_concern
from core.safeguarding.notes import add_note, hand_over, read_hand_over, read_notes
from core.safeguarding.phrases import Category, Level
from core.safeguarding.record_tables import ConcernCount
from core.safeguarding.refusals import (
    AnotherMustLook,
    ConcernHasNewWords,
    NoReason,
    NoReference,
    NoSecondLook,
    NotClosedYet,
    NotForKeyWorkers,
    NothingPicked,
    NoWords,
    ReadDangerFirst,
)
from core.safeguarding.retention import is_kept_for_concern
from core.safeguarding.rules import Heard, Match
from core.safeguarding.tables import ConcernOutcome
from core.staff.roles import Role
from tests.builders import lists
from tests.core.safeguarding.rota_of import hold_rota
from tests.core.safeguarding.test_concerns import DANGER, WORRY, start, tell
from tests.fakes import FakeClock
from tests.staffed import Talk, hold_staff
from tests.stores import Stores

AREA = lists().area
BY_WORKER = Match("worker_harms", Category.ADULT_WHO_WORKS_WITH_CHILDREN, Level.DANGER)
WORKER = Heard(Level.DANGER, (Category.ADULT_WHO_WORKS_WITH_CHILDREN,), (BY_WORKER,))
KEY = b"k" * 32


async def hire(stores: Stores, name: str = "Lee Ash") -> StaffId:
    async with stores.service.write() as session:
        return await hold_staff(session, name, Role.SAFEGUARDING_LEAD)


async def finish(
    stores: Stores, clock: FakeClock, concern: ConcernId, outcome: ConcernOutcome = ConcernOutcome.FRONT_DOOR
) -> None:
    async with stores.service.write() as session:
        lead = await hold_staff(session, f"Lead {concern[:6]}", Role.SAFEGUARDING_LEAD)
        level = (await read_concern(session, concern))[0].level
        await acknowledge_concern(session, concern, staff=lead, seen=1, level=level, now=clock())
        await close_concern(session, concern, staff=lead, outcome=outcome, seen=1, level=level, now=clock())


async def texted(stores: Stores) -> list[str | None]:
    async with stores.service.read() as session:
        query = select(Post.address).where(Post.route == Route.SMS).order_by(Post.posted_at, Post.address)
        return list((await session.execute(query)).scalars())


async def test_a_person_raises_a_worry_and_everyone_else_there_is_called(
    stores: Stores, clock: FakeClock
) -> None:
    async with stores.service.write() as session:
        rota = await hold_rota(session)
    concern = await tell(stores, clock, await start(stores), WORRY)
    async with stores.service.write() as session:
        await escalate_concern(session, AREA, concern, staff=rota["one"], now=clock())
    assert await texted(stores) == ["+447700900002", "+447700900009"]
    async with stores.service.read() as session:
        assert (await read_concern(session, concern))[0].level is Level.DANGER


async def test_notes_are_sealed_and_stand_in_their_order(stores: Stores, clock: FakeClock) -> None:
    lead, concern = await hire(stores), await tell(stores, clock, await start(stores))
    async with stores.service.write() as session:
        for words in ("I rang the school.", " They know.\r\n"):
            await add_note(session, concern, staff=lead, text=words, key=KEY, now=clock())
            clock.go_on(minutes=1)
        for words in ("  ", "x" * 2001):
            with pytest.raises(NoWords):
                await add_note(session, concern, staff=lead, text=words, key=KEY, now=clock())
        found = await read_notes(session, concern, KEY)
        assert [(note.by, note.text) for note in found] == [
            ("Lee Ash", "I rang the school."),
            ("Lee Ash", "They know."),
        ]
        assert [note.text for note in await read_notes(session, concern, b"z" * 32)] == [None, None]


async def test_a_concern_about_a_worker_opens_to_who_says_it_is_not_about_them(
    stores: Stores, clock: FakeClock
) -> None:
    async with stores.service.write() as session:
        rota = await hold_rota(session)
    concern = await tell(stores, clock, await start(stores), WORKER)
    assert await texted(stores) == ["+447700900001"]
    async with stores.service.write() as session:
        assert await clearance_of(session, concern, rota["one"]) is Clearance.ASK
        for is_clear in (False, True):  # what was said first can't be taken back
            await say_if_about_me(session, AREA, concern, staff=rota["one"], is_clear=is_clear, now=clock())
            assert await clearance_of(session, concern, rota["one"]) is Clearance.SHUT
        await say_if_about_me(session, AREA, concern, staff=rota["two"], is_clear=True, now=clock())
        assert await clearance_of(session, concern, rota["two"]) is Clearance.OPEN
    assert await texted(stores) == ["+447700900001", "+447700900002", "+447700900009"], (
        "the others are called at once, and who may be meant is not"
    )


async def test_another_concern_opens_to_every_lead(stores: Stores, clock: FakeClock) -> None:
    lead, concern = await hire(stores), await tell(stores, clock, await start(stores))
    async with stores.service.read() as session:
        assert await clearance_of(session, concern, lead) is Clearance.OPEN


async def test_a_key_worker_knows_of_a_lead_only_when_the_lead_says_so(
    stores: Stores, clock: FakeClock
) -> None:
    talk, other = await start(stores), await start(stores)
    concern, about_worker = await tell(stores, clock, talk), await tell(stores, clock, other, WORKER)
    async with stores.service.write() as session:
        assert not await is_lead_involved(session, talk.id)
        await tell_key_worker(session, concern, may_know=True)
        assert await is_lead_involved(session, talk.id)
        await tell_key_worker(session, concern, may_know=False)
        assert not await is_lead_involved(session, talk.id)
        with pytest.raises(NotForKeyWorkers):
            await tell_key_worker(session, about_worker, may_know=True)


async def test_what_was_told_of_a_worker_later_hides_it_from_the_key_worker_again(
    stores: Stores, clock: FakeClock
) -> None:
    talk = await start(stores)
    concern = await tell(stores, clock, talk)
    async with stores.service.write() as session:
        await tell_key_worker(session, concern, may_know=True)
    await tell(stores, clock, talk, WORKER)
    async with stores.service.read() as session:
        assert not await is_lead_involved(session, talk.id)


async def test_many_are_closed_with_a_reason_and_some_wait_for_another_persons_look(
    stores: Stores, clock: FakeClock
) -> None:
    lee, sam = await hire(stores), await hire(stores, "Sam Green")
    picked = {await tell(stores, clock, await start(stores), WORRY): 1 for _ in range(30)}
    keys = dict.fromkeys(picked, KEY)
    async with stores.service.write() as session:
        looked_at = await close_many(
            session, picked, staff=lee, reason="A prank.", keys=keys, random=Random(1), now=clock()
        )
        assert looked_at == 2
        assert await list_concerns(session) == []
        first, second = await list_second_looks(session)
        assert [note.text for note in await read_notes(session, first.id, KEY)] == ["A prank."]
        with pytest.raises(AnotherMustLook):
            await agree_to_closing(session, first.id, staff=lee)
        await agree_to_closing(session, first.id, staff=sam)
        with pytest.raises(NoSecondLook):
            await agree_to_closing(session, first.id, staff=sam)
        assert await reopen_all(session, AREA, second.id, staff=sam, now=clock()) == 30
        assert len(await list_concerns(session)) == 30
        assert await list_second_looks(session) == []


async def test_closing_many_is_all_or_none_and_never_of_danger_that_nobody_read(
    stores: Stores, clock: FakeClock
) -> None:
    lee = await hire(stores)
    worry = await tell(stores, clock, await start(stores), WORRY)
    danger = await tell(stores, clock, await start(stores), DANGER)

    async def close(picked: dict[ConcernId, int], reason: str = "A prank.") -> None:
        keys = dict.fromkeys(picked, KEY)
        async with stores.service.write() as session:
            await close_many(
                session, picked, staff=lee, reason=reason, keys=keys, random=Random(1), now=clock()
            )

    for picked, reason, refused in (
        ({worry: 1, danger: 1}, "A prank.", ReadDangerFirst),
        ({worry: 2}, "A prank.", ConcernHasNewWords),
        ({worry: 1}, " ", NoReason),
        ({}, "A prank.", NothingPicked),
    ):
        with pytest.raises(refused):
            await close(picked, reason)
    async with stores.service.read() as session:
        assert len(await list_concerns(session)) == 2


async def test_the_text_goes_thirty_days_after_the_hand_over_and_a_count_stays(
    stores: Stores, clock: FakeClock
) -> None:
    lead, talk = await hire(stores), await start(stores)
    concern = await tell(stores, clock, talk)
    async with stores.service.write() as session:
        with pytest.raises(NotClosedYet):
            await hand_over(session, concern, staff=lead, reference="C1", reader="Jo", key=KEY, now=clock())
    await finish(stores, clock, concern)
    clock.go_on(days=40)
    assert await purge(stores, clock) == 0, "what nobody has taken over stays"
    async with stores.service.write() as session:
        await add_note(session, concern, staff=lead, text="Told them.", key=KEY, now=clock())
        with pytest.raises(NoReference):
            await hand_over(session, concern, staff=lead, reference=" ", reader="Jo", key=KEY, now=clock())
        for reference in ("C1", "C2"):
            await hand_over(
                session, concern, staff=lead, reference=reference, reader="Jo", key=KEY, now=clock()
            )
        kept = await read_hand_over(session, concern, KEY)
        assert kept is not None
        assert (kept.reference, kept.reader, kept.by) == ("C1", "Jo", "Lee Ash")
    clock.go_on(days=29)
    assert await purge(stores, clock) == 0
    assert await is_kept(stores, talk)
    clock.go_on(days=1)
    assert await purge(stores, clock) == 1
    assert await purge(stores, clock) == 0
    assert not await is_kept(stores, talk)
    async with stores.service.read() as session:
        assert await session.scalar(select(func.count()).select_from(Message)) == 0
        count = (await session.execute(select(ConcernCount))).scalar_one()
    assert (count.month, count.level, count.outcome, count.count) == (
        "2026-11",
        Level.DANGER,
        ConcernOutcome.FRONT_DOOR,
        1,
    )


async def test_where_a_person_found_nobody_at_risk_the_days_count_from_the_closing(
    stores: Stores, clock: FakeClock
) -> None:
    for _ in range(2):
        concern = await tell(stores, clock, await start(stores), WORRY)
        await finish(stores, clock, concern, ConcernOutcome.NO_CONCERN)
    still_open = await start(stores)
    await tell(stores, clock, still_open, WORRY)
    clock.go_on(days=30)
    assert await purge(stores, clock) == 2
    async with stores.service.read() as session:
        assert (await session.execute(select(ConcernCount.count))).scalar_one() == 2
        assert await has_open_concern(session, still_open.id)


async def test_what_waits_for_a_second_look_stays(stores: Stores, clock: FakeClock) -> None:
    lee = await hire(stores)
    concern = await tell(stores, clock, await start(stores), WORRY)
    async with stores.service.write() as session:
        await close_many(
            session,
            {concern: 1},
            staff=lee,
            reason="A prank.",
            keys={concern: KEY},
            random=Random(1),
            now=clock(),
        )
    clock.go_on(days=60)
    assert await purge(stores, clock) == 0


async def purge(stores: Stores, clock: FakeClock) -> int:
    async with stores.service.write() as session:
        return await purge_concern_text(session, clock(), 30)


async def is_kept(stores: Stores, talk: Talk) -> bool:
    async with stores.service.read() as session:
        return await is_kept_for_concern(session, talk.id)
