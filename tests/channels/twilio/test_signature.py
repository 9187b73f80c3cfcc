"""Only what Twilio signed comes in."""

import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request, Response

from channels.twilio.account import TwilioAccount
from channels.twilio.signature import LARGEST_BODY_BYTES, signed_by_twilio
from channels.twilio.webhook import TwilioRoute, nothing_to_say
from tests.stub_twilio import a_text, an_account, reference, sign

ACCOUNT = an_account()


class Door:
    """A route behind the door, which counts who came in."""

    def __init__(self, account: TwilioAccount, path: str = "/twilio/sms") -> None:
        self.came_in: list[dict[str, str]] = []
        router = APIRouter(route_class=TwilioRoute, dependencies=[Depends(signed_by_twilio(account))])

        @router.post(path)
        async def come_in(http_request: Request) -> Response:
            form = await http_request.form()
            self.came_in.append({name: str(value) for name, value in form.items()})
            return nothing_to_say()

        app = FastAPI()
        app.include_router(router)
        transport = httpx.ASGITransport(app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://another.host")


async def post(account: TwilioAccount, form: dict[str, str], headers: dict[str, str]) -> tuple[int, int]:
    door = Door(account)
    response = await door.client.post("/twilio/sms", data=form, headers=headers)
    return response.status_code, len(door.came_in)


async def test_what_twilio_signed_comes_in_whatever_host_it_names() -> None:
    form = a_text(ACCOUNT)
    assert await post(ACCOUNT, form, sign(ACCOUNT, "/twilio/sms", form)) == (200, 1)


async def test_what_nobody_signed_stays_out() -> None:
    assert await post(ACCOUNT, a_text(ACCOUNT), {}) == (403, 0)


async def test_one_changed_word_stays_out() -> None:
    form = a_text(ACCOUNT)
    changed = form | {"Body": "something else"}
    assert await post(ACCOUNT, changed, sign(ACCOUNT, "/twilio/sms", form)) == (403, 0)


async def test_one_more_parameter_stays_out() -> None:
    form = a_text(ACCOUNT)
    assert await post(ACCOUNT, form | {"More": "1"}, sign(ACCOUNT, "/twilio/sms", form)) == (403, 0)


async def test_a_signature_for_another_address_or_by_another_token_stays_out() -> None:
    form = a_text(ACCOUNT)
    for other in (sign(ACCOUNT, "/twilio/voice", form), sign(an_account(token="x"), "/twilio/sms", form)):
        assert await post(ACCOUNT, form, other) == (403, 0)


async def test_the_address_that_counts_is_ours_and_not_the_one_the_request_claims() -> None:
    form = a_text(ACCOUNT)
    forged = sign(an_account(public_url="http://another.host"), "/twilio/sms", form)
    assert await post(ACCOUNT, form, forged) == (403, 0)


async def test_without_a_token_nothing_comes_in_not_even_signed_by_the_empty_one() -> None:
    nobody = an_account(token="")
    form = a_text(nobody)
    assert await post(nobody, form, sign(nobody, "/twilio/sms", form)) == (403, 0)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/json", "multipart/form-data; boundary=x"]
)
async def test_a_body_that_the_signature_does_not_cover_stays_out(content_type: str) -> None:
    door = Door(ACCOUNT)
    headers = sign(ACCOUNT, "/twilio/sms", {}) | {"content-type": content_type}
    response = await door.client.post("/twilio/sms", content=b'{"Body": "not signed"}', headers=headers)
    assert (response.status_code, door.came_in) == (403, [])


async def test_a_signature_that_is_not_ascii_stays_out() -> None:
    door = Door(ACCOUNT)
    headers = {b"X-Twilio-Signature": "é".encode("latin-1")}
    response = await door.client.post("/twilio/sms", data=a_text(ACCOUNT), headers=headers)
    assert (response.status_code, door.came_in) == (403, [])


async def test_a_body_that_is_far_too_large_is_not_read() -> None:
    form = a_text(ACCOUNT, Body="a" * LARGEST_BODY_BYTES)
    assert await post(ACCOUNT, form, sign(ACCOUNT, "/twilio/sms", form)) == (403, 0)


def vectors() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(reference("twilio/signature_vectors.json").read_text())
    return found


async def test_twilios_own_examples_are_judged_as_twilio_judges_them() -> None:
    judged = {}
    for vector in vectors():
        parts = urlsplit(vector["url"])
        public_url = f"{parts.scheme}://{parts.netloc}"
        door = Door(an_account(token=vector["token"], public_url=public_url), parts.path)
        is_json = "body" in vector
        response = await door.client.post(
            f"{parts.path}?{parts.query}",
            content=vector["body"] if is_json else urlencode([tuple(each) for each in vector["params"]]),
            headers={
                "content-type": "application/json" if is_json else "application/x-www-form-urlencoded",
                "X-Twilio-Signature": vector["signature"],
            },
        )
        judged[vector["name"]] = response.is_success
    assert judged == {vector["name"]: vector["valid"] for vector in vectors()}


async def test_a_json_body_that_does_not_fit_its_hash_stays_out() -> None:
    vector = next(each for each in vectors() if "body" in each)
    parts = urlsplit(vector["url"])
    door = Door(an_account(token=vector["token"], public_url=f"{parts.scheme}://{parts.netloc}"), parts.path)
    headers = {"content-type": "application/json", "X-Twilio-Signature": vector["signature"]}
    response = await door.client.post(
        f"{parts.path}?{parts.query}", content=vector["body"] + " ", headers=headers
    )
    assert (response.status_code, door.came_in) == (403, [])
