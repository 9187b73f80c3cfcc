"""The only module that turns a young person's number into a pseudonym, and an address back from it."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import UtcDateTime, insert_new
from core.ids import ContactId, new_id
from core.keys import ServiceKeys
from core.sealing import CannotOpen, pseudonym, seal, unseal
from core.young_people.consent import rename_opt_out
from core.young_people.tables import Contact

WHATSAPP = "whatsapp:"

_NOW: Final = bindparam("now", type_=UtcDateTime())
_PROVEN: Final = (
    update(Contact)
    .where(Contact.id.in_(bindparam("contacts", expanding=True)))
    .values(last_heard_at=_NOW, proven_at=func.coalesce(Contact.proven_at, _NOW))
    .execution_options(synchronize_session=False)
)


def plain_number(number: str) -> str:
    """Give the E.164 number without its channel, so that one phone is one contact on all channels."""
    return number.removeprefix(WHATSAPP)


def pseudonym_of(number: str, keys: ServiceKeys) -> bytes:
    """Name a number by its keyed hash (HMAC-SHA256, newest key): an unkeyed one falls in minutes."""
    return pseudonyms_of(number, keys)[0]


def pseudonyms_of(number: str, keys: ServiceKeys) -> tuple[bytes, ...]:
    """Give every name a number has had, newest key first, so that a stop outlives a change of keys."""
    return tuple(pseudonym(plain_number(number), key) for _, key in keys.pseudonyms.keys)


async def find_contact(session: AsyncSession, number: str, keys: ServiceKeys) -> ContactId | None:
    """Find the contact of a number, under whichever key it was first kept."""
    query = select(Contact.id).where(Contact.pseudonym.in_(pseudonyms_of(number, keys)))
    found = (await session.execute(query)).scalar()
    return None if found is None else ContactId(found)


async def keep_contact(session: AsyncSession, number: str, keys: ServiceKeys, now: datetime) -> ContactId:
    """Find or make the contact of a number that has just written to us."""
    found = await _hear_contact(session, number, keys, now)
    if found is None:
        await _make_contact(session, number, keys, now)
        found = await _hear_contact(session, number, keys, now)
    if found is None:
        msg = "A contact that was just kept can't be found."
        raise LookupError(msg)
    return found


async def hear_proven(session: AsyncSession, contacts: Collection[ContactId], now: datetime) -> None:
    """Note of contacts that we have written to when they wrote: each has now answered a text of ours."""
    await session.execute(_PROVEN, {"contacts": list(contacts), "now": now})


async def _hear_contact(
    session: AsyncSession, number: str, keys: ServiceKeys, now: datetime
) -> ContactId | None:
    """Find a contact and note when it wrote, in one statement that also holds its row."""
    heard = update(Contact).where(Contact.pseudonym.in_(pseudonyms_of(number, keys)))
    told = heard.values(last_heard_at=now).returning(Contact.id)
    found = (await session.execute(told.execution_options(synchronize_session=False))).scalars().first()
    return None if found is None else ContactId(found)


async def _make_contact(session: AsyncSession, number: str, keys: ServiceKeys, now: datetime) -> None:
    contact = ContactId(new_id())
    row = {
        "id": contact,
        "pseudonym": pseudonym_of(number, keys),
        "sealed_address": seal(plain_number(number).encode(), keys.addresses, row=contact_row(contact)),
        "is_only_theirs": None,
        "proven_at": None,
        "last_heard_at": now,
    }
    await insert_new(session, Contact, [row])


async def address_of(session: AsyncSession, contact: ContactId, keys: ServiceKeys) -> str:
    """Open the number of a contact, only ever to reply to it.

    CannotOpen when keys or row are others; NoResultFound when the contact was erased.
    """
    query = select(Contact.sealed_address).where(Contact.id == contact)
    sealed = (await session.execute(query)).scalar_one()
    return unseal(sealed, keys.addresses, row=contact_row(contact)).decode()


async def say_whose_phone(session: AsyncSession, contact: ContactId, *, is_only_theirs: bool | None) -> None:
    """Keep whether the phone is only theirs; None when it is not known, which counts as shared."""
    await session.execute(update(Contact).where(Contact.id == contact).values(is_only_theirs=is_only_theirs))


async def is_only_theirs(session: AsyncSession, contact: ContactId) -> bool | None:
    """Say whether the phone is only theirs, as they told us."""
    return (await session.execute(select(Contact.is_only_theirs).where(Contact.id == contact))).scalar()


async def prove_contact(session: AsyncSession, contact: ContactId, now: datetime) -> None:
    """Keep that the number has answered a text of ours: a From alone is a claim. The first time counts."""
    unproven = update(Contact).where(Contact.id == contact, Contact.proven_at.is_(None))
    await session.execute(unproven.values(proven_at=now))


async def is_proven(session: AsyncSession, contact: ContactId) -> bool:
    """Say whether the number has ever answered a text of ours."""
    proven_at = (await session.execute(select(Contact.proven_at).where(Contact.id == contact))).scalar()
    return proven_at is not None


async def rename_contacts(session: AsyncSession, keys: ServiceKeys, *, after: str, limit: int) -> list[str]:
    """Give the next contacts, and the stops of their numbers, the names that the newest key makes.

    Returns the ids that were looked at, in order; one whose address opens with no key stays as it is.
    """
    wanted = select(Contact).where(Contact.id > after).order_by(Contact.id).limit(limit).with_for_update()
    contacts = (await session.scalars(wanted)).all()
    for contact in contacts:
        try:
            number = unseal(contact.sealed_address, keys.addresses, row=contact_row(contact.id)).decode()
        except CannotOpen:
            continue
        newest, *older = pseudonyms_of(number, keys)
        if contact.pseudonym != newest:
            contact.pseudonym = newest
            await rename_opt_out(session, older, newest)
    return [contact.id for contact in contacts]


async def forget_contact(session: AsyncSession, contact: str) -> None:
    """Delete a number that nothing needs any more; a stop that it said is kept apart, and stays."""
    await session.execute(delete(Contact).where(Contact.id == contact))


def contact_row(contact: str) -> str:
    """Name the row that a contact's address is sealed for."""
    return f"contact:{contact}"
