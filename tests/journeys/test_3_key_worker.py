"""Journey 3: a young person asks for a key worker, and one reads it, answers, and says how it ended."""

import re
from time import monotonic

import httpx
import pytest

from tests.journeys.people import SimulatedPhone, StaffMember, YoungPerson, plain
from tests.journeys.service import TunedService

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

STANDS_WITHIN_SECONDS = 5.0
REPLY = "Hello Robin, I can meet you on Friday."
STATUS = "what is happening with my request"


@pytest.fixture
def sam(shared_service: TunedService) -> StaffMember:
    return StaffMember.sign_in(shared_service, "sam@example.org")


@pytest.fixture
def alex(shared_service: TunedService) -> StaffMember:
    return StaffMember.sign_in(shared_service, "alex@example.org")


def test_a_request_from_asking_to_its_outcome(
    shared_service: TunedService, sam: StaffMember, alex: StaffMember
) -> None:
    robin = YoungPerson.arrive(shared_service)
    fill_in(robin, name="Robin")
    assert "Help with: School or college. Name: Robin." in robin.words
    assert "When: In the morning. Helping you: Just me." in robin.words
    assert not sam.links("/staff/queue", "/staff/queue/"), "it was sent before the young person said so"

    sent_at = monotonic()
    reference = sent_as(robin.tap("Send"))
    request = find(sam, reference)
    assert monotonic() - sent_at < STANDS_WITHIN_SECONDS
    assert f"{reference} is with us. It waits for a key worker." in robin.say(STATUS)

    opened = sam.read(request)
    assert "First name Robin" in opened
    assert "May a key worker at the council see this?" in opened
    assert sam.send(f"{request}/take").status_code == httpx.codes.SEE_OTHER
    refused = alex.send(f"{request}/take")
    assert refused.status_code == httpx.codes.CONFLICT
    assert "Another key worker is already helping with this." in plain(refused.text)
    assert "Robin" not in alex.read(request)

    reply(sam, request, REPLY)
    assert robin.hear() == f"Sam, a key worker, says: {REPLY}"
    assert f"Sam has read your request {reference}." in robin.say(STATUS)
    assert sam.send(f"{request}/close", outcome="").status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert sam.send(f"{request}/close", outcome="helped").status_code == httpx.codes.SEE_OTHER
    assert "How did it end? We helped" in sam.read(request)
    assert f"Your request {reference} is done." in robin.say(STATUS)


def test_without_permission_nothing_is_sent(shared_service: TunedService, sam: StaffMember) -> None:
    before = sam.links("/staff/queue", "/staff/queue/")
    someone = YoungPerson.arrive(shared_service)
    fill_in(someone, name="Kim", permission="No, they may not")
    assert "I did not send it." in someone.words
    assert sam.links("/staff/queue", "/staff/queue/") == before


def test_a_shared_phone_gets_only_a_neutral_notice_of_a_reply(
    shared_service: TunedService, sam: StaffMember
) -> None:
    phone = SimulatedPhone.pick_up(shared_service, "903")
    phone.text("hi")
    assert "I will not show your old words on this phone." in "\n".join(phone.text("I share it"))
    phone.text("can i have a key worker")
    for answer in ("2", "Ash", "1", "3", "1"):
        said = phone.text(answer)
    assert "May a key worker at the council see this?" in said[-1]
    assert "Send it, or change it?" in phone.text("1")[-1]
    request = find(sam, sent_as("\n".join(phone.text("1"))))

    assert sam.send(f"{request}/take").status_code == httpx.codes.SEE_OTHER
    before = len(phone.screen())
    reply(sam, request, "Hello Ash, I hear that things are hard.")
    (notice,) = phone.hear(after=before)
    assert notice.startswith("From Have Your Say. There is something new for you.")
    assert "Ash" not in notice
    assert "I do not show requests on a shared phone." in "\n".join(phone.text(STATUS))


def fill_in(someone: YoungPerson, *, name: str, permission: str = "Yes, they may") -> None:
    """Ask for a key worker and answer all that is asked, up to the read-back."""
    someone.say("can i have a key worker please")
    someone.tap("School or college")
    someone.say(name)
    for choice in ("Here, with this chat", "In the morning", "Just me", permission):
        someone.tap(choice)


def sent_as(words: str) -> str:
    """Give the name of the request that a young person was told."""
    told = re.search(r"The name of your request is: (\w+ \w+ \d+)\.", words)
    assert told, words
    return told[1]


def find(worker: StaffMember, reference: str) -> str:
    """Find the request with this name in the queue."""
    page = worker.http.get("/staff/queue").text
    row = re.search(rf'href="(/staff/queue/\w+)">{reference}<', page)
    assert row, plain(page)
    return row[1]


def reply(worker: StaffMember, request: str, words: str) -> None:
    """Write a reply, look at it once more, and send it."""
    check = worker.send(f"{request}/reply", text=words, step="check")
    once = re.search(r'name="once" value="([^"]+)"', check.text)
    assert once
    sent = worker.send(f"{request}/reply", text=words, step="send", once=once[1])
    assert sent.status_code == httpx.codes.SEE_OTHER, plain(sent.text)
