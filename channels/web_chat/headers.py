"""Tell browsers what our pages may do: nothing from elsewhere, nothing inline, nothing kept."""

from collections.abc import Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALLOWED: Final = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_NOT_NEEDED: Final = (
    *("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "gamepad"),
    *("geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone"),
    *("midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial"),
    *("usb", "xr-spatial-tracking"),
)

SECURE_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "; ".join(f"{what} {where}" for what, where in _ALLOWED.items()),
    "Permissions-Policy": ", ".join(f"{what}=()" for what in _NOT_NEEDED),
    # not "no-referrer": with it a browser sends "Origin: null" with a form, and our own door would stay shut
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_TWO_YEARS: Final = "max-age=63072000"


def secure_headers(response: Response, *, https: bool) -> Response:
    """Add what is not said yet to one response; `https` also asks browsers to come securely from now on."""
    _add(response.headers, https=https)
    return response


def _add(headers: MutableHeaders, *, https: bool) -> None:
    for name, value in SECURE_HEADERS.items():
        headers.setdefault(name, value)
    if https:
        headers.setdefault("Strict-Transport-Security", _TWO_YEARS)


class SecureHeaders:
    """The same for every response of an app, as ASGI middleware that leaves streams alone."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._https = https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; add headers as a response begins."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), https=self._https)
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)
