"""What the outbox promises: in order, never to somebody who said stop, and nothing lost."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.conversation.tables import Conversation
from core.ids import MessageId, OutboxId
from core.outbox import (
    LEASE,
    LONGEST_WAIT,
    TEXTS_GIVE_UP_AFTER,
    back_off,
    give_up,
    mark_sent,
    post_text,
    put_off,
    record_receipt,
    withhold,
)
from core.outbox_claim import Claimant, claim_due
from core.outbox_erasing import erase_sent_texts
from core.outbox_tables import Post, Status
from core.sending import Due, TryAgain, Undeliverable
from core.young_people.consent import is_opted_out, opt_in, opt_out
from core.young_people.contact import pseudonym_of
from tests.fakes import FakeClock
from tests.stores import Stores
from tests.texting import ALEX, SAM, Texting, YoungPerson, some_keys


@pytest.fixture
def texting(stores: Stores, clock: FakeClock) -> Texting:
    return Texting(stores.service, clock, some_keys())


async def claim(texting: Texting, owner: str = "one", limit: int = 10) -> list[Due]:
    claimant = Claimant(owner, texting.recipients, limit)
    return (await claim_due(texting.store, claimant, texting.clock())).due


async def sent(texting: Texting, due: Due, provider_id: str = "SM1", owner: str = "one") -> None:
    await mark_sent(texting.store, [due.id], owner=owner, provider_id=provider_id, now=texting.clock())


async def receipt(
    texting: Texting, provider_id: str, status: Status, reference: OutboxId | None = None
) -> Post | None:
    async with texting.store.write() as session:
        return await record_receipt(
            session, provider_id=provider_id, reference=reference, status=status, reason=None
        )


async def test_a_text_is_given_with_its_number_and_words_and_then_not_again(texting: Texting) -> None:
    sam = await texting.young_person(SAM)
    post = await texting.post(sam, "Hello Sam.")
    (due,) = await claim(texting)
    assert (due.address, due.text, due.id) == (SAM, "Hello Sam.", post)
    await sent(texting, due)
    assert await claim(texting) == []
    kept = await texting.find(post)
    assert (kept.status, kept.provider_id, kept.attempts) == (Status.SENT, "SM1", 1)


async def test_what_waits_is_sealed_and_its_length_tells_little(texting: Texting) -> None:
    sam = await texting.young_person(SAM)
    short, longer = await texting.post(sam, "Yes"), await texting.post(sam, "A secret about school " * 5)
    one, other = (await texting.find(short)).sealed_text, (await texting.find(longer)).sealed_text
    assert one is not None
    assert other is not None
    assert b"secret" not in other
    assert len(one) == len(other)


async def test_what_was_posted_in_a_step_that_failed_is_never_sent(texting: Texting) -> None:
    sam = await texting.young_person(SAM)
    first = await texting.post(sam)
    with pytest.raises(ZeroDivisionError):
        await post_and_fail(texting, sam, MessageId((await texting.find(first)).message_id or ""))
    async with texting.store.read() as session:
        assert (await session.scalars(select(Post.id))).all() == [first]


async def post_and_fail(texting: Texting, to: YoungPerson, message: MessageId) -> None:
    async with texting.store.write() as session:
        await post_text(
            session, contact=to.contact, message=message, text="no", key=to.key, now=texting.clock()
        )
        raise ZeroDivisionError


async def test_texts_to_one_phone_leave_in_order_and_one_at_a_time(texting: Texting) -> None:
    sam, alex = await texting.young_person(SAM), await texting.young_person(ALEX)
    for words in ("one", "two", "three"):
        await texting.post(sam, words)
    await texting.post(alex, "for alex")
    first = await claim(texting)
    assert sorted(each.text for each in first) == ["for alex", "one"]
    assert await claim(texting, owner="another worker") == []
    left = ["one"]
    for each in first:
        await sent(texting, each, provider_id=f"SM{each.text}")
    while due := await claim(texting):
        left.append(due[0].text)
        await sent(texting, due[0], provider_id=f"SM{due[0].text}")
    assert left == ["one", "two", "three"]


async def test_a_text_that_is_put_off_holds_back_those_after_it(texting: Texting) -> None:
    sam = await texting.young_person(SAM)
    await texting.post(sam, "one")
    await texting.post(sam, "two")
    (due,) = await claim(texting)
    await put_off_now(texting, due)
    assert await claim(texting) == []
    texting.clock.go_on(seconds=5)
    assert [each.text for each in await claim(texting)] == ["one"]


async def put_off_now(texting: Texting, due: Due, after: timedelta = timedelta(0)) -> None:
    await put_off(
        texting.store,
        [due.id],
        owner="one",
        problem=TryAgain("twilio_503", after),
        jitter=lambda: 0.0,
        now=texting.clock(),
    )


async def test_each_try_waits_longer_and_the_reason_is_kept(texting: Texting) -> None:
    post = await texting.post(await texting.young_person(SAM))
    waits = []
    for _ in range(4):
        (due,) = await claim(texting)
        await put_off_now(texting, due)
        kept = await texting.find(post)
        waits.append(kept.due_at - texting.clock())
        texting.clock.at = kept.due_at
    assert waits == [timedelta(seconds=seconds) for seconds in (5, 10, 20, 40)]
    assert (await texting.find(post)).reason == "twilio_503"


async def test_a_provider_that_asks_us_to_wait_is_given_that_time(texting: Texting) -> None:
    post = await texting.post(await texting.young_person(SAM))
    (due,) = await claim(texting)
    await put_off_now(texting, due, after=timedelta(minutes=3))
    assert (await texting.find(post)).due_at == texting.clock() + timedelta(minutes=3)


@given(attempts=st.integers(1, 10_000), jitter=st.floats(0, 1))
def test_a_wait_is_never_over_the_longest_nor_under_half_of_the_first(attempts: int, jitter: float) -> None:
    assert timedelta(seconds=2.5) <= back_off(attempts, jitter) <= LONGEST_WAIT


async def test_a_reply_is_given_up_when_it_is_hours_late_and_staff_see_why(texting: Texting) -> None:
    post = await texting.post(await texting.young_person(SAM))
    texting.clock.at += TEXTS_GIVE_UP_AFTER + timedelta(seconds=1)
    assert await claim(texting) == []
    kept = await texting.find(post)
    assert (kept.status, kept.reason) == (Status.UNDELIVERABLE, "too_late")


async def test_a_text_of_a_worker_that_died_is_sent_by_another_after_its_lease(texting: Texting) -> None:
    await texting.post(await texting.young_person(SAM), "do not lose me")
    await claim(texting, owner="dies")
    texting.clock.at += LEASE - timedelta(seconds=1)
    assert await claim(texting, owner="lives") == []
    texting.clock.go_on(seconds=1)
    assert [each.text for each in await claim(texting, owner="lives")] == ["do not lose me"]


async def test_a_worker_that_lost_its_lease_changes_nothing(texting: Texting) -> None:
    post = await texting.post(await texting.young_person(SAM))
    (old,) = await claim(texting, owner="slow")
    texting.clock.at += LEASE
    (new,) = await claim(texting, owner="quick")
    await sent(texting, old, provider_id="SMold", owner="slow")
    assert (await texting.find(post)).status == Status.SENDING
    await sent(texting, new, provider_id="SMnew", owner="quick")
    assert (await texting.find(post)).provider_id == "SMnew"


async def test_many_workers_at_once_send_each_text_once(texting: Texting) -> None:
    numbers = [f"+4477009001{place:02d}" for place in range(12)]
    posts = {await texting.post(await texting.young_person(number)) for number in numbers}
    claims = await asyncio.gather(*(claim(texting, owner=f"w{each}", limit=3) for each in range(8)))
    taken = [due.id for due_list in claims for due in due_list]
    assert len(taken) == len(set(taken))
    while more := await claim(texting, owner="last"):
        taken += [due.id for due in more]
    assert set(taken) == posts
    assert len(taken) == len(posts)


async def test_a_stop_after_posting_withholds_the_text(texting: Texting) -> None:
    sam = await texting.young_person(SAM)
    post = await texting.post(sam)
    await say_stop(texting, sam)
    assert await claim(texting) == []
    kept = await texting.find(post)
    assert (kept.status, kept.reason) == (Status.WITHHELD, "said_stop")


async def say_stop(texting: Texting, person: YoungPerson) -> None:
    async with texting.store.write() as session:
        await opt_out(session, pseudonym_of(person.number, texting.keys), texting.clock())


async def test_what_was_withheld_is_not_sent_after_start(texting: Texting) -> None:
    sam = await texting.young_person(SAM)
    await texting.post(sam, "from before")
    await say_stop(texting, sam)
    await claim(texting)
    async with texting.store.write() as session:
        await opt_in(session, pseudonym_of(SAM, texting.keys))
    assert await claim(texting) == []
    await texting.post(sam, "welcome back")
    assert [due.text for due in await claim(texting)] == ["welcome back"]


async def test_a_stop_that_only_the_provider_knew_is_kept(texting: Texting) -> None:
    post = await texting.post(await texting.young_person(SAM))
    (due,) = await claim(texting)
    await withhold(texting.store, due, owner="one", recipients=texting.recipients, now=texting.clock())
    assert (await texting.find(post)).status == Status.WITHHELD
    async with texting.store.read() as session:
        assert await is_opted_out(session, pseudonym_of(SAM, texting.keys))


async def test_a_text_of_an_erased_conversation_is_withheld_and_the_next_goes(texting: Texting) -> None:
    sam, alex = await texting.young_person(SAM), await texting.young_person(ALEX)
    post = await texting.post(sam, "erased")
    await texting.post(alex, "kept")
    async with texting.store.write() as session:
        (await session.get_one(Conversation, sam.conversation)).sealed_key = b"\x01x" + bytes(60)
    assert [due.text for due in await claim(texting)] == ["kept"]
    kept = await texting.find(post)
    assert (kept.status, kept.reason) == (Status.WITHHELD, "erased")


async def test_what_the_provider_will_never_take_ends_and_the_next_goes(texting: Texting) -> None:
    sam = await texting.young_person(SAM)
    post = await texting.post(sam, "one")
    await texting.post(sam, "two")
    (due,) = await claim(texting)
    await give_up(texting.store, [due.id], owner="one", problem=Undeliverable("twilio_21211"))
    kept = await texting.find(post)
    assert (kept.status, kept.reason) == (Status.UNDELIVERABLE, "twilio_21211")
    assert [each.text for each in await claim(texting)] == ["two"]


async def test_a_receipt_moves_a_text_forward(texting: Texting) -> None:
    post = await texting.post(await texting.young_person(SAM))
    (due,) = await claim(texting)
    await sent(texting, due)
    assert await receipt(texting, "SM1", Status.DELIVERED) is not None
    assert (await texting.find(post)).status == Status.DELIVERED


@pytest.mark.parametrize("late", [Status.SENT, Status.UNDELIVERABLE, Status.DELIVERED])
async def test_a_late_receipt_moves_nothing_back(texting: Texting, late: Status) -> None:
    post = await texting.post(await texting.young_person(SAM))
    (due,) = await claim(texting)
    await sent(texting, due)
    await receipt(texting, "SM1", Status.DELIVERED)
    assert await receipt(texting, "SM1", late) is None
    assert (await texting.find(post)).status == Status.DELIVERED


async def test_a_receipt_that_is_quicker_than_our_sender_is_not_lost_or_undone(texting: Texting) -> None:
    post = await texting.post(await texting.young_person(SAM))
    (due,) = await claim(texting)
    assert await receipt(texting, "SM1", Status.DELIVERED, reference=post) is not None
    await sent(texting, due)
    kept = await texting.find(post)
    assert (kept.status, kept.provider_id) == (Status.DELIVERED, "SM1")


async def test_a_receipt_of_another_text_changes_nothing(texting: Texting) -> None:
    post = await texting.post(await texting.young_person(SAM))
    (due,) = await claim(texting)
    await sent(texting, due)
    assert await receipt(texting, "SMother", Status.DELIVERED, reference=post) is None
    assert (await texting.find(post)).status == Status.SENT


async def test_words_that_left_are_erased_after_their_time_and_waiting_ones_are_kept(
    texting: Texting,
) -> None:
    sam, alex = await texting.young_person(SAM), await texting.young_person(ALEX)
    gone = await texting.post(sam)
    (due,) = await claim(texting)
    await sent(texting, due)
    waits = await texting.post(alex)
    texting.clock.go_on(days=8)
    async with texting.store.write() as session:
        assert await erase_sent_texts(session, texting.clock() - timedelta(days=7)) == 1
    assert (await texting.find(gone)).sealed_text is None
    assert (await texting.find(waits)).sealed_text is not None
