"""Sign-in with the council's own accounts: what their provider must prove, and each way that it can fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from core.errors import Refusal
from core.staff.roles import Role


class WorkSignInAway(Refusal):
    """The provider does not answer, or answers what nobody can read."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    words = (
        "The sign-in for work accounts does not answer now. Please try again soon. "
        "Do you have a password for this service? Then you can use it below."
    )


class WorkSignInRefused(Refusal):
    """The provider said no: the person turned back there, or may not use this service."""

    status = HTTPStatus.UNAUTHORIZED
    words = "Your work account did not let you in here. Please try again, or ask your IT team."


class WorkSignInLost(Refusal):
    """The answer belongs to no sign-in that this browser began in the last minutes."""

    status = HTTPStatus.BAD_REQUEST
    words = "That sign-in took too long, or began in another window. Please begin again."


class WorkSignInNotProven(Refusal):
    """What the provider sent does not prove who the person is."""

    status = HTTPStatus.UNAUTHORIZED
    words = "We could not check what your work account sent. Please tell an administrator."


class WorkAccountHasNoJob(Refusal):
    """The roles claim names no role of ours."""

    status = HTTPStatus.FORBIDDEN
    words = "Your work account has no job here. Please ask the person who gives out jobs for this service."


class WorkAccountHasTwoJobs(Refusal):
    """The roles claim names more than one role of ours; an account has one."""

    status = HTTPStatus.FORBIDDEN
    words = "Your work account has more than one job here. It may have one. Please ask for the others to be taken away."


class WorkAccountEnded(Refusal):
    """An administrator has ended this person's account here."""

    status = HTTPStatus.FORBIDDEN
    words = "Your account here has ended. Please ask an administrator."


class WorkEmailTaken(Refusal):
    """Another account has this e-mail; an e-mail is no proof, so it is not given over."""

    status = HTTPStatus.CONFLICT
    words = "There is another account here with your e-mail. Please ask an administrator."


class WorkAccountHasNoEmail(Refusal):
    """Neither `email` nor `preferred_username` is an address to which alerts could go."""

    status = HTTPStatus.FORBIDDEN
    words = "Your work account has no e-mail that we can read. Please ask your IT team."


class BadRoles(ValueError):
    """OIDC_ROLES can't be read; the words say what it should be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was drawn for one sign-in and must come back: `nonce` in the proof, `verifier` at the exchange (PKCE)."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class WorkAccount:
    """Who the provider has proved somebody to be; `subject` is theirs for ever at this issuer."""

    issuer: str
    subject: str
    email: str
    name: str
    roles: frozenset[str]


class WorkSignIn(Protocol):
    """The provider of the council's accounts (OpenID Connect)."""

    async def way_in(self, asked: Asked) -> str:
        """Give the address at which the person proves who they are; WorkSignInAway."""
        ...

    async def prove(self, code: str, asked: Asked) -> WorkAccount:
        """Exchange the code that came back for who it is.

        WorkSignInAway, WorkSignInRefused, or WorkSignInNotProven.
        """
        ...


class WayOut(Protocol):
    """Where a person ends their sign-in at the provider too."""

    async def __call__(self) -> str:
        """Give the address, or nothing where the provider has none; WorkSignInAway."""
        ...


@dataclass(frozen=True, slots=True)
class WorkDoor:
    """Everything about sign-in with work accounts; `roles` says which role a value of the claim stands for."""

    provider: WorkSignIn
    way_out: WayOut
    roles: Mapping[str, Role]


def read_roles(written: str) -> dict[str, Role]:
    """Read `claim=role[,claim=role...]`; BadRoles names the entry that is wrong."""
    roles: dict[str, Role] = {}
    for entry in (each.strip() for each in written.split(",") if each.strip()):
        claim, _, role = (part.strip() for part in entry.partition("="))
        if not claim or role not in set(Role):
            raise BadRoles(f"OIDC_ROLES: {entry!r} is not VALUE=ROLE. Roles are: {', '.join(Role)}.")
        if claim in roles:
            raise BadRoles(f"OIDC_ROLES: {claim!r} stands there twice.")
        roles[claim] = Role(role)
    if not roles:
        raise BadRoles(
            "OIDC_ROLES is empty, so no work account has a job here. Write VALUE=ROLE, with commas."
        )
    return roles


def one_job(account: WorkAccount, roles: Mapping[str, Role]) -> Role:
    """Give the one role of ours that the claim names; WorkAccountHasNoJob, WorkAccountHasTwoJobs."""
    named = {roles[claim] for claim in account.roles if claim in roles}
    if not named:
        raise WorkAccountHasNoJob
    if len(named) > 1:
        raise WorkAccountHasTwoJobs
    return named.pop()
