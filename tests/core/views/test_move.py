"""Views move in batches, once, and apart from who said them."""

import json
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import func, select, text

from core.sealing import unpad, unseal
from core.views.batches import BatchRules, choose_last_batch
from core.views.held import make_batch, write_batch
from core.views.move import Mover, move_views, read_waiting, take_away
from core.views.record import SAID_FOR, Profile, View
from core.views.tables import WaitingViews
from tests.core.views.people import AUTUMN, BY_TEXT, SEALS, SPRING, THEMES, People, answers, dice, words
from tests.fakes import FakeClock
from tests.stores import Stores

IN_TERM = FakeClock(datetime(2026, 11, 23, tzinfo=UTC))
AFTER_TERM = FakeClock(datetime(2026, 12, 19, tzinfo=UTC))
EVERYONE_LEAVES = BatchRules(share_staying=0, share_of_texts_held=0)


@pytest.fixture
def people(stores: Stores) -> People:
    return People(stores)


async def still_waiting(people: People) -> int:
    async with people.stores.service.read() as session:
        return await session.scalar(select(func.count()).select_from(WaitingViews)) or 0


async def move(people: People, clock: FakeClock = IN_TERM, rules: BatchRules | None = None) -> int:
    return (await move_views(people.mover(rules), clock=clock, rng=dice())).conversations


async def test_fewer_than_a_hundred_do_not_leave_while_the_period_is_open(people: People) -> None:
    await people.all_say(people.come(99), answers())
    assert await move(people) == 0
    assert await people.held() == []


async def test_a_random_third_stays_for_the_next_batch(people: People) -> None:
    await people.all_say(people.come(120), answers())
    assert await move(people) == 80
    assert await still_waiting(people) == 40
    assert len(await people.held()) == 80


async def test_nobody_leaves_while_fewer_than_ten_are_anchored(people: People) -> None:
    await people.all_say(people.come(9), answers())
    await people.all_say(people.come(120), answers(profile=Profile("web")))
    assert await move(people, rules=EVERYONE_LEAVES) == 0


async def test_a_channel_with_few_people_is_called_other_and_so_is_one_more(people: People) -> None:
    await people.all_say(people.come(100), answers())
    await people.all_say(people.come(20), answers(profile=Profile("web")))
    await people.all_say(people.come(3), answers(profile=Profile("phone")))
    await move(people, rules=EVERYONE_LEAVES)
    channels = [view.channel for view in await people.held()]
    assert {name: channels.count(name) for name in channels} == {"other": 103, "web": 20}


async def test_few_people_at_the_close_go_without_what_tells_them_apart(people: People) -> None:
    await people.all_say(people.come(29), answers())
    assert await move(people, AFTER_TERM) == 29
    for view in await people.held():
        assert (view.channel, view.district, view.age, view.helped_by, view.place) == ("other", *[None] * 4)
        assert view.anchored


@pytest.mark.parametrize("voice", ["said-for", "family-own", "staff-own"])
async def test_what_grown_ups_said_stays_apart_among_few_people_and_they_are_no_young_people(
    people: People, voice: str
) -> None:
    await people.all_say(people.come(3), answers(profile=Profile("web", helped_by=voice)))
    await move(people, AFTER_TERM)
    assert [view.helped_by for view in await people.held()] == [voice] * 3
    assert await people.tags() == []


async def test_thirty_people_at_the_close_keep_their_profile(people: People) -> None:
    await people.all_say(people.come(30), answers())
    await move(people, AFTER_TERM)
    assert {(view.channel, view.district) for view in await people.held()} == {("sms", "redditch")}
    assert await still_waiting(people) == 0


async def test_the_next_period_stays_when_the_last_one_closes(people: People) -> None:
    everyone = people.come(30)
    await people.all_say(everyone, answers())
    await people.all_say(everyone, answers("edu-like", "good"), SPRING)
    assert await move(people, AFTER_TERM) == 30
    assert {view.period for view in await people.held()} == {AUTUMN.id}
    assert await still_waiting(people) == 30


async def test_a_person_has_another_name_in_each_measure_and_none_is_their_conversation(
    people: People,
) -> None:
    everyone = people.come(40)
    for who in everyone:
        await people.all_say([who], answers())
        await people.all_say([who], answers("edu-like", "good"))
    await move(people, AFTER_TERM)
    held = await people.held()
    assert len({view.person for view in held}) == 80
    assert not {view.person for view in held} & {*everyone, *await people.tags()}


async def test_every_person_of_a_period_is_held_once_apart_from_what_they_said(people: People) -> None:
    everyone = people.come(40)
    await people.all_say(everyone, answers())
    await people.all_say(everyone, answers("edu-like", "good"))
    await move(people, AFTER_TERM)
    assert len(await people.tags()) == 40


async def test_all_texts_take_the_same_room_whatever_their_length(people: People) -> None:
    everyone = people.come(30)
    for number, who in enumerate(everyone):
        await people.say(who, words("too loud. " * (1 + number * 20)))
    await move(people, AFTER_TERM)
    assert len({len(view.sealed_text) for view in await people.held() if view.sealed_text}) == 1


async def test_words_are_sealed_and_read_and_the_last_on_an_area_are_counted(people: People) -> None:
    everyone = people.come(40)
    await people.all_say(everyone, words("i love my friends", "edu-good"))
    await people.all_say(everyone, words("the hall is horrible and loud", "edu-better"))
    await move(people, AFTER_TERM)
    held = await people.held()
    spoken = [view for view in held if view.measure == "edu-better"]
    assert len(spoken) == 40
    assert spoken[0].sealed_text is not None
    opened = unseal(spoken[0].sealed_text, SEALS, row=f"view:{spoken[0].id}")
    assert unpad(opened).decode() == "the hall is horrible and loud"
    counted = [view for view in held if view.measure == "area:education"]
    assert len(counted) == 40
    assert {view.sentiment for view in counted} == {"bad"}
    assert "edu-sensory" in json.loads(counted[0].themes)
    assert {view.sealed_text for view in counted} == {None}


async def test_how_someone_says_it_is_meant_goes_before_how_it_is_read(people: People) -> None:
    await people.all_say(
        people.come(30), View("said", "education", answer="bad", text="great", profile=BY_TEXT)
    )
    await move(people, AFTER_TERM)
    assert {view.sentiment for view in await people.held()} == {"bad"}


async def test_words_stay_while_a_concern_is_open_and_tapped_answers_leave(people: People) -> None:
    everyone = people.come(100)
    await people.all_say(everyone, answers())
    await people.all_say(everyone, words("i like art"))
    people.unsafe = {everyone[0]}
    await move(people, rules=EVERYONE_LEAVES)
    held = await people.held()
    assert len([view for view in held if view.measure == "edu-safe"]) == 100
    assert len([view for view in held if view.measure == "said"]) == 99
    assert await still_waiting(people) == 1


async def test_words_of_a_concern_that_is_open_at_the_close_are_deleted(people: People) -> None:
    everyone = people.come(40)
    await people.all_say(everyone, words("i like art"))
    people.unsafe = {everyone[0]}
    await move(people, AFTER_TERM)
    assert len([view for view in await people.held() if view.measure == "said"]) == 39
    assert await still_waiting(people) == 0


async def test_the_words_of_a_random_few_stay_for_the_next_batch(people: People) -> None:
    await people.all_say(people.come(400), words("i like art"))
    moved = await move(people, rules=BatchRules(share_staying=0, share_of_texts_held=0.05))
    assert 360 < moved < 400
    assert await still_waiting(people) == 400 - moved


async def crash_between_the_stores(mover: Mover) -> None:
    """Do what a move does up to the commit in the views store, and no more."""
    [(period, candidates)] = (await read_waiting(mover)).items()
    batch = make_batch(choose_last_batch(candidates, mover.rules), period, seals=SEALS, themes=THEMES)
    await write_batch(mover.views, batch, rng=Random(3))


async def test_a_crash_between_the_stores_moves_nothing_twice(people: People) -> None:
    everyone = people.come(40)
    await people.all_say(everyone, answers())
    await people.all_say(everyone, words("i like art"))
    await crash_between_the_stores(people.mover())
    before = {view.id for view in await people.held()}
    await move(people, AFTER_TERM)
    assert {view.id for view in await people.held()} == before
    assert len(before) == 120
    assert await still_waiting(people) == 0


async def test_an_answer_changed_after_a_crash_wins(people: People) -> None:
    everyone = people.come(40)
    await people.all_say(everyone, answers(answer="safe"))
    await crash_between_the_stores(people.mover())
    await people.all_say(everyone[:15], answers(answer="not-safe"))
    await people.take_back(everyone[20], "edu-safe")
    await move(people, AFTER_TERM)
    given = [view.answer for view in await people.held()]
    assert {answer: given.count(answer) for answer in given} == {"safe": 24, "not-safe": 15}


async def test_what_has_moved_can_still_be_taken_back(people: People) -> None:
    everyone = people.come(40)
    await people.all_say(everyone, words("i like art"))
    await move(people, AFTER_TERM)
    await people.take_back(everyone[0], "said")
    await move(people, AFTER_TERM)
    assert len(await people.held()) == 78
    assert await still_waiting(people) == 0


async def test_what_is_said_while_a_move_runs_waits_for_the_next(people: People) -> None:
    everyone = people.come(40)
    await people.all_say(everyone, answers(answer="safe"))
    mover = people.mover()
    [(period, candidates)] = (await read_waiting(mover)).items()
    leaving = choose_last_batch(candidates, mover.rules)
    await people.say(everyone[0], answers(answer="not-safe"))
    await write_batch(mover.views, make_batch(leaving, period, seals=SEALS, themes=THEMES), rng=dice())
    await take_away(mover, leaving)
    assert await still_waiting(people) == 1
    await move(people, AFTER_TERM)
    assert [view.answer for view in await people.held()].count("not-safe") == 1


async def test_a_conversation_without_its_key_is_left_alone(people: People) -> None:
    everyone = people.come(40)
    await people.all_say(everyone, answers())
    del people.keys[everyone[0]]
    assert await move(people, AFTER_TERM) == 39


async def test_someone_proven_later_is_anchored_in_all_they_said(people: People) -> None:
    everyone = people.come(110)
    await people.all_say(everyone[:100], answers())
    await people.all_say(everyone[100:], answers(profile=Profile("sms")))
    await move(people, rules=EVERYONE_LEAVES)
    await people.all_say(everyone, answers("edu-like", "good"))
    await move(people, rules=EVERYONE_LEAVES)
    assert all(view.anchored for view in await people.held())


async def test_the_store_of_views_keeps_no_order_and_no_time(sqlite_stores: Stores) -> None:
    async with sqlite_stores.views.read() as session:
        made = await session.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'views'"))
    assert "WITHOUT ROWID" in str(made)
    assert "_at" not in str(made)


def test_a_batch_of_under_thirty_can_not_be_configured() -> None:
    with pytest.raises(ValueError, match="never smaller than 30"):
        BatchRules(least=29)


async def may_be_quoted(people: People) -> dict[str, bool]:
    return {view.measure: view.may_quote for view in await people.held() if view.sealed_text is not None}


async def test_words_that_may_be_used_carry_that_with_them_and_answers_do_not(people: People) -> None:
    await people.all_say(people.come(100), answers())
    [who] = people.come(1)
    await people.say(who, words("the hall is loud"))
    await people.say(who, answers(measure="edu-like", answer="good"))
    await people.let_words_be_used(who)
    await move(people, rules=EVERYONE_LEAVES)
    assert [view.measure for view in await people.held() if view.may_quote] == ["said"]


async def test_words_of_another_period_are_not_meant(people: People) -> None:
    [who] = people.come(1)
    await people.say(who, words("i like art", measure="edu-good"))
    await people.say(who, words("the hall is loud", measure="edu-better"), SPRING)
    await people.let_words_be_used(who, period=SPRING)
    await move(people, AFTER_TERM)
    assert await may_be_quoted(people) == {"edu-good": False}
    await move(people, FakeClock(datetime(2027, 4, 1, tzinfo=UTC)))
    assert await may_be_quoted(people) == {"edu-good": False, "edu-better": True}


async def test_a_permission_and_its_end_reach_words_that_have_moved(people: People) -> None:
    [who] = people.come(1)
    await people.say(who, words("the hall is loud"))
    await people.all_say(people.come(100), words("i like art"))
    await move(people, rules=EVERYONE_LEAVES)
    assert not any((await may_be_quoted(people)).values())
    for may, last in ((True, 1), (False, 0)):
        await people.let_words_be_used(who, may_quote=may)
        await people.all_say(people.come(100), answers())
        await move(people, rules=EVERYONE_LEAVES)
        assert sum(view.may_quote for view in await people.held()) == last


async def test_permissions_do_not_hide_the_views_of_a_few(people: People) -> None:
    everyone = people.come(100)
    await people.all_say(everyone, words("i like art"))
    await move(people, rules=EVERYONE_LEAVES)
    for who in everyone:
        await people.let_words_be_used(who)
    await people.all_say(people.come(12), answers())
    assert await move(people, rules=EVERYONE_LEAVES) == 0
    assert await still_waiting(people) == 112


async def test_words_that_somebody_else_said_for_them_are_never_used(people: People) -> None:
    [who] = people.come(1)
    await people.say(who, words("the hall is loud", profile=Profile("web", helped_by=SAID_FOR)))
    await people.let_words_be_used(who)
    await move(people, AFTER_TERM)
    assert not any((await may_be_quoted(people)).values())


async def test_who_said_nothing_in_a_period_has_nothing_to_permit(people: People) -> None:
    [who] = people.come(1)
    await people.let_words_be_used(who)
    assert await still_waiting(people) == 0
