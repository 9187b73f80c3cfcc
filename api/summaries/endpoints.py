"""The strategy API: releases, what they measure, and their numbers, as JSON or CSV."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from api.summaries.described import QUESTIONS, RELEASES, SUMMARY, THEMES
from api.summaries.spreadsheet import write_csv
from core.database import Store
from core.summaries.measures import Kind, Measure
from core.summaries.numbers import Hidden, Number, Shown
from core.summaries.query import UnknownParameter, read_query
from core.summaries.read import Published, Summary, find_release, list_releases, read_summary

Door = Callable[..., Awaitable[Any]]
FORMATS = frozenset({"json", "csv"})
CSV = "text/csv"


def summaries_router(views: Store, *, door: Door) -> APIRouter:
    """Make the routes under /api/v1 over the views store; `door` lets only API keys of the right scope in."""
    router = APIRouter(prefix="/api/v1", dependencies=[Depends(door)], tags=["summaries"])

    @router.get("/releases", response_class=Response, openapi_extra=RELEASES)
    async def show_releases(http_request: Request) -> Response:
        """List the releases, the newest first."""
        _refuse_parameters(http_request)
        return JSONResponse({"releases": [_release(each) for each in await list_releases(views)]})

    @router.get("/questions", response_class=Response, openapi_extra=QUESTIONS)
    async def show_questions(http_request: Request) -> Response:
        """List the questions of a release, with their answers."""
        release = await _asked_release(http_request, views)
        return _answer(http_request, release.id, {"release": release.id, "questions": _questions(release)})

    @router.get("/themes", response_class=Response, openapi_extra=THEMES)
    async def show_themes(http_request: Request) -> Response:
        """List the themes of a release, each with its area."""
        release = await _asked_release(http_request, views)
        return _answer(http_request, release.id, {"release": release.id, "themes": _themes(release)})

    @router.get("/summaries", response_class=Response, openapi_extra=SUMMARY)
    async def show_summary(http_request: Request) -> Response:
        """Give one table of a release (parameters: release, measure, by, area, question, district, age)."""
        parameters = http_request.query_params.multi_items()
        summary = await read_summary(views, read_query(each for each in parameters if each[0] != "format"))
        if _wants_csv(http_request, parameters):
            rows = [[*row.categories.values(), *_number(row.number).values()] for row in summary.rows]
            text = write_csv([*summary.by, "people", "symbol"], rows)
            return _with_etag(http_request, Response(text, media_type=CSV), summary.release)
        return _answer(http_request, summary.release, summary_as_json(summary))

    return router


def summary_as_json(summary: Summary) -> dict[str, Any]:
    """Write a table as the API gives it."""
    return {
        "release": summary.release,
        "period": summary.period,
        "measure": summary.measure,
        "by": list(summary.by),
        "rows": [{**row.categories, **_number(row.number)} for row in summary.rows],
    }


def _number(number: Number) -> dict[str, Any]:
    match number:
        case Shown(people=people):
            return {"people": people, "symbol": None}
        case Hidden(symbol=symbol):
            return {"people": None, "symbol": symbol.value}


def _release(release: Published) -> dict[str, Any]:
    return {
        "release": release.id,
        "period": release.period,
        "label": release.label,
        "k": release.k,
        "anchoring": release.anchoring,
        "categories": {
            dimension: [{"id": each.id, "label": each.label} for each in categories]
            for dimension, categories in release.plan.shared.items()
        },
    }


def _questions(release: Published) -> list[dict[str, Any]]:
    return [
        {
            **_named(each),
            "answers": [{"id": answer.id, "label": answer.label} for answer in each.answers],
            "ages_not_asked": list(each.left_out),
        }
        for each in release.plan.of_kind(Kind.QUESTION)
    ]


def _themes(release: Published) -> list[dict[str, Any]]:
    return [_named(each) for each in release.plan.of_kind(Kind.THEME)]


def _named(measure: Measure) -> dict[str, Any]:
    return {"id": measure.name, "label": measure.label, "area": measure.area}


async def _asked_release(http_request: Request, views: Store) -> Published:
    """Find the release that is asked for, or the newest; NoSuchRelease where there is none."""
    _refuse_parameters(http_request, "release")
    return await find_release(views, http_request.query_params.get("release", ""))


def _refuse_parameters(http_request: Request, *allowed: str) -> None:
    if not set(http_request.query_params) <= set(allowed):
        raise UnknownParameter


def _wants_csv(http_request: Request, parameters: Iterable[tuple[str, str]]) -> bool:
    """The format that the address names goes before the one that the program accepts."""
    named = [value for name, value in parameters if name == "format"]
    if len(named) > 1 or not set(named) <= FORMATS:
        raise UnknownParameter
    if named:
        return named == ["csv"]
    return http_request.headers.get("accept", "").startswith(CSV)


def _answer(http_request: Request, release: str, content: dict[str, Any]) -> Response:
    return _with_etag(http_request, JSONResponse(content), release)


def _with_etag(http_request: Request, answer: Response, release: str) -> Response:
    """Name the release as the ETag: what is frozen never changes. Who has it already gets no body again."""
    etag = f'"{release}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept, Authorization"}
    held = {
        each.strip().removeprefix("W/") for each in http_request.headers.get("if-none-match", "").split(",")
    }
    if held & {etag, "*"}:
        return Response(status_code=304, headers=headers)
    answer.headers.update(headers)
    return answer
