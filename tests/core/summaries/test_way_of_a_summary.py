"""From what young people say to what the strategy team reads, on both databases."""

from datetime import UTC, datetime
from random import Random

from core.ids import ConversationId
from core.summaries.numbers import NOT_BROKEN_DOWN, Number, Shown
from core.summaries.publish import ReleaseRules, publish_summary
from core.summaries.query import read_query
from core.summaries.read import read_summary
from core.views.move import move_views
from core.views.record import Profile, View, forget_tags
from tests.core.summaries.worlds import PLAN, C
from tests.core.views.people import AUTUMN, SPRING, People, dice
from tests.fakes import FakeClock
from tests.stores import Stores

ANSWERS = (("safe", 60), ("sometimes-safe", 30), ("not-safe", 20), ("dont-know", 12))


async def say_how_safe_school_is(people: People) -> list[ConversationId]:
    everyone: list[ConversationId] = []
    for answer, number in ANSWERS:
        came = people.come(number)
        for place, who in enumerate(came):
            district = ("redditch", "worcester")[place % 2]
            profile = Profile("sms", district=district, age="13-15", anchored=True)
            await people.all_say([who], View("edu-safe", "education", answer=answer, profile=profile))
        everyone += came
    return everyone


async def test_what_young_people_say_is_read_protected_and_apart_from_them(stores: Stores) -> None:
    people, clock = People(stores), FakeClock(datetime(2027, 1, 10, tzinfo=UTC))
    everyone = await say_how_safe_school_is(people)
    await people.all_say(
        everyone[:4], View("edu-safe", "education", answer="not-safe", profile=Profile("web"))
    )
    await move_views(people.mover(), clock=clock, rng=dice())
    await publish_summary(
        stores.views,
        clock,
        (AUTUMN, SPRING),
        period=AUTUMN.id,
        plan=PLAN,
        rng=Random(1),
        rules=ReleaseRules(),
    )
    async with stores.service.write() as session:
        await forget_tags(session, AUTUMN.id)

    async def read(**parameters: str) -> dict[tuple[str, ...], Number]:
        summary = await read_summary(stores.views, read_query({"measure": "edu-safe", **parameters}.items()))
        return {tuple(row.categories.values()): row.number for row in summary.rows}

    assert await read() == {(): Shown(118)}
    assert await read(by="answer") == {
        ("safe",): Shown(56),
        ("sometimes-safe",): Shown(30),
        ("not-safe",): Shown(20),
        ("dont-know",): Shown(12),
    }
    by_district = await read(by="answer,district")
    assert by_district["safe", "worcester"] == Shown(28)
    assert by_district["safe", "redditch"] == C  # comes after Bromsgrove, where nobody was, and hides it
    assert by_district["safe", NOT_BROKEN_DOWN] == Shown(28)
