"""Put the staff's pages into the app: their office, doors, refusals, headers and routes."""

from fastapi import FastAPI

from api import static_files
from api.accounts import pages as accounts
from api.complaints import pages as complaints
from api.concerns import deciding, glass, many
from api.concerns import pages as concerns
from api.headers import SecureHeaders
from api.office import Office
from api.own_account import pages as own_account
from api.queue import pages as queue
from api.refusals import add_refusals
from api.review import pages as review
from api.rota import pages as rota
from api.sign_in import pages as sign_in
from api.sign_in import second_step, work_account


def add_staff_site(app: FastAPI, office: Office) -> None:
    """Add every page under /staff, except those of the strategy team, which have no way to the others' data.

    The app gets refusals for all its addresses; `office` is what the doors of /api/v1 look at, too.
    """
    app.state.office = office
    add_refusals(app)
    app.add_middleware(SecureHeaders, is_https=office.is_https)
    jobs = (
        sign_in,
        second_step,
        work_account,
        own_account,
        queue,
        concerns,
        deciding,
        glass,
        many,
        review,
        rota,
        complaints,
        accounts,
    )
    for job in (static_files, *jobs):
        app.include_router(job.router, include_in_schema=False)
