"""The `run` command: set everything up, start it, say where it is, and stop all of it on Ctrl-C."""

import asyncio
import secrets
import socket
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import structlog
import uvicorn
from fastapi import FastAPI
from rich.console import Console

from app.audit_root import note_root_each_day
from app.chasing import keep_chasing
from app.compose import (
    build_alert_desk,
    build_chaser,
    build_house,
    build_missed_texts,
    build_root_desk,
    build_text_desk,
)
from app.demo.quiet import refuse_if_cut_off
from app.demo_accounts import add_demo_accounts
from app.directory import directory_desk, keep_directory
from app.drills import keep_drilling
from app.embeddings import read_on_one_core
from app.garbage import leave_what_stays
from app.listener import start_listener
from app.lists import Lists, read_lists
from app.nightly import purge_each_night
from app.nightly_feed import sync_each_night
from app.rasa_environment import SetUpFailed
from app.rasa_process import RasaPlan, RasaProcess, free_port
from app.ready_for_real import refuse_if_not_ready
from app.releases import build_desk, move_now_and_then
from app.site import Parts, build_site
from app.stores import Stores, bring_up_to_date, open_stores
from app.training import set_up_rasa
from app.work import beside
from app.workers import answer_messages, listen_to_unanswered
from bot.client import RasaBot
from channels.twilio.account import has_simulator
from channels.twilio.missed import keep_fetching
from channels.twilio.sender import send_texts
from core.alerts import send_alerts
from core.conversation.house import House
from core.failpoint import arm
from core.kept_keys import with_kept_keys
from core.keys import service_keys
from core.settings import Profile, Settings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RasaSeat:
    """Where Rasa is: `process` is None where somebody else runs it (RASA_URL)."""

    url: str
    token: str
    process: RasaProcess | None


async def serve(settings: Settings, console: Console) -> None:
    """Run the service until it is told to stop. Raises SetUpFailed, BrokenDataFile, BadKeys in plain words."""
    _check_port(settings)
    read_on_one_core()
    lists = read_lists(settings)
    stores = open_stores(settings)
    await bring_up_to_date(stores)
    await refuse_if_cut_off(stores.service)
    await refuse_if_not_ready(settings, stores, lists.area)
    seat = seat_rasa(settings, console)
    bot = RasaBot(seat.url, seat.token)
    keys = await with_kept_keys(stores.service, service_keys(settings))
    listener = await start_listener(settings)
    house = build_house(settings, stores, bot, lists, keys=keys, second_listener=listener)
    await say_accounts(settings, house, console)
    leave_what_stays()
    try:
        await serve_until_stopped(settings, stores, lists, house, seat, console)
    finally:
        if listener is not None:
            await listener.stop()
        if seat.process is not None:
            await seat.process.stop()
        await bot.close()
        await stores.close()


def seat_rasa(settings: Settings, console: Console) -> RasaSeat:
    """Find the Rasa to ask: the one that is set, or one of our own, set up and taught first."""
    token = settings.rasa_token.get_secret_value() or secrets.token_urlsafe(32)
    if settings.rasa_url:
        return RasaSeat(settings.rasa_url, token, None)
    environment, model = set_up_rasa(settings, console)
    actions = f"http://127.0.0.1:{settings.port}/rasa/actions"
    plan = RasaPlan(environment, model, token, actions, free_port())
    return RasaSeat(plan.url, token, RasaProcess(plan))


async def say_accounts(settings: Settings, house: House, console: Console) -> None:
    """Make the demo's staff accounts on first start on one machine, and say their passwords once."""
    if settings.hys_profile is not Profile.LOCAL:
        return
    for account in await add_demo_accounts(settings, house):
        console.print(f"  {account.email}  password {account.password}", markup=False, highlight=False)


async def serve_until_stopped(
    settings: Settings, stores: Stores, lists: Lists, house: House, seat: RasaSeat, console: Console
) -> None:
    """Serve and do all that runs beside it, until told to stop; the stores stay open."""
    if settings.hys_failpoint:
        arm(settings.hys_failpoint)
    texts, stop = build_text_desk(settings, house), asyncio.Event()
    desk = build_desk(settings, stores, lists, clock=house.clock)
    jobs = [
        answer_messages(house, stop),
        listen_to_unanswered(house, stop),
        keep_directory(directory_desk(settings, lists, house), stop),
        send_texts(texts.desk, stop),
        keep_fetching(build_missed_texts(house, texts), stop),
        send_alerts(build_alert_desk(settings, house, texts), stop),
        note_root_each_day(build_root_desk(settings, house), stop),
        keep_chasing(build_chaser(house), house.doorbell, stop),
        keep_drilling(house, stop, is_monthly=settings.hys_profile is Profile.PRODUCTION),
        move_now_and_then(desk, stop),
        purge_each_night(house, stores, lists, stop),
        sync_each_night(settings, house, lists, stop),
    ]
    if seat.process is not None:
        jobs.append(_until(stop, _run_rasa(seat.process, house, console)))
    parts = Parts(settings, stores, house, texts, seat.token)
    server = build_server(settings, build_site(parts, work=beside(jobs, stop)))
    console.print(where_it_is(settings), highlight=False)
    await server.serve()
    await texts.close()


def build_server(settings: Settings, site: FastAPI) -> uvicorn.Server:
    """Make the server, without an access log: addresses of young people's browsers are personal data.

    Limits count by address, so only a proxy that is named may say for whom it asks; anybody else's
    X-Forwarded-For is not read.
    """
    return uvicorn.Server(
        uvicorn.Config(
            site,
            host=settings.host,
            port=settings.port,
            log_level="warning",
            access_log=False,
            proxy_headers=bool(settings.forwarded_allow_ips),
            forwarded_allow_ips=settings.forwarded_allow_ips,
            timeout_graceful_shutdown=5,
        )
    )


async def _until(stop: asyncio.Event, job: Coroutine[Any, Any, None]) -> None:
    """Leave a job that does not end by itself when told to stop: Rasa is ended last, when nobody asks it."""
    running, stopping = asyncio.create_task(job), asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if running.done():
        running.result()
    running.cancel()


async def _run_rasa(process: RasaProcess, house: House, console: Console) -> None:
    """Start Rasa beside the app: until it is ready, messages are taken in and wait."""
    try:
        await process.start()
    except SetUpFailed as error:
        console.print(f"The bot did not start: {error}", markup=False)
        return
    house.doorbell.ring("any conversation")
    console.print("Ready. Ctrl-C stops it.")
    await process.keep_running()


def where_it_is(settings: Settings) -> str:
    """Say which pages there are."""
    pages = [
        ("The chat page for young people", "/"),
        ("Sign-in for staff", "/staff/"),
    ]
    if has_simulator(settings):
        pages.append(("A phone to try texts with", "/simulator"))
    return "\n".join(f"  {what}: {settings.public_url}{path}" for what, path in pages)


def _check_port(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SetUpFailed(
                f"Port {settings.port} is in use. Stop what uses it, or choose another: make run PORT=8010"
            ) from error
