"""Put sign-in with the council's own accounts together, where its provider is set."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from api.sign_in.pages import SIGN_IN
from api.sign_in.work_account import BACK
from core.clock import Clock
from core.settings import Settings
from core.staff.work_account import WorkDoor, read_roles
from gateways.oidc import OidcClient, OidcSignIn

ON_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
ANY_TENANT = frozenset({"common", "organizations", "consumers"})


class BadWorkSignIn(ValueError):
    """The settings of sign-in with work accounts do not fit; the words say which and why."""


@dataclass(frozen=True, slots=True)
class Needed:
    """The settings that stand or fall together."""

    name: str
    said: str


def open_work_door(settings: Settings, clock: Clock) -> WorkDoor | None:
    """Give the door for work accounts, none where nothing is set; BadWorkSignIn, BadRoles."""
    provider = open_provider(settings, clock)
    if provider is None:
        return None
    return WorkDoor(provider, provider.way_out, read_roles(settings.oidc_roles))


def open_provider(settings: Settings, clock: Clock) -> OidcSignIn | None:
    """Give the provider of the settings, none where nothing is set; BadWorkSignIn."""
    needed = (
        Needed("OIDC_ISSUER", settings.oidc_issuer),
        Needed("OIDC_CLIENT_ID", settings.oidc_client_id),
        Needed("OIDC_CLIENT_SECRET", settings.oidc_client_secret.get_secret_value()),
        Needed("OIDC_ROLES", settings.oidc_roles),
    )
    missing = [each.name for each in needed if not each.said]
    if len(missing) == len(needed):
        return None
    if missing:
        raise BadWorkSignIn(f"Sign-in with work accounts is half set: {', '.join(missing)} missing.")
    _check_issuer(settings.oidc_issuer)
    us = OidcClient(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        back=f"{settings.public_url}{BACK}",
        home=f"{settings.public_url}{SIGN_IN}",
    )
    return OidcSignIn(us, clock)


def _check_issuer(issuer: str) -> None:
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ON_THIS_MACHINE):
        raise BadWorkSignIn("OIDC_ISSUER must begin with https://, as the provider writes its own name.")
    if ANY_TENANT & set(parts.path.split("/")):
        raise BadWorkSignIn("OIDC_ISSUER lets in accounts of any tenant. Name your own tenant's id in it.")
