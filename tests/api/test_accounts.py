"""An administrator adds people, and sees nothing of young people."""

from core.staff.roles import Role
from tests.api.conftest import PASSWORD, Site


async def test_a_person_is_added_and_can_sign_in_with_the_password_shown_once(site: Site) -> None:
    ada = await site.come_in(Role.ADMINISTRATOR, "Ada Oak")
    added = await ada.post(
        "/staff/accounts", email="lee.ash@council.example", name="Lee Ash", role="safeguarding-lead"
    )
    password = added.text.split('class="secret">')[1].split("<")[0]
    assert password not in (await ada.get("/staff/accounts")).text
    lee = site.open_browser()
    answer = await lee.post("/staff/sign-in", email="lee.ash@council.example", password=password)
    assert answer.status_code == 303
    assert (await lee.get("/staff/concerns")).status_code == 200


async def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(site: Site) -> None:
    ada = await site.come_in(Role.ADMINISTRATOR, "Ada Oak")
    for fields, field, words in (
        ({"email": "no at sign", "name": "Lee", "role": "auditor"}, "email", "with an @ in it"),
        ({"email": "lee@x.example", "name": " ", "role": "auditor"}, "name", "Please write a name"),
        ({"email": "lee@x.example", "name": "Lee", "role": "king"}, "role", "Please pick a job."),
        (
            {"email": "ada.oak@council.example", "name": "Lee", "role": "auditor"},
            "email",
            "There is an account",
        ),
    ):
        answer = await ada.post("/staff/accounts", **fields)
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert words in answer.text
        assert f'value="{fields["email"]}"' in answer.text


async def test_who_has_left_is_signed_out_at_once_and_does_not_come_back(site: Site) -> None:
    ada = await site.come_in(Role.ADMINISTRATOR, "Ada Oak")
    sam = await site.come_in(Role.KEY_WORKER, "Sam Green")
    assert (await ada.post(f"/staff/accounts/{sam.staff}/end")).status_code == 303
    assert (await sam.get("/staff/queue")).status_code == 303
    again = await sam.post("/staff/sign-in", email="sam.green@council.example", password=PASSWORD)
    assert again.status_code == 401
    assert "Has left" in (await ada.get("/staff/accounts")).text
    assert (await ada.post(f"/staff/accounts/{sam.staff}/end")).status_code == 404


async def test_nobody_ends_their_own_account(site: Site) -> None:
    ada = await site.come_in(Role.ADMINISTRATOR, "Ada Oak")
    assert (await ada.post(f"/staff/accounts/{ada.staff}/end")).status_code == 409
    assert (await ada.get("/staff/accounts")).status_code == 200
