"""What a code becomes before it is kept or looked up, and how often one may be tried.

A code is stretched by scrypt, so that each guess costs; one half of the result is hashed with a key of ours and
is all that is kept, the other half is a key that seals what the code is for. Nobody can come from what is kept to
the code, and without the code nobody opens what it seals.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.keys import ServiceKeys
from core.sealing import KEY_BYTES, pseudonym
from core.text.code_words import CodeKind
from core.tries import Allowed, add_try, give_back_tries

COST = 2**15
BLOCK = 8
MEMORY = 64 * 1024 * 1024
SALT = b"have your say: codes"
"""One for all: a code must be found by itself. What a salt is for, the keyed hash does."""

AT_ONCE = 2
WINDOW = timedelta(hours=1)
TRIES = {CodeKind.LINK: 5, CodeKind.DELETE: 10, CodeKind.RETURN: 10}
TRIES_OVER_ALL = 1000
EVERYBODY = "everybody"
"""What all tries together are counted under."""


@dataclass(frozen=True, slots=True)
class Stretched:
    """A code, stretched: the names it may be kept under (newest key first), and the key that it is."""

    names: tuple[str, ...]
    key: bytes


@dataclass(frozen=True, slots=True)
class CodeStretcher:
    """Stretches at most two codes at once: each takes 32 MiB and a tenth of a second."""

    cost: int = COST
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE, "codes"))

    async def stretch(self, words: Sequence[str], keys: ServiceKeys) -> Stretched:
        """Stretch a code."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.pool, self._stretch, " ".join(words), keys)

    def _stretch(self, code: str, keys: ServiceKeys) -> Stretched:
        long = hashlib.scrypt(
            code.encode(), salt=SALT, n=self.cost, r=BLOCK, p=1, maxmem=MEMORY, dklen=2 * KEY_BYTES
        )
        proof, key = long[:KEY_BYTES].hex(), long[KEY_BYTES:]
        ring = keys.pseudonyms.derive("codes")
        return Stretched(tuple(pseudonym(proof, each).hex() for _, each in ring.keys), key)


async def may_try(
    session: AsyncSession, keys: ServiceKeys, *, kind: CodeKind, whose: Sequence[str], now: datetime
) -> bool:
    """Count a try by a conversation and its address (`whose`), and say whether it is within the limits.

    Who has no try left takes none from everybody. The counts are held until the commit.
    """
    _, key = keys.pseudonyms.derive("code tries").newest
    of_each = Allowed(TRIES[kind], WINDOW)
    for each in filter(None, whose):
        if not await add_try(session, pseudonym(each, key), of_each, now):
            return False
    return await add_try(session, pseudonym(EVERYBODY, key), Allowed(TRIES_OVER_ALL, WINDOW), now)


async def give_back_try(session: AsyncSession, keys: ServiceKeys, *, whose: Sequence[str]) -> None:
    """Take back what `may_try` allowed in this transaction: the code was right, and a class shares an address."""
    _, key = keys.pseudonyms.derive("code tries").newest
    for each in (*filter(None, whose), EVERYBODY):
        await give_back_tries(session, pseudonym(each, key))
