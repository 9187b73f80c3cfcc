"""Texts fit their segments, and only a request about texts stops them."""

import gsm0338
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text.sms import BASIC, EXTENSION, OptWord, opt_word, segments, split_for_sms, to_gsm7

SMS_TEXT = st.text(
    st.sampled_from("abc de.?!\n\u20ac{}\u2019\u00e9") | st.characters(exclude_categories=["Cs"]),
    max_size=900,
)


def test_the_table_is_the_one_of_gsm_03_38() -> None:
    codec = gsm0338.Codec()
    escape = 0x1B  # in the codec's table, but no character of a text
    for code in set(range(0x500)) - {escape}:
        character = chr(code)
        try:
            septets = len(codec.encode(character)[0])
        except UnicodeEncodeError:
            septets = 0
        assert (1 if character in BASIC else 2 if character in EXTENSION else 0) == septets, hex(code)
    assert len(codec.encode("\u20ac")[0]) == 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("\u20ac" * 80, 1),
        ("\u20ac" * 81, 2),
        # 153 is odd, so one septet of each segment stays empty: 76 characters a segment.
        ("\u20ac" * 152, 2),
        ("\u20ac" * 153, 3),
        ("\u2019" + "a" * 69, 1),
        ("\u2019" + "a" * 70, 2),
        ("\u2019" + "a" * 133, 2),
        ("\u2019" + "a" * 134, 3),
        ("\U0001f600" * 35, 1),
        # 67 is odd too: 33 emoji a segment.
        ("\U0001f600" * 66, 2),
        ("\U0001f600" * 67, 3),
    ],
)
def test_segments_are_counted_as_the_network_counts_them(text: str, count: int) -> None:
    assert segments(text) == count


@given(SMS_TEXT, st.integers(1, 3))
def test_each_text_keeps_the_limit_and_no_letter_is_lost(text: str, limit: int) -> None:
    texts = split_for_sms(text, limit)
    assert all(segments(one) <= limit and one.strip() for one in texts)
    assert "".join("".join(texts).split()) == "".join(text.split())


def test_a_short_message_is_one_text() -> None:
    assert split_for_sms(" Hello. ") == ("Hello.",)
    assert split_for_sms("  ") == ()


def test_a_long_message_breaks_after_a_sentence_a_line_or_a_word() -> None:
    sentence = "a" * 90 + ". "
    assert split_for_sms(sentence + "b" * 90, 1) == ("a" * 90 + ".", "b" * 90)
    assert split_for_sms("a" * 90 + "\n" + "b" * 90, 1) == ("a" * 90, "b" * 90)
    assert split_for_sms("a" * 90 + " " + "b" * 90, 1) == ("a" * 90, "b" * 90)
    assert split_for_sms("a" * 200, 1) == ("a" * 160, "a" * 40)


def test_a_text_has_at_least_one_segment() -> None:
    with pytest.raises(ValueError, match="at least one segment"):
        split_for_sms("hello", 0)


def test_plain_signs_take_the_place_of_curly_ones() -> None:
    assert to_gsm7("\u201cit\u2019s\u201d \u2013 ok\u2026\u00a0\u00bd") == '"it\'s" - ok... 1/2'
    assert to_gsm7("\U0001f600") == "\U0001f600"


@pytest.mark.parametrize(
    "text",
    [
        "STOP",
        " stop. ",
        "Stopall",
        "stop all",
        "UNSUBSCRIBE",
        "cancel",
        "End",
        "QUIT",
        "stop please",
        "please stop",
        "dont text me",
        "don\u2019t text me again",
        "Stop texting me!",
        "can you stop sending me messages",
        "no more texts",
        "do not message me any more",
        "take me off this list",
        "STOP STOP",
    ],
)
def test_a_request_about_texts_opts_out(text: str) -> None:
    assert opt_word(text) is OptWord.OUT


@pytest.mark.parametrize(
    "text",
    [
        "stop shouting at us",
        "make him stop",
        "the bus stop",
        "i quit football",
        "stop it",
        "the end of school",
        "i want the shouting to stop",
        "dont text me at school",
        "",
        "stop " * 40,
        "please",
        "they dont text me",
    ],
)
def test_stop_inside_what_is_said_is_no_opt_out(text: str) -> None:
    assert opt_word(text) is None


def test_start_opts_in_and_yes_does_so_only_for_who_is_stopped() -> None:
    assert opt_word("START") is OptWord.IN
    assert opt_word("unstop please", stopped=True) is OptWord.IN
    assert opt_word("Yes", stopped=True) is OptWord.IN
    assert opt_word("Yes") is None
    assert opt_word("yes it is good", stopped=True) is None
