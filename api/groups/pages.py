"""Group sessions, for key workers: those to come, and a new one with its code, which is shown once."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncSession

from api.doors import staff_door
from api.groups.choices import picked, places_of, towns_of
from api.office import Office, office_of
from api.pages import Problem, render
from core.group_sessions.group import LONGEST, Group, NotAGroup, TypedGroup, read_group
from core.group_sessions.sessions import (
    end_group_session,
    give_new_code,
    list_group_sessions,
    make_group_session,
    say_group_code,
)
from core.staff.audit import Deed, record_deed
from core.staff.roles import Role
from core.staff.sign_in import SignedIn
from core.views.question_bank import Bank

Desk = Annotated[Office, Depends(office_of)]
Worker = Annotated[SignedIn, Depends(staff_door(Role.KEY_WORKER))]
PAGE: Final = "/staff/groups"


class GroupForm(BaseModel):
    """A group session as it was typed and picked."""

    setting: str = ""
    leader: str = ""
    leader_phone: str = Field("", alias="leader-phone")
    lead: str = ""
    lead_phone: str = Field("", alias="lead-phone")
    day: str = ""
    from_: str = Field("", alias="from")
    to: str = ""
    place: str = ""
    town: str = ""


@dataclass(frozen=True, slots=True)
class GroupDesk:
    """What the page needs beside the office: the questions that a helper answers for all, and the chat's address."""

    bank: Bank
    public_url: str

    def read(self, office: Office, form: GroupForm) -> Group | Problem:
        """Read the form, or say what to put right first."""
        place, town = picked(places_of(self.bank), form.place), picked(towns_of(self.bank), form.town)
        typed = TypedGroup(**form.model_dump(exclude={"place", "town"}))
        told = {**(place or {}), **(town or {})}
        try:
            group = read_group(typed, told=told, zone=office.zone, now=office.clock())
        except NotAGroup as refused:
            return Problem(refused.field, refused.said)
        for field, said in (("place", place), ("town", town)):
            if said is None:
                return Problem(field, office.words.say("staff_groups_not_picked"))
        return group

    async def show(
        self, http_request: Request, office: Office, form: GroupForm, problem: Problem | None = None
    ) -> Response:
        """Show the sessions to come and the form, with what was typed and what is wrong in it."""
        now = office.clock()
        async with office.store.read() as session:
            listed = await list_group_sessions(session, office.keys, now)
        return render(
            http_request,
            "groups/templates/groups.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
            listed=listed,
            places=places_of(self.bank),
            towns=towns_of(self.bank),
            typed=form,
            today=now.astimezone(office.zone).date().isoformat(),
            longest=LONGEST,
            problem=problem,
        )

    def show_code(self, http_request: Request, code: str) -> Response:
        """Show a code, this once, as it may stand on a screen."""
        address = self.public_url.partition("://")[2].rstrip("/") + "/group"
        template = "groups/templates/code.html"
        return render(http_request, template, code=say_group_code(code), address=address)


def groups_router(bank: Bank, public_url: str) -> APIRouter:
    """Make the pages; only key workers may come in, and none of them tells who came to a session."""
    router, desk = APIRouter(), GroupDesk(bank, public_url)

    @router.get(PAGE, dependencies=[Depends(staff_door(Role.KEY_WORKER))])
    async def show_groups(http_request: Request, office: Desk) -> Response:
        """Show the sessions to come."""
        return await desk.show(http_request, office, GroupForm())

    @router.post(PAGE)
    async def receive_group(
        http_request: Request, office: Desk, who: Worker, form: Annotated[GroupForm, Form()]
    ) -> Response:
        """Make a session; what is wrong in it is said beside the field, and what was typed stays."""
        group = desk.read(office, form)
        if isinstance(group, Problem):
            return await desk.show(http_request, office, form, group)
        async with office.store.write() as session:
            its_id, code = await make_group_session(session, office.keys, group)
            await _note(session, office, who, Deed.MADE_GROUP_SESSION, its_id)
        return desk.show_code(http_request, code)

    _add_changes(router, desk)
    return router


def _add_changes(router: APIRouter, desk: GroupDesk) -> None:
    @router.post(PAGE + "/{group_session}/code")
    async def receive_new_code(
        http_request: Request, office: Desk, who: Worker, group_session: str
    ) -> Response:
        """Give a session another code; the one before works no more."""
        async with office.store.write() as session:
            code = await give_new_code(session, office.keys, group_session)
            await _note(session, office, who, Deed.GAVE_NEW_GROUP_CODE, group_session)
        return desk.show_code(http_request, code)

    @router.post(PAGE + "/{group_session}/end")
    async def receive_end(office: Desk, who: Worker, group_session: str) -> Response:
        """Let nobody more come in with its code."""
        async with office.store.write() as session:
            await end_group_session(session, group_session)
            await _note(session, office, who, Deed.ENDED_GROUP_SESSION, group_session)
        return RedirectResponse(PAGE, HTTPStatus.SEE_OTHER)


async def _note(session: AsyncSession, office: Office, who: SignedIn, did: Deed, group_session: str) -> None:
    """Record what this person did; last in the transaction, as `record_deed` says."""
    await record_deed(session, office.keys, who=who.staff, did=did, about=group_session, now=office.clock())
