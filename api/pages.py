"""Show a page to a member of staff: its template, its words, and the ways to the other pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.office import office_of
from api.times import how_long, say_day, say_moment
from core.staff.roles import Role
from core.staff.sign_in import SecondStep, SignedIn

HERE = Path(__file__).parent
TEMPLATES = Environment(
    loader=FileSystemLoader([HERE / "templates", HERE]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)

QUEUE = ("/staff/queue", "staff_queue_title")
GROUPS = ("/staff/groups", "staff_groups_title")
CONCERNS = ("/staff/concerns", "staff_concerns_title")
REVIEW = ("/staff/review", "staff_review_title")
ROTA = ("/staff/rota", "staff_rota_title")
INSIGHT = ("/staff/insight", "staff_insight_title")
LOCAL_OFFER = ("/staff/local-offer", "staff_local_offer_title")
COMPLAINTS = ("/staff/complaints", "staff_complaints_title")
ACCOUNTS = ("/staff/accounts", "staff_accounts_title")

WAYS: Mapping[Role, Sequence[tuple[str, str]]] = {
    Role.KEY_WORKER: (QUEUE, GROUPS),
    Role.SAFEGUARDING_LEAD: (CONCERNS, REVIEW, ROTA),
    Role.MODERATOR: (),
    Role.STRATEGY: (INSIGHT,),
    Role.CONTENT_EDITOR: (LOCAL_OFFER,),
    Role.ADMINISTRATOR: (ACCOUNTS, ROTA),
    Role.AUDITOR: (),
    Role.COMPLAINTS_OFFICER: (COMPLAINTS,),
}
"""For each role the pages it may open, each with the name of its title in the catalogue."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What to put right, and the field it is in."""

    field: str
    words: str


def render(
    http_request: Request, template: str, *, status: HTTPStatus = HTTPStatus.OK, **values: Any
) -> HTMLResponse:
    """Fill a template (under api/templates, or `JOB/templates/NAME` of a job's folder) and answer with it.

    Every template has: `say(name, **values)` for words of the catalogue, `who` (SignedIn or None), `ways`
    (address and title's name of each page the person may open), `here` (this page's address), and the functions
    `moment`, `day` and `waited`.
    """
    who: SignedIn | None = getattr(http_request.state, "signed_in", None)
    office = office_of(http_request)
    now = office.clock()
    page = TEMPLATES.get_template(template).render(
        say=office.words.say,
        who=who,
        ways=WAYS[who.role] if who and who.second_step is SecondStep.NOTHING else (),
        here=http_request.url.path,
        moment=lambda at: say_moment(at, office.zone),
        day=say_day,
        waited=lambda since: how_long(since, now),
        **values,
    )
    return HTMLResponse(page, status_code=status)
