"""`GET /simulator`: a phone on a web page, for development and training, on one machine only."""

from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from channels.doors import anyone, our_page
from channels.simulator.phones import (
    DRAMA_NUMBERS,
    LONGEST_TEXT,
    PHONES,
    Simulator,
    read_digits,
    read_screen,
    send_text,
)
from channels.twilio.webhook import RefusingRoute

HERE: Final = Path(__file__).resolve().parent


def simulator_routes(simulator: Simulator) -> APIRouter:
    """Make the routes of the pretend phone; app includes them where `has_simulator` says so."""
    router = APIRouter(prefix="/simulator", route_class=RefusingRoute, include_in_schema=False)
    draw = partial(_draw, simulator, _templates(simulator))

    @router.get("", dependencies=[Depends(anyone)])
    async def show_phone(http_request: Request) -> Response:
        return await draw("phone.html", http_request)

    @router.get("/texts", dependencies=[Depends(anyone)])
    async def show_texts(http_request: Request) -> Response:
        return await draw("texts.html", http_request)

    @router.post("", dependencies=[Depends(our_page(simulator.account.public_url))])
    async def text_us(http_request: Request) -> Response:
        form = await http_request.form(max_fields=10, max_files=0)
        digits = read_digits(str(form.get("phone", "")))
        words = str(form.get("text", ""))
        taken = await send_text(simulator, http_request.app, digits, words, has_photo="photo" in form)
        problem = "" if taken else "&problem=not_sent"
        return RedirectResponse(f"/simulator?phone={digits}{problem}", HTTPStatus.SEE_OTHER)

    for name, media_type in (("phone.css", "text/css"), ("refresh.js", "text/javascript")):
        _add_file(router, name, media_type)
    return router


def _add_file(router: APIRouter, name: str, media_type: str) -> None:
    @router.get(f"/{name}", dependencies=[Depends(anyone)])
    async def give_file() -> Response:
        return FileResponse(HERE / "static" / name, media_type=media_type)


def _templates(simulator: Simulator) -> Environment:
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals["say"] = simulator.catalogue.say
    return templates


async def _draw(simulator: Simulator, templates: Environment, name: str, http_request: Request) -> Response:
    digits = read_digits(http_request.query_params.get("phone"))
    page = templates.get_template(name).render(
        digits=digits,
        number=DRAMA_NUMBERS + digits,
        phones=PHONES,
        texts=await read_screen(simulator, digits),
        longest=LONGEST_TEXT,
        has_problem="problem" in http_request.query_params,
    )
    return Response(page, media_type="text/html", headers={"Cache-Control": "no-store"})
