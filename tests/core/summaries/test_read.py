"""What may be asked of a release, and what is answered."""

import pytest

from core.summaries.numbers import Hidden
from core.summaries.query import UnknownBreakdown, UnknownMeasure, UnknownParameter, read_query
from core.summaries.read import NoSuchRelease, list_releases, read_summary
from tests.core.summaries.worlds import C, Views, shown
from tests.stores import Stores


@pytest.fixture
async def views(sqlite_stores: Stores) -> Views:
    views = Views(sqlite_stores.views)
    for answer in ("safe", "sometimes-safe", "not-safe", "dont-know"):
        for district in ("redditch", "worcester", "bromsgrove", "malvern-hills"):
            await views.hold(15, "edu-safe", answer, district=district)
    await views.hold(3, "edu-safe", "safe", district="wychavon")
    await views.publish()
    return views


async def test_a_filter_gives_the_rows_of_one_category(views: Views) -> None:
    assert shown(await views.rows("edu-safe", by="answer", district="redditch"))["safe",] == 15


async def test_a_small_and_an_unknown_category_give_the_same_answer(views: Views) -> None:
    small = await views.rows("edu-safe", by="answer", district="wychavon")
    assert small == await views.rows("edu-safe", by="answer", district="atlantis")
    assert set(small.values()) == {C}


async def test_the_order_of_parameters_and_columns_changes_nothing(views: Views) -> None:
    one = read_query([("measure", "edu-safe"), ("by", "district,answer"), ("age", "13-15")])
    other = read_query([("age", "13-15"), ("by", "answer,district"), ("measure", "edu-safe")])
    assert one == other
    assert await read_summary(views.store, one) == await read_summary(views.store, other)


async def test_a_release_is_found_by_its_name_or_its_period_and_else_the_newest(views: Views) -> None:
    [release] = await list_releases(views.store)
    for name in (release.id, release.period, ""):
        query = read_query([("measure", "edu-safe"), ("release", name)])
        assert (await read_summary(views.store, query)).release == release.id


async def test_the_open_period_has_no_release_to_ask(views: Views) -> None:
    with pytest.raises(NoSuchRelease):
        await views.rows("edu-safe", release="2026-autumn")


async def test_an_unknown_measure_is_refused(views: Views) -> None:
    for measure in ("edu-nothing", "area:education", "edu-good"):
        with pytest.raises(UnknownMeasure):
            await views.rows(measure)


async def test_another_area_or_question_leaves_nothing(views: Views) -> None:
    for more in ({"area": "health"}, {"area": "moon"}, {"question": "edu-like"}):
        assert set((await views.rows("edu-safe", by="answer", **more)).values()) == {C}
    assert shown(await views.rows("edu-safe", area="education", question="edu-safe"))


async def test_an_unknown_area_looks_like_one_that_is_too_small(views: Views) -> None:
    assert list((await views.rows("area", area="moon")).values()) == [C]
    assert list((await views.rows("area", area="health")).values()) == [C]


async def test_people_whom_nothing_anchors_can_not_be_broken_down(views: Views) -> None:
    with pytest.raises(UnknownBreakdown):
        await views.rows("unanchored", by="answer")
    [number] = (await views.rows("unanchored", district="redditch")).values()
    assert isinstance(number, Hidden)


@pytest.mark.parametrize("by", ["channel,helped_by", "answer,answer", "place", "theme", "answer,age,channel"])
def test_only_the_listed_tables_can_be_asked_for(by: str) -> None:
    with pytest.raises(UnknownBreakdown):
        read_query([("measure", "edu-safe"), ("by", by)])


def test_a_filter_counts_as_a_column_of_the_table() -> None:
    read_query([("measure", "edu-safe"), ("by", "answer"), ("district", "redditch"), ("age", "18")])
    with pytest.raises(UnknownBreakdown):
        read_query([("measure", "edu-safe"), ("by", "channel"), ("district", "redditch")])


@pytest.mark.parametrize(
    "parameters",
    [
        [("measure", "edu-safe"), ("tag", "1")],
        [("measure", "edu-safe"), ("measure", "edu-like")],
        [("measure", "edu-safe"), ("district", "x" * 65)],
    ],
)
def test_anything_else_is_refused(parameters: list[tuple[str, str]]) -> None:
    with pytest.raises(UnknownParameter):
        read_query(parameters)


def test_a_question_may_be_asked_for_as_a_filter() -> None:
    assert read_query([("question", "edu-safe")]).measure == "edu-safe"
    with pytest.raises(UnknownMeasure):
        read_query([("by", "answer")])
