"""What was answered to what one person said: found with their delete code, read only, and without any words of theirs.

An answer hangs on a published response (data/responses.yml) by its questions and themes, never on a person: nothing is
written in either store, and nothing here tells a wrong code from a right one to whose views no answer fits.
"""

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Store
from core.views.delete_codes import open_code
from core.views.responses import Responses, SaidBefore
from core.views.tables import DeleteCode, HeldView
from core.views.waiting import Tag


async def find_answers(
    views: Store, responses: Responses, *, names: Sequence[str], code_key: bytes, today: date
) -> tuple[str, ...]:
    """Give the ids of the responses that answer what was said under a delete code, in its term; at most 3."""
    async with views.read() as session:
        for name in names:
            code = await session.get(DeleteCode, name)
            tag = None if code is None else open_code(code, code_key)
            if code is not None and tag is not None:
                said = await _said_by(session, tag, code.period)
                told = responses.answering(said, term=code.period, today=today)
                return tuple(each.id for each in told)
    return ()


async def _said_by(session: AsyncSession, tag: Tag, period: str) -> Sequence[SaidBefore]:
    of_term = select(HeldView.measure).where(HeldView.period == period).distinct()
    persons = [tag.person(measure) for measure in await session.scalars(of_term)]
    columns = HeldView.measure, HeldView.answer, HeldView.themes, HeldView.district
    held = select(*columns).where(HeldView.period == period, HeldView.person.in_(persons))
    return [
        SaidBefore(measure, answer, frozenset(json.loads(themes)), district)
        for measure, answer, themes, district in await session.execute(held)
    ]
