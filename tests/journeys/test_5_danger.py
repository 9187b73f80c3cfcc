"""Journey 5: danger is answered in the same turn and stands before the safeguarding lead, also without Rasa."""

from time import monotonic

import pytest

from tests.journeys.people import StaffMember, YoungPerson
from tests.journeys.service import TunedService

pytestmark = [pytest.mark.journey, pytest.mark.timeout(600)]

DANGER = "he hits me and im scared to go home"
SAFETY_WITHIN_SECONDS = 3.0


def test_danger_is_answered_in_the_same_turn_and_a_lead_reads_it(shared_service: TunedService) -> None:
    someone = YoungPerson.arrive(shared_service)
    hear_safety(someone)
    lead = StaffMember.sign_in(shared_service, "jo@example.org")
    concern = concern_of(lead, DANGER)
    assert "Physical abuse, level Danger" in lead.read(concern)
    lead.send(f"{concern}/acknowledge", seen="1", level="danger")
    assert "Read by Jo Marsh" in lead.read(concern)
    lead.send(f"{concern}/close", seen="1", level="danger", outcome="front-door")
    assert "Closed by Jo Marsh" in lead.read("/staff/concerns")


def test_no_key_worker_sees_a_concern(shared_service: TunedService) -> None:
    worker = StaffMember.sign_in(shared_service, "sam@example.org")
    assert worker.http.get("/staff/concerns").status_code == 403


def test_danger_is_answered_with_rasa_stopped_in_the_middle_of_a_question(
    mortal_service: TunedService,
) -> None:
    someone = YoungPerson.arrive(mortal_service)
    someone.tap("Tell you what I think")
    asked = someone.last[-1]["text"]
    mortal_service.kill_rasa()
    hear_safety(someone)
    concern_of(StaffMember.sign_in(mortal_service, "jo@example.org"), DANGER)
    someone.tap("Go on")
    assert asked in someone.words


def hear_safety(someone: YoungPerson) -> None:
    """Say it; the very first thing that comes back is the safety answer, and soon."""
    began = monotonic()
    words = someone.say(DANGER)
    assert monotonic() - began < SAFETY_WITHIN_SECONDS
    assert {(each["kind"], each["level"]) for each in someone.last} == {("safety", "danger")}
    assert "999" in words
    assert "Childline on 0800 1111" in words
    assert someone.choice("Go on")
    assert someone.choice("Stop")


def concern_of(lead: StaffMember, words: str) -> str:
    """Find the newest open concern that was raised by these words."""
    where = lead.links("/staff/concerns", "/staff/concerns/")
    unread = [each for each in where if words in lead.read(each) and "Not read yet" in lead.read(each)]
    assert unread
    return unread[-1]
