"""Keep a conversation's key on one device, and take every trace off it again."""

from typing import Final

from starlette.responses import Response

from channels.doors import cookie_name
from channels.web_chat import looks

KEPT_SECONDS: Final = 90 * 24 * 60 * 60
"""As long as a quiet conversation is kept. Only where the young person said that the device is only theirs."""

SHOW_ONCE: Final = "hys_show"
"""Stands for one page after our own form was sent: that page shows the conversation, the next one asks first."""

ONLY_MINE: Final = "hys_only_mine"
"""Says to our page that it may keep a draft on the device; it names nobody."""

GROUP: Final = "hys_group"
"""On a device that a group shares: the code of their session, so that nobody types it again for the next person."""

_SHOW_ONCE_SECONDS: Final = 60


def keep_conversation(response: Response, public_url: str, token: str, *, only_mine: bool) -> None:
    """Put the key where scripts cannot read it; it goes with the browser unless the device is only theirs."""
    response.set_cookie(
        cookie_name(public_url),
        token,
        max_age=KEPT_SECONDS if only_mine else None,
        path="/",
        secure=public_url.startswith("https://"),
        httponly=True,
        samesite="lax",
    )
    if only_mine:
        response.set_cookie(ONLY_MINE, "yes", max_age=KEPT_SECONDS, path="/", httponly=True, samesite="lax")
    else:
        response.delete_cookie(ONLY_MINE, path="/")


def show_once(response: Response, *, https: bool) -> None:
    """Let the very next page show the conversation."""
    response.set_cookie(
        SHOW_ONCE, "1", max_age=_SHOW_ONCE_SECONDS, path="/", secure=https, httponly=True, samesite="strict"
    )


def forget_showing(response: Response) -> None:
    """Let the next page ask first again."""
    response.delete_cookie(SHOW_ONCE, path="/", httponly=True, samesite="strict")


def keep_group(response: Response, code: str, *, https: bool) -> None:
    """Keep a group's code on the device they share; it goes with the browser."""
    response.set_cookie(GROUP, code, path="/", secure=https, httponly=True, samesite="strict")


def forget_group(response: Response) -> None:
    """Let the device be nobody's group's any more."""
    response.delete_cookie(GROUP, path="/", httponly=True, samesite="strict")


def keep_look(response: Response, look: looks.Look, *, https: bool) -> None:
    """Keep my way on this device."""
    response.set_cookie(
        looks.COOKIE, str(look), max_age=looks.KEPT_SECONDS, path="/", secure=https, samesite="lax"
    )


def forget_conversation(response: Response, public_url: str) -> None:
    """Take the key off the device."""
    response.delete_cookie(
        cookie_name(public_url), path="/", secure=public_url.startswith("https://"), httponly=True
    )
    response.delete_cookie(ONLY_MINE, path="/")


def forget_everything(response: Response, public_url: str) -> None:
    """Take the key, my way and whatever the page's script kept off the device: all that is of one person.

    The code of a group that shares the device stays for the next person.
    """
    forget_conversation(response, public_url)
    forget_showing(response)
    response.delete_cookie(looks.COOKIE, path="/")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
