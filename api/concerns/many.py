"""Close many concerns at once, and look at some of those again."""

from collections.abc import Mapping
from http import HTTPStatus
from random import SystemRandom
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.concerns.pages import show_list
from api.concerns.places import Desk, Lead, back_to, note_deed
from api.concerns.words import need_key_of
from api.office import Office
from api.pages import Problem
from core.ids import ConcernId
from core.safeguarding.clearance import require_clearance
from core.safeguarding.closing_many import agree_to_closing, close_many, reopen_all
from core.safeguarding.listing import read_concern
from core.safeguarding.refusals import NoReason, NothingPicked
from core.staff.audit import Deed

router = APIRouter()


@router.post("/staff/close-concerns")
async def receive_close_many(
    http_request: Request,
    office: Desk,
    who: Lead,
    picked: Annotated[list[str] | None, Form()] = None,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Close those that were picked, all or none, with one reason."""
    seen = _read_picked(picked or [])
    try:
        async with office.store.write() as session:
            keys = {each: await _key(session, office, each) for each in seen}
            now, random = office.clock(), SystemRandom()
            await close_many(session, seen, staff=who.staff, reason=reason, keys=keys, random=random, now=now)
            for each in seen:
                await note_deed(session, office, who, Deed.CLOSED_MANY_CONCERNS, each)
    except (NothingPicked, NoReason) as refused:
        field = "picked" if isinstance(refused, NothingPicked) else "reason"
        return await show_list(http_request, office, problem=Problem(field, refused.said), reason=reason)
    return RedirectResponse("/staff/concerns", HTTPStatus.SEE_OTHER)


@router.post("/staff/concerns/{concern}/second-look")
async def receive_second_look(
    office: Desk, who: Lead, concern: str, said: Annotated[str, Form()] = ""
) -> Response:
    """Keep what another person found: closed rightly, or all of them open again."""
    is_right = said == "right"
    async with office.store.write() as session:
        its_id = ConcernId(concern)
        await require_clearance(session, its_id, who.staff)
        if is_right:
            await agree_to_closing(session, its_id, staff=who.staff)
        else:
            await reopen_all(session, office.area, its_id, staff=who.staff, now=office.clock())
        did = Deed.AGREED_TO_CLOSING if is_right else Deed.REOPENED_CONCERNS
        await note_deed(session, office, who, did, concern)
    return back_to(concern)


async def _key(session: AsyncSession, office: Office, concern: ConcernId) -> bytes:
    listed, _ = await read_concern(session, concern)
    return await need_key_of(session, office.keys, listed.conversation)


def _read_picked(picked: list[str]) -> Mapping[ConcernId, int]:
    """Read "id:messages seen" as the list's boxes send it; what is not so is nothing that was picked."""
    pairs = (each.partition(":") for each in picked)
    return {ConcernId(concern): int(seen) for concern, _, seen in pairs if seen.isdecimal()}
