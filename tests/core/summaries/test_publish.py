"""The way of a summary."""

from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import pytest
from sqlalchemy import select

from core.summaries.audit import Attacked, Finding
from core.summaries.count import Anchoring
from core.summaries.numbers import NOT_BROKEN_DOWN, Shown
from core.summaries.publish import (
    AlreadyPublished,
    NoSuchPeriod,
    PeriodStillOpen,
    ReleaseRules,
    ReleaseUnsafe,
    draw_noise,
)
from core.summaries.tables import FrozenLeaf, Release
from tests.core.summaries.worlds import NEARLY_ALL, PLAN, C, Views, shown
from tests.stores import Stores


@pytest.fixture
def views(stores: Stores) -> Views:
    return Views(stores.views)


async def hold_three_answers(views: Views) -> None:
    for answer, people in (("safe", 40), ("sometimes-safe", 30), ("not-safe", 20), ("dont-know", 10)):
        await views.hold(people, "edu-safe", answer)


async def test_people_are_counted_by_answer(views: Views) -> None:
    await hold_three_answers(views)
    await views.publish()
    assert shown(await views.rows("edu-safe", by="answer")) == {
        ("safe",): 40,
        ("sometimes-safe",): 30,
        ("not-safe",): 20,
        ("dont-know",): 10,
    }
    assert await views.rows("edu-safe") == {(): Shown(100)}


async def test_a_small_group_is_never_left_alone_beside_a_large_one(views: Views) -> None:
    await views.hold(40, "health-seen", "yes")
    await views.hold(30, "health-seen", "dont-know")
    await views.hold(4, "health-seen", "no")
    await views.publish()
    assert await views.rows("health-seen", by="answer") == {
        ("yes",): Shown(40),
        ("no",): C,
        ("dont-know",): C,
        (NOT_BROKEN_DOWN,): Shown(34),
    }


async def test_people_whom_nothing_anchors_are_in_no_count_but_their_own(views: Views) -> None:
    await hold_three_answers(views)
    await views.hold(500, "edu-safe", "not-safe", anchored=False)
    await views.publish()
    assert shown(await views.rows("edu-safe", by="answer"))["not-safe",] == 20
    [number] = (await views.rows("unanchored")).values()
    assert isinstance(number, Shown)
    assert 470 < number.people < 530


async def test_a_council_may_count_everyone_and_the_release_says_so(views: Views) -> None:
    await hold_three_answers(views)
    await views.hold(500, "edu-safe", "not-safe", anchored=False)
    await views.publish(rules=ReleaseRules(anchoring=Anchoring.OPEN, nearly_all_above=0.99))
    assert shown(await views.rows("edu-safe", by="answer"))["not-safe",] == 520
    async with views.store.read() as session:
        assert await session.scalar(select(Release.anchoring)) == "open"


async def test_what_somebody_else_said_for_them_is_not_counted(views: Views) -> None:
    await hold_three_answers(views)
    await views.hold(50, "edu-safe", "safe", helped_by="said-for")
    await views.publish()
    assert shown(await views.rows("edu-safe", by="answer"))["safe",] == 40


@pytest.mark.parametrize(
    ("voice", "measure"), [("family-own", "fam-support"), ("staff-own", "staff-support")]
)
async def test_what_grown_ups_say_themselves_is_counted_in_questions_of_their_own_and_nowhere_else(
    views: Views, voice: str, measure: str
) -> None:
    await hold_three_answers(views)
    for answer, people in (("enough", 30), ("some", 25), ("none", 20), ("dont-know", 10)):
        await views.hold(people, measure, answer, helped_by=voice)
    await views.hold(50, "edu-safe", "safe", helped_by=voice)
    for meant in ("good", "mixed", "bad", "unclear"):
        await views.hold_words(20, "education", meant, "edu-friends", helped_by=voice)
    await views.hold(40, measure, "enough", helped_by=None)
    await views.hold(40, measure, "enough", helped_by="family")
    await views.hold(40, measure, "enough", helped_by="said-for")
    await views.publish()
    assert shown(await views.rows("edu-safe", by="answer"))["safe",] == 40
    assert shown(await views.rows(measure, by="answer")) == {
        ("enough",): 30,
        ("some",): 25,
        ("none",): 20,
        ("dont-know",): 10,
    }
    assert shown(await views.rows("area")) == {}
    assert shown(await views.rows("theme")) == {}


async def test_an_area_is_counted_by_how_words_were_meant_and_a_theme_within_it(views: Views) -> None:
    for meant in ("good", "mixed", "bad", "unclear"):
        await views.hold_words(20, "education", meant, "edu-friends", "com-safe")
        await views.hold_words(15, "education", meant)
    await views.publish()
    area = shown(await views.rows("area", by="answer"))
    assert area["education", "bad"] == 35
    theme = shown(await views.rows("theme", by="answer"))
    assert theme["edu-friends", "bad"] == 20
    assert not any(name == "com-safe" for name, _ in theme)


async def test_a_theme_that_nearly_all_of_an_area_spoke_of_is_not_counted_apart(views: Views) -> None:
    for meant in ("good", "mixed", "bad", "unclear"):
        await views.hold_words(20, "education", meant, "edu-friends")
        await views.hold_words(2, "education", meant)
    await views.publish()
    assert shown(await views.rows("theme")) == {}


async def test_what_nearly_all_said_is_said_without_a_number(views: Views) -> None:
    await views.hold(400, "edu-safe", "safe")
    for answer in ("sometimes-safe", "not-safe", "dont-know"):
        await views.hold(11, "edu-safe", answer)
    await views.publish()
    rows = await views.rows("edu-safe", by="answer")
    assert rows["safe",] == NEARLY_ALL
    assert await views.rows("edu-safe") == {(): C}
    async with views.store.read() as session:
        leaves = await session.scalars(select(FrozenLeaf.answer).where(FrozenLeaf.measure == "edu-safe"))
        assert "safe" not in set(leaves)


async def test_an_age_or_district_in_no_list_counts_as_not_told(views: Views) -> None:
    await hold_three_answers(views)
    await views.hold(20, "edu-safe", "safe", district="atlantis", age="99", channel="pigeon")
    await views.publish()
    assert shown(await views.rows("edu-safe", by="answer"))["safe",] == 60


async def test_people_under_13_are_in_no_category_of_getting_ready_to_be_an_adult() -> None:
    measure = PLAN.find("adult-home")
    assert measure is not None
    ages = next(split for split in PLAN.splits_of(measure) if split.dimension == "age").categories
    assert "11-12" not in ages
    assert "13-15" in ages


async def test_a_period_is_not_published_before_a_week_has_passed(views: Views) -> None:
    views.clock.at = datetime(2026, 4, 19, 23, 0, tzinfo=UTC)
    with pytest.raises(PeriodStillOpen):
        await views.publish()
    views.clock.at = datetime(2026, 4, 20, 0, 0, tzinfo=UTC)
    await views.publish()


async def test_a_period_is_published_once(views: Views) -> None:
    await views.publish()
    with pytest.raises(AlreadyPublished):
        await views.publish()


async def test_a_period_that_the_area_file_does_not_name_is_refused(views: Views) -> None:
    with pytest.raises(NoSuchPeriod):
        await views.publish("1999-spring")


async def test_views_of_another_period_are_not_counted(views: Views) -> None:
    await hold_three_answers(views)
    await views.hold(50, "edu-safe", "safe", period="2026-autumn")
    await views.publish()
    assert shown(await views.rows("edu-safe", by="answer"))["safe",] == 40


async def test_nothing_is_frozen_when_the_audit_finds_something(views: Views) -> None:
    await hold_three_answers(views)

    def find_something(measures: Sequence[Attacked], *, k: int) -> Sequence[Finding]:
        return [Finding(measures[0].measure, f"a number under {k}")]

    with pytest.raises(ReleaseUnsafe):
        await views.publish(rules=ReleaseRules(audit=find_something))
    async with views.store.read() as session:
        assert (await session.scalars(select(Release))).all() == []


async def test_every_frozen_leaf_has_at_least_ten_people(views: Views) -> None:
    rng = Random(4)
    for _ in range(60):
        await views.hold(
            rng.randrange(1, 14),
            "edu-safe",
            rng.choice(["safe", "sometimes-safe", "not-safe", "dont-know"]),
            district=rng.choice(["redditch", "worcester", None]),
            age=rng.choice(["13-15", "16-17", None]),
        )
    await views.publish()
    async with views.store.read() as session:
        assert min(await session.scalars(select(FrozenLeaf.people))) >= 10


def test_noise_is_whole_and_lies_around_nothing() -> None:
    rng = Random(2)
    drawn = [draw_noise(rng, 5.0) for _ in range(4000)]
    assert abs(sum(drawn) / len(drawn)) < 0.6
    assert len(set(drawn)) > 10
