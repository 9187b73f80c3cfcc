"""A person changes their own password, and an administrator locks an account and opens it again."""

import pytest

from core.staff.roles import Role
from tests.api.conftest import PASSWORD, Site

NEW = "seven brown otters juggle"


async def test_a_new_password_replaces_the_old_one_and_ends_other_sign_ins(site: Site) -> None:
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    elsewhere = site.open_browser()
    await elsewhere.post("/staff/sign-in", email="sam.green@council.example", password=PASSWORD)
    changed = await sam.post("/staff/my-account/password", old=PASSWORD, new=NEW)
    assert "Your password is new now" in changed.text
    assert (await sam.get("/staff/queue")).status_code == 200
    assert (await elsewhere.get("/staff/queue")).status_code == 303
    for password, status in ((PASSWORD, 401), (NEW, 303)):
        answer = await elsewhere.post("/staff/sign-in", email="sam.green@council.example", password=password)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        ("not it at all", NEW, "old", "Your old password is not right."),
        (PASSWORD, "short", "new", "12 letters or more"),
        (PASSWORD, "passwordpassword", "new", "easy to guess"),
        (PASSWORD, "greensamgreensam", "new", "easy to guess"),
    ],
)
async def test_a_change_that_can_not_be_is_said_beside_its_field(
    site: Site, old: str, new: str, field: str, words: str
) -> None:
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    answer = await sam.post("/staff/my-account/password", old=old, new=new)
    assert answer.status_code in {401, 422}
    assert f'href="#{field}"' in answer.text
    assert words in answer.text


async def test_an_open_desk_is_no_place_to_guess_the_password(site: Site) -> None:
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    for _ in range(5):
        await sam.post("/staff/my-account/password", old="not it at all", new=NEW)
    answer = await sam.post("/staff/my-account/password", old=PASSWORD, new=NEW)
    assert answer.status_code == 429


async def test_a_locked_account_is_out_at_once_and_is_told_only_with_the_right_password(site: Site) -> None:
    ada = await site.come_in(Role.ADMINISTRATOR, "Ada Oak")
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    assert (await ada.post(f"/staff/accounts/{sam.staff}/lock")).status_code == 303
    assert "Locked" in (await ada.get("/staff/accounts")).text
    assert (await sam.get("/staff/queue")).status_code == 303
    right = {"email": "sam.green@council.example", "password": PASSWORD}
    assert "Your account is locked" in (await sam.post("/staff/sign-in", **right)).text
    wrong = await sam.post("/staff/sign-in", **{**right, "password": "something else"})
    assert "locked" not in wrong.text
    assert (await ada.post(f"/staff/accounts/{sam.staff}/unlock")).status_code == 303
    assert (await sam.post("/staff/sign-in", **right)).status_code == 303


async def test_nobody_locks_or_resets_themselves(site: Site) -> None:
    ada = await site.come_in(Role.ADMINISTRATOR, "Ada Oak")
    for deed in ("lock", "unlock", "new-password"):
        assert (await ada.post(f"/staff/accounts/{ada.staff}/{deed}")).status_code == 409
        assert (await ada.post(f"/staff/accounts/nobody/{deed}")).status_code == 404


@pytest.mark.parametrize(
    ("first", "second", "is_refused"),
    [
        (Role.KEY_WORKER, Role.MODERATOR, True),
        (Role.KEY_WORKER, Role.STRATEGY, True),
        (Role.SAFEGUARDING_LEAD, Role.STRATEGY, True),
        (Role.MODERATOR, Role.SAFEGUARDING_LEAD, True),
        (Role.KEY_WORKER, Role.SAFEGUARDING_LEAD, False),
        (Role.STRATEGY, Role.AUDITOR, False),
    ],
)
async def test_who_knows_names_never_also_sees_what_all_say(
    site: Site, first: Role, second: Role, *, is_refused: bool
) -> None:
    ada = await site.come_in(Role.ADMINISTRATOR, "Ada Oak")
    await ada.post("/staff/accounts", email="lee@council.example", name="Lee Ash", role=first)
    answer = await ada.post("/staff/accounts", email="LEE+two@council.example", name="Lee Ash", role=second)
    assert ("has an account for another job" in answer.text) == is_refused
