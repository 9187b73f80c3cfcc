"""Old keys of ours that must outlive the key they were made from, sealed under the newest one.

Almost everything can be sealed anew. Two things can't: the name of a number that said stop, of which nothing
but its keyed hash is kept, and the record of deeds, which must never be written again. So before an old key
is thrown away, what was derived from it for these two is sealed under the newest key, and found there.
"""

from dataclasses import replace

from sqlalchemy import LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from core.database import ServiceBase, Store, insert_new
from core.keys import ServiceKeys
from core.sealing import BadKeys, CannotOpen, Keyring, seal, unseal

PURPOSES = ("pseudonyms", "staff")


class KeptKey(ServiceBase):
    """One derived key: `name` is its purpose and the id of the key it came from."""

    __tablename__ = "kept_keys"

    name: Mapped[str] = mapped_column(String(300), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


async def keep_old_keys(store: Store, keys: ServiceKeys) -> None:
    """Seal what was derived from the older keys under the newest; doing it again changes nothing."""
    ring = sealing_ring(keys)
    rows = [
        {"name": name, "sealed": seal(key, ring, row=kept_row(name))}
        for purpose in PURPOSES
        for key_id, key in getattr(keys, purpose).keys[1:]
        if (name := f"{purpose}:{key_id}")
    ]
    if rows:
        async with store.write() as session:
            await insert_new(session, KeptKey, rows)


async def with_kept_keys(store: Store, keys: ServiceKeys) -> ServiceKeys:
    """Add the kept keys to those of the settings; BadKeys when the key that seals them is not among those."""
    async with store.read() as session:
        kept = {row.name: row.sealed for row in await session.scalars(select(KeptKey))}
    if not kept:
        return keys
    ring = sealing_ring(keys)
    try:
        opened = {name: unseal(sealed, ring, row=kept_row(name)) for name, sealed in kept.items()}
    except CannotOpen as error:
        raise BadKeys(
            "SERVICE_KEYS is not what the service store was sealed with last. Put the newest key first, and keep "
            "the one before until `keys rotate` says that nothing needs it."
        ) from error
    return replace(
        keys, **{purpose: _extend(getattr(keys, purpose), purpose, opened) for purpose in PURPOSES}
    )


def sealing_ring(keys: ServiceKeys) -> Keyring:
    """Give the keys that kept keys are sealed under."""
    return keys.staff.derive("kept keys")


def kept_row(name: str) -> str:
    """Name the row of a kept key."""
    return f"kept_key:{name}"


def _extend(ring: Keyring, purpose: str, opened: dict[str, bytes]) -> Keyring:
    """Put kept keys behind those that the settings still have."""
    had = {key_id for key_id, _ in ring.keys}
    more = ((name.partition(":")[2], key) for name, key in opened.items() if name.startswith(f"{purpose}:"))
    return Keyring((*ring.keys, *(each for each in more if each[0] not in had)))
