"""Where somebody lives: a typed town is understood here, only its district is kept, and no bot sees the town."""

import re

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.bot import Answer, Chosen, SayMessage
from core.conversation.claim import Claimed
from core.conversation.house import House
from core.conversation.place import Place
from core.conversation.rows import read_body
from core.conversation.tables import Message
from core.safeguarding.keeping import messages_kept
from core.sealing import seal_json
from core.towns import find_town

TOWN_QUESTION = "about-town"
ANSWER = "choose_answer"
NOT_KNOWN = "town_not_known"
NOT_UNDERSTOOD = frozenset({NOT_KNOWN, "trouble_not_understood", "trouble_which_of_these"})
_NAMES_A_PLACE = re.compile(
    r"(?:i(?: am|m)? )?(?:(?:live|stay)(?: (?:in|near|at|by|close to))?|from|in|near|at)\b(?: [\w-]+){1,4}"
)


def asks_for_town(place: Place) -> bool:
    """Say whether the open question asks for the town."""
    return (place.question or {}).get("ask_question") == TOWN_QUESTION


def town_in(house: House, place: Place, text: str) -> Chosen | None:
    """Give the answer that a typed town is, where it was asked for."""
    if not asks_for_town(place):
        return None
    where = find_town(house.area, text)
    offered = {answer.id for answer in house.bank.question(TOWN_QUESTION).answers}
    return Chosen(ANSWER, {"answer": where}) if where in offered else None


def is_typed_town(claimed: Claimed, chosen: Chosen) -> bool:
    """Say whether an answer was found in words that were typed where the town was asked for."""
    return asks_for_town(claimed.place) and claimed.body["choice"] is None and chosen.intent == ANSWER


def is_unknown_town(place: Place, text: str) -> bool:
    """Say whether words plainly name a place that we do not know ("i live in ...")."""
    plain = " ".join(re.sub(r"[^\w\s-]", "", text.lower().replace("\u2019", "")).split())
    return asks_for_town(place) and _NAMES_A_PLACE.fullmatch(plain) is not None


async def forget_town(
    session: AsyncSession, house: House, claimed: Claimed, answer: Answer, now: Place
) -> None:
    """Take the town out of what was typed: it was answered, or not understood. What a concern needs stays."""
    if not asks_for_town(claimed.place) or claimed.body["choice"] is not None:
        return
    is_answered = now.state["answers"].get(TOWN_QUESTION) != claimed.place.state["answers"].get(TOWN_QUESTION)
    says = {each.name for each in answer.says if isinstance(each, SayMessage)}
    if not is_answered and not says & NOT_UNDERSTOOD:
        return
    not_needed = Message.id.not_in(messages_kept(claimed.conversation))
    row = await session.scalar(select(Message).where(Message.id == claimed.message, not_needed))
    if row is not None:
        body = {**read_body(row, claimed.key), "text": house.catalogue.say("town_typed")}
        row.sealed_body = seal_json(body, claimed.key, row=f"message:{row.id}")
