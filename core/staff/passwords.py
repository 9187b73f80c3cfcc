"""Hash and check passwords (argon2id) without holding up anyone else."""

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

AT_ONCE = 2
SHORTEST = 12
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
            return self._hasher.verify(kept or self._hash_of_nobody(), password) and kept is not None
        except (VerifyMismatchError, InvalidHashError):
            return False

    def _hash_of_nobody(self) -> str:
        if self._nobody is None:
            self._nobody = self._hasher.hash(secrets.token_hex())
        return self._nobody


def draw_password() -> str:
    """Draw a password that can be read out: 5 groups of 4 letters and digits, 99 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
