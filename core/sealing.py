"""Keep words and numbers so that only who holds the key can read them.

AES-256-GCM (cryptography) with a random 96-bit nonce. A sealed value is: length of the key's id (1 byte),
the key's id, the nonce, the ciphertext. The caller names the row it belongs to (`row`), so that a value
moved to another row does not open. Text is padded first, because a length tells.
"""

import hashlib
import hmac
import secrets
from base64 import b64decode
from binascii import Error as BadBase64
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
KEY_BYTES = 32
LONGEST_ID = 255
SMALLEST = 256
GROWTH = 4
LENGTH_BYTES = 4


class CannotOpen(Exception):
    """The value was sealed with another key, for another row, or was changed."""


class BadKeys(ValueError):
    """The keys in the settings can't be read; the words say which and why."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """Keys by id, newest first: the first one seals, any one opens."""

    keys: tuple[tuple[str, bytes], ...]

    @property
    def newest(self) -> tuple[str, bytes]:
        """The key that seals from now on."""
        return self.keys[0]

    def find(self, key_id: str) -> bytes:
        """Give the key with this id; CannotOpen if it is not kept any more."""
        for kept_id, key in self.keys:
            if kept_id == key_id:
                return key
        msg = f"The key {key_id!r} is not among the keys in the settings."
        raise CannotOpen(msg)

    def derive(self, purpose: str) -> "Keyring":
        """Make keys for one purpose (HKDF-SHA256, RFC 5869), so that no key serves two."""
        return Keyring(tuple((key_id, _derive(key, purpose)) for key_id, key in self.keys))


def read_keyring(written: str, setting: str) -> Keyring:
    """Read `id:base64[,id:base64...]`; BadKeys names the setting and the entry that is wrong."""
    keys = []
    for number, entry in enumerate(written.split(","), start=1):
        key_id, _, encoded = entry.strip().partition(":")
        try:
            key = b64decode(encoded, validate=True)
        except BadBase64 as error:
            raise BadKeys(f"{setting}: entry {number} is not id:base64.") from error
        if not key_id or len(key_id) > LONGEST_ID or len(key) != KEY_BYTES:
            raise BadKeys(f"{setting}: entry {number} needs an id and a key of {KEY_BYTES} bytes in base64.")
        keys.append((key_id, key))
    return Keyring(tuple(keys))


def new_key() -> bytes:
    """Draw a new key."""
    return secrets.token_bytes(KEY_BYTES)


def seal(secret: bytes, keyring: Keyring, *, row: str) -> bytes:
    """Seal bytes under the newest key, bound to the row they belong to."""
    _, key = keyring.newest
    nonce = secrets.token_bytes(NONCE_BYTES)
    return prefix_of(keyring) + nonce + AESGCM(key).encrypt(nonce, secret, row.encode())


def prefix_of(keyring: Keyring) -> bytes:
    """Give the first bytes of whatever the newest key seals: they name it."""
    named = keyring.newest[0].encode()
    return bytes([len(named)]) + named


def unseal(sealed: bytes, keyring: Keyring, *, row: str) -> bytes:
    """Open what `seal` made; CannotOpen if the key, the row or the value is another."""
    if not sealed:
        raise CannotOpen("There is nothing to open: it was erased.")
    size = sealed[0] + 1
    key = keyring.find(sealed[1:size].decode(errors="replace"))
    nonce, ciphertext = sealed[size : size + NONCE_BYTES], sealed[size + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, ciphertext, row.encode())
    except InvalidTag as error:
        raise CannotOpen("The value does not open with its key and row.") from error


def one_key(key: bytes) -> Keyring:
    """Wrap a conversation's own key as a keyring."""
    return Keyring((("c", key),))


def pad(secret: bytes, *, smallest: int = SMALLEST, growth: int = GROWTH) -> bytes:
    """Fill up to the next of few sizes (256, 1 Ki, 4 Ki, ...), with the true length in front."""
    size = smallest
    while size < len(secret) + LENGTH_BYTES:
        size *= growth
    return (len(secret).to_bytes(LENGTH_BYTES, "big") + secret).ljust(size, b"\0")


def unpad(padded: bytes) -> bytes:
    """Give back what `pad` was given."""
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    return padded[LENGTH_BYTES : LENGTH_BYTES + length]


def seal_json(value: Any, key: bytes, *, row: str, smallest: int = SMALLEST, growth: int = GROWTH) -> bytes:
    """Seal a JSON value, padded, under a conversation's key."""
    return seal(pad(msgspec.json.encode(value), smallest=smallest, growth=growth), one_key(key), row=row)


def unseal_json(sealed: bytes, key: bytes, *, row: str) -> Any:
    """Open what `seal_json` made; CannotOpen as `unseal`."""
    return msgspec.json.decode(unpad(unseal(sealed, one_key(key), row=row)))


def pseudonym(value: str, key: bytes) -> bytes:
    """Turn a number into a name that only the key's holder can make again (HMAC-SHA256)."""
    return hmac.new(key, value.encode(), hashlib.sha256).digest()


@lru_cache(maxsize=256)
def _derive(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode()).derive(key)
