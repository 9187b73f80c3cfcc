"""Every "no" becomes a plain page for a person or problem+json (RFC 9457) for a program."""

from http import HTTPStatus
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.doors import NotSignedIn, SecondStepFirst
from api.headers import HEADERS
from api.pages import render
from core.errors import Refusal

log = structlog.get_logger()

PROGRAMS = ("/api/", "/chat/", "/rasa/", "/twilio/")
WORDS = {
    HTTPStatus.BAD_REQUEST: "We could not read that.",
    HTTPStatus.NOT_FOUND: "There is no page here.",
    HTTPStatus.METHOD_NOT_ALLOWED: "You can not do that here.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That is too long.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Some of the form is not filled in right.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something is wrong on our side. Please try again soon.",
}
NO_WORDS = "We can not do that now."


def add_refusals(app: FastAPI) -> None:
    """Answer every Refusal, wrong address, broken form and bug of this app in plain words."""
    app.add_exception_handler(Refusal, answer_refusal)
    app.add_exception_handler(HTTPException, answer_http_error)
    app.add_exception_handler(RequestValidationError, answer_broken_form)
    app.add_exception_handler(Exception, answer_bug)


async def answer_refusal(http_request: Request, error: Exception) -> Response:
    """Say a Refusal's own words; who must sign in is led to where they can."""
    if not isinstance(error, Refusal):
        raise error
    if isinstance(error, NotSignedIn | SecondStepFirst) and not _is_program(http_request):
        back = http_request.url.path if http_request.method == "GET" else "/staff/"
        first = "/staff/sign-in" if isinstance(error, NotSignedIn) else "/staff/second-step"
        return RedirectResponse(f"{first}?way={quote(back)}", HTTPStatus.SEE_OTHER)
    answer = _answer(http_request, error.status, error.said)
    answer.headers.update(error.headers)
    return answer


async def answer_http_error(http_request: Request, error: Exception) -> Response:
    """Answer a wrong address or method."""
    if not isinstance(error, HTTPException):
        raise error
    answer = _answer(http_request, HTTPStatus(error.status_code))
    answer.headers.update(error.headers or {})
    return answer


async def answer_broken_form(http_request: Request, error: Exception) -> Response:
    """Answer what does not fit; a program is told which parts, never what they held."""
    if not isinstance(error, RequestValidationError):
        raise error
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    if not _is_program(http_request):
        return _answer(http_request, status)
    wrong = [{"at": [str(step) for step in each["loc"]], "why": each["type"]} for each in error.errors()]
    return _problem(status, WORDS[status], wrong=wrong)


async def answer_bug(http_request: Request, error: Exception) -> Response:
    """Answer when we are at fault; the log gets the kind of error, never what it was about."""
    log.error("http_request_failed", error=type(error).__name__)
    return _answer(http_request, HTTPStatus.INTERNAL_SERVER_ERROR)


def _answer(http_request: Request, status: HTTPStatus, said: str | None = None) -> Response:
    words = said or WORDS.get(status, NO_WORDS)
    answer = _problem(status, words) if _is_program(http_request) else _page(http_request, status, words)
    answer.headers.update(HEADERS)
    return answer


def _page(http_request: Request, status: HTTPStatus, words: str) -> Response:
    if http_request.url.path.startswith("/staff"):
        return render(http_request, "refusal.html", status=status, words=words)
    name = "problem_not_found" if status < HTTPStatus.INTERNAL_SERVER_ERROR else "problem_broken"
    return render(http_request, "lost.html", status=status, name=name)


def _problem(status: HTTPStatus, words: str, **more: object) -> Response:
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": words, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


def _is_program(http_request: Request) -> bool:
    accepts = http_request.headers.get("accept", "")
    if "text/html" in accepts:
        return http_request.url.path.startswith("/api/")
    return http_request.url.path.startswith(PROGRAMS) or "json" in accepts
