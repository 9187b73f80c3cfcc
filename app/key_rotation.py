"""Seal everything anew under the newest keys: what there is to seal, and in which order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.stores import Stores
from core.conversation.tables import Conversation
from core.database import Store
from core.group_sessions.sessions import group_keys, group_row
from core.group_sessions.tables import GroupSession
from core.kept_keys import KeptKey, keep_old_keys, kept_row, sealing_ring
from core.keys import ServiceKeys, conversation_row
from core.reseal import Resealed, SealedColumn, count_old, reseal_some
from core.sealing import Keyring
from core.staff.second_step import app_row, app_secrets
from core.staff.tables import StaffAccount
from core.views.delete_codes import ask_row
from core.views.erasing import wish_row
from core.views.held import view_row
from core.views.tables import ErasureAsk, ErasureWish, HeldView
from core.young_people.contact import contact_row, rename_contacts
from core.young_people.tables import Contact

CONTACTS_AT_ONCE = 200

Told = Callable[[str, int, int], None]
"""Told how far it has come: what, how many are done, how many there were to do."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What came of one column: how many were sealed anew, how many no key opens, how many are left."""

    what: str
    done: int
    stuck: int
    left: int


def sealed_columns(stores: Stores, keys: ServiceKeys, seals: Keyring) -> Sequence[SealedColumn]:
    """List everything that is sealed directly under a key of the settings; the rest hangs on these."""
    service, views = stores.service, stores.views
    return (
        SealedColumn(
            "keys of conversations",
            service,
            Conversation.id,
            Conversation.sealed_key,
            keys.conversations,
            conversation_row,
        ),
        SealedColumn(
            "phone numbers", service, Contact.id, Contact.sealed_address, keys.addresses, contact_row
        ),
        _code_apps(service, keys),
        SealedColumn("words of views", views, HeldView.id, HeldView.sealed_text, seals, view_row),
        SealedColumn(
            "wishes to erase",
            service,
            ErasureWish.id,
            ErasureWish.sealed,
            keys.conversations,
            wish_row,
        ),
        _group_sessions(service, keys),
        SealedColumn("codes typed", views, ErasureAsk.name, ErasureAsk.sealed_key, seals, ask_row),
        SealedColumn("kept keys", service, KeptKey.name, KeptKey.sealed, sealing_ring(keys), kept_row),
    )


def _code_apps(service: Store, keys: ServiceKeys) -> SealedColumn:
    what, column = "secrets of code apps", StaffAccount.sealed_secret
    return SealedColumn(what, service, StaffAccount.id, column, app_secrets(keys), app_row)


def _group_sessions(service: Store, keys: ServiceKeys) -> SealedColumn:
    what, column = "group sessions", GroupSession.sealed_group
    return SealedColumn(what, service, GroupSession.id, column, group_keys(keys), group_row)


async def rotate_keys(stores: Stores, keys: ServiceKeys, seals: Keyring, *, told: Told) -> list[Rotated]:
    """Seal everything anew that stands under an older key, few rows at a time; say what came of each kind."""
    await keep_old_keys(stores.service, keys)
    await _rename_contacts(stores.service, keys)
    return [await _rotate(column, told) for column in sealed_columns(stores, keys, seals)]


async def _rotate(column: SealedColumn, told: Told) -> Rotated:
    total, so_far = await count_old(column), Resealed()
    told(column.what, 0, total)
    while (further := await reseal_some(column, so_far)) is not None:
        so_far = further
        told(column.what, so_far.done, total)
    return Rotated(column.what, so_far.done, so_far.stuck, await count_old(column))


async def _rename_contacts(store: Store, keys: ServiceKeys) -> None:
    last = ""
    while True:
        async with store.write() as session:
            seen = await rename_contacts(session, keys, after=last, limit=CONTACTS_AT_ONCE)
        if not seen:
            return
        last = seen[-1]
