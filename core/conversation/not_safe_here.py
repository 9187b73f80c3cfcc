"""Whether what arrived says "I am not safe" where it was asked ("no", "1", a button): it is never turned away.

It is looked up only for what is about to be turned away, and together with what else is looked up then: of everyday
messages a fifth has a "no" in it, and in a flood a connection for each would leave none for others who read.
"""

from typing import Any, Final

from sqlalchemy import BindParameter, bindparam, select

from core.conversation.house import House
from core.conversation.place import find_choice, read_place
from core.conversation.safety import heard_in_choice, heard_in_reply
from core.conversation.tables import Conversation
from core.group_read import AnyRow
from core.ids import ConversationId
from core.safeguarding.check_in import may_mean_not_safe
from core.young_people.contact import pseudonyms_of
from core.young_people.tables import Contact

_PLACE: Final = (Conversation.id, Conversation.sealed_key, Conversation.sealed_place)
_NAMES: Final[BindParameter[Any]] = bindparam("names", expanding=True)
_BY_ID: Final = select(*_PLACE).where(Conversation.id.in_(_NAMES))
_BY_PHONE: Final = (
    select(Contact.pseudonym, *_PLACE)
    .join(Conversation, Conversation.contact_id == Contact.id)
    .where(Contact.pseudonym.in_(_NAMES), Conversation.finished_at.is_(None))
    .order_by(Conversation.started_at)
)
"""The one that began last comes last, and counts."""


async def is_not_safe_on_web(
    house: House, conversation: ConversationId, choice: str | None, text: str | None
) -> bool:
    """Say whether a choice or an answer says "not safe" where a conversation on the web stands."""
    if choice is None and (text is None or not may_mean_not_safe(text)):
        return False
    return _is_not_safe(house, await house.lookups.find(_BY_ID, conversation), choice, text)


async def is_not_safe_by_text(house: House, number: str, words: str) -> bool:
    """Say whether words say "not safe" where the conversation of a phone stands."""
    if not may_mean_not_safe(words):
        return False
    names = pseudonyms_of(number, house.keys)
    return _is_not_safe(house, await house.lookups.find(_BY_PHONE, *names), None, words)


def _is_not_safe(house: House, row: AnyRow | None, choice: str | None, text: str | None) -> bool:
    if row is None:
        return False
    place, key = read_place(row, house.keys)
    chosen = None if choice is None else find_choice(choice, place, key)
    return (heard_in_choice(chosen) or heard_in_reply(house, place, text)) is not None
