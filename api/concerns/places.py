"""What every page about concerns needs: its door, its desk, the way back, and the record of what was done."""

from http import HTTPStatus
from typing import Annotated

from fastapi import Depends
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.doors import staff_door
from api.office import Office, office_of
from core.staff.audit import Deed, record_deed
from core.staff.roles import Role
from core.staff.sign_in import SignedIn

Desk = Annotated[Office, Depends(office_of)]
Lead = Annotated[SignedIn, Depends(staff_door(Role.SAFEGUARDING_LEAD))]


async def note_deed(session: AsyncSession, office: Office, who: SignedIn, did: Deed, about: str) -> None:
    """Record what this person did; last in the transaction, as `record_deed` says."""
    await record_deed(session, office.keys, who=who.staff, did=did, about=about, now=office.clock())


def back_to(concern: str) -> Response:
    """Lead back to the concern's page."""
    return RedirectResponse(f"/staff/concerns/{concern}", HTTPStatus.SEE_OTHER)
