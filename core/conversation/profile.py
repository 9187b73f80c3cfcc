"""What is known of who says a view, in the bands a summary is broken down by."""

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.bot import State
from core.conversation.tables import Conversation
from core.ids import ContactId
from core.views.record import OWN_WORDS, SAID_FOR, Profile
from core.young_people.contact import is_proven

UNTOLD = frozenset({"skip", "dont-know"})
ABOUT_THEM = ("about-town", "about-age", "about-helper", "about-helper-how", "about-place")


async def profile_of(session: AsyncSession, conversation: Conversation, state: State) -> Profile:
    """Give the profile that the person has told so far; what was not told is None.

    Anchored is who answered a message that we sent to their phone.
    """
    contact = conversation.contact_id
    is_anchored = contact is not None and await is_proven(session, ContactId(contact))
    return Profile(
        channel=conversation.channel,
        district=_told(state, "about-town"),
        age=_told(state, "about-age"),
        helped_by=_helped_by(state),
        place=_told(state, "about-place"),
        anchored=is_anchored,
    )


def is_told_alike(one: State, other: State) -> bool:
    """Say whether two states tell the same about the person, so that a profile made from either is the same."""
    is_same_voice = one.get("voice") == other.get("voice")
    return is_same_voice and all(_told(one, each) == _told(other, each) for each in ABOUT_THEM)


def _helped_by(state: State) -> str | None:
    """Say whose words these are: a grown-up's own, said for a young person, or a young person's with some help."""
    if state.get("voice"):
        return OWN_WORDS[state["voice"]]
    return SAID_FOR if _told(state, "about-helper-how") == SAID_FOR else _told(state, "about-helper")


def _told(state: State, question: str) -> str | None:
    answer = state["answers"].get(question)
    return None if answer in UNTOLD else answer
