"""What is sealed opens only with its key and for its row, and its size tells nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import (
    BadKeys,
    CannotOpen,
    Keyring,
    new_key,
    pad,
    pseudonym,
    read_keyring,
    seal,
    seal_json,
    unpad,
    unseal,
    unseal_json,
)

OLD, NEW = ("2025", new_key()), ("2026", new_key())


@given(st.binary(max_size=3000))
def test_what_was_sealed_opens_again(secret: bytes) -> None:
    assert unseal(seal(secret, Keyring((NEW,)), row="a"), Keyring((NEW,)), row="a") == secret


def test_a_value_moved_to_another_row_does_not_open() -> None:
    sealed = seal(b"words", Keyring((NEW,)), row="message:1")
    with pytest.raises(CannotOpen):
        unseal(sealed, Keyring((NEW,)), row="message:2")


def test_after_a_new_key_the_old_values_still_open_and_new_ones_use_it() -> None:
    old = seal(b"words", Keyring((OLD,)), row="a")
    both = Keyring((NEW, OLD))
    assert unseal(old, both, row="a") == b"words"
    assert unseal(seal(b"more", both, row="a"), Keyring((NEW,)), row="a") == b"more"


def test_a_value_whose_key_is_gone_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        unseal(seal(b"words", Keyring((OLD,)), row="a"), Keyring((NEW,)), row="a")


@given(st.binary(max_size=5000))
def test_padding_leaves_only_a_few_lengths(secret: bytes) -> None:
    assert len(pad(secret)) in {256, 1024, 4096, 16384}
    assert unpad(pad(secret)) == secret


@given(st.text(max_size=200))
def test_two_short_texts_can_not_be_told_apart_by_length(text: str) -> None:
    key = new_key()
    short, long = (
        seal_json("no", key, row="a"),
        seal_json(text.encode("utf-8", "replace").hex()[:200], key, row="a"),
    )
    assert len(short) == len(long)
    assert unseal_json(short, key, row="a") == "no"


def test_a_pseudonym_needs_the_key() -> None:
    assert pseudonym("+447700900123", OLD[1]) != pseudonym("+447700900123", NEW[1])


@pytest.mark.parametrize("written", ["", "x", "1:not base64!", "1:c2hvcnQ=", ":" + "A" * 44])
def test_keys_that_can_not_be_read_are_named(written: str) -> None:
    with pytest.raises(BadKeys, match="SERVICE_KEYS: entry 1"):
        read_keyring(written, "SERVICE_KEYS")


def test_what_was_erased_does_not_open() -> None:
    with pytest.raises(CannotOpen):
        unseal(b"", Keyring((NEW,)), row="message:1")
