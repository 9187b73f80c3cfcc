"""Whether a number may be a phone in the United Kingdom is what the numbering plan says, looked up or not."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.twilio.webhook import UNITED_KINGDOM, is_from_the_uk


@given(st.from_regex(r"\A\+447[0-9]{9}\Z"))
def test_what_looks_like_a_mobile_of_ours_is_one_by_the_plan(number: str) -> None:
    parsed = phonenumbers.parse(number)
    assert parsed.country_code == UNITED_KINGDOM
    assert phonenumbers.is_possible_number(parsed)
    assert is_from_the_uk(number)


@pytest.mark.parametrize("number", ["+441905765765", "+447700900123"])
def test_landlines_and_drama_numbers_count(number: str) -> None:
    assert is_from_the_uk(number)


@pytest.mark.parametrize("number", ["+33612345678", "60060", "", "+447700900123\n1", "hello"])
def test_others_do_not(number: str) -> None:
    assert not is_from_the_uk(number)
