"""Tell browsers what our pages may do: nothing from elsewhere, nothing inline, nothing kept."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

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
    """Add what a response does not say itself; `https` also asks browsers to come securely from now on."""
    for name, value in SECURE_HEADERS.items():
        response.headers.setdefault(name, value)
    if https:
        response.headers.setdefault("Strict-Transport-Security", _TWO_YEARS)
    return response
