"""Once a day the end of the record is noted in a file and mailed to the auditors; a broken record is told."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import update

from app.audit_root import RootDesk, note_root_if_due
from core.sending import TryAgain
from core.staff.audit import Broken, Deed, Sound, record_deed
from core.staff.audit_roots import read_roots
from core.staff.roles import Role
from core.staff.tables import AuditEntry
from tests.builders import lists
from tests.fakes import FakeClock
from tests.staffed import hold_staff, pretend_keys
from tests.stores import Stores


@dataclass
class Postbox:
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    is_away: bool = False

    async def send(self, to: str, subject: str, body: str) -> str:
        if self.is_away:
            raise TryAgain("away")
        self.sent.append((to, subject, body))
        return "an id"


@pytest.fixture
async def desk(stores: Stores, clock: FakeClock, tmp_path: Path) -> RootDesk:
    made = RootDesk(stores.service, pretend_keys(), lists().catalogue, clock, tmp_path / "roots", Postbox())
    async with stores.service.write() as session:
        await hold_staff(session, "Ann Day", Role.AUDITOR)
        await hold_staff(session, "Ada Finch", Role.ADMINISTRATOR)
    await do_something(made)
    return made


async def do_something(desk: RootDesk) -> None:
    async with desk.store.write() as session:
        await record_deed(session, desk.keys, who="a", did=Deed.SIGNED_IN, about=None, now=desk.clock())


def postbox(desk: RootDesk) -> Postbox:
    assert isinstance(desk.mail, Postbox)
    return desk.mail


async def test_once_a_day_its_end_is_noted_and_mailed(desk: RootDesk, clock: FakeClock) -> None:
    found = await note_root_if_due(desk)
    assert isinstance(found, Sound)
    assert await note_root_if_due(desk) is None
    ((to, subject, body),) = postbox(desk).sent
    assert (to, subject) == ("ann.day@council.example", "Have Your Say: the record is whole")
    assert found.root.mac.hex() in body
    clock.go_on(days=1)
    await do_something(desk)
    await note_root_if_due(desk)
    assert desk.file is not None
    assert [root.seq for root in read_roots(desk.file)] == [1, 2]


async def test_a_record_that_was_changed_is_told_and_not_noted(desk: RootDesk) -> None:
    async with desk.store.write() as session:
        await session.execute(update(AuditEntry).values(who="b"))
    assert isinstance(await note_root_if_due(desk), Broken)
    assert postbox(desk).sent[0][1] == "Have Your Say: the record is broken"
    assert desk.file is not None
    assert read_roots(desk.file) == ()


async def test_where_the_mail_server_is_away_it_is_done_again_later(desk: RootDesk) -> None:
    postbox(desk).is_away = True
    with pytest.raises(TryAgain):
        await note_root_if_due(desk)
    postbox(desk).is_away = False
    assert isinstance(await note_root_if_due(desk), Sound)
    assert len(postbox(desk).sent) == 1
