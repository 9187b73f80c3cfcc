"""The form that Twilio posts is taken apart as Python's own library does, and no further."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.twilio.form import MOST_FIELDS, parse_form


@given(st.text(alphabet=st.sampled_from("ab=&+%2F4e; \u00e9\u00ff")))
def test_a_form_is_read_as_the_library_reads_it(written: str) -> None:
    assert parse_form(written) == parse_qs(written, keep_blank_values=True)


def test_of_a_field_sent_twice_the_last_counts_and_the_signature_is_over_both() -> None:
    form = parse_form("Body=one+two&Body=three%21")
    assert form.field("Body") == "three!"
    assert form.getall("Body") == ["one two", "three!"]
    assert form.field("From") == ""


def test_so_many_fields_as_nobody_sends_are_refused() -> None:
    with pytest.raises(ValueError, match="more fields"):
        parse_form("&".join(["a=1"] * (MOST_FIELDS + 1)))
