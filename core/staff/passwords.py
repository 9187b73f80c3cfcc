"""Hash and check passwords (argon2id) without holding up anyone else."""

import asyncio
import re
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from zxcvbn import zxcvbn

AT_ONCE = 2
SHORTEST = 12
LONGEST_GUESSED = 72
"""What zxcvbn looks at; more letters make a password no weaker."""
PARTS = re.compile(r"[^\w]+")
STRONG = 3
"""Of zxcvbn's 0 to 4: "safely unguessable", over 10^8 guesses."""
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS = 5
GROUP_LENGTH = 4


class Passwords:
    """At most two hashes at once: each takes 64 MiB and much of a core (argon2-cffi's RFC 9106 profile)."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")
        self._nobody: str | None = None

    async def hash(self, password: str) -> str:
        """Make what is kept in place of a password."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._hasher.hash, password)

    async def fits(self, password: str, kept: str | None) -> bool:
        """Say whether this is the password; `None` (no such account) takes as long, and is always no."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._check, password, kept)

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False)

    def _check(self, password: str, kept: str | None) -> bool:
        try:
            return self._hasher.verify(kept or self._hash_of_nobody(), password) and bool(kept)
        except (VerifyMismatchError, InvalidHashError):
            return False

    def _hash_of_nobody(self) -> str:
        if self._nobody is None:
            self._nobody = self._hasher.hash(secrets.token_hex())
        return self._nobody


def draw_password() -> str:
    """Draw a password that can be read out: 5 groups of 4 letters and digits, 99 bits."""
    return draw_groups(GROUPS)


def draw_groups(count: int) -> str:
    """Draw groups of 4 letters and digits that are hard to take for one another; each has 19.8 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(count))


def is_easy_to_guess(password: str, *about: str) -> bool:
    """Say whether a guesser would soon have this password, who knows these words about its owner."""
    known = [part for words in about for part in (words, *PARTS.split(words)) if part]
    guessed = zxcvbn(password[:LONGEST_GUESSED], user_inputs=known)
    return bool(guessed["score"] < STRONG)
