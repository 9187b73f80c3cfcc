"""What "My page" is made of, and how it is said back before it is sent."""

from dataclasses import replace

from core.conversation.bot import State
from core.conversation.place import PAGE, Place, forget_personal, has_unsent
from core.text.messages import Catalogue, Variant

PARTS = ("like", "matters", "helps", "hope", "say")
"""The parts of the page, in order."""
NAME, WHERE, MAY, SEND = "name", "where", "may", "send"
SENDING = (NAME, WHERE, MAY, SEND)
"""What is asked, in order, before the page is sent: whose it is, where they learn, permission, and if it is right."""
WRITTEN = (*PARTS, NAME, WHERE)
"""What is answered in own words."""
IS_GIVEN = "given"
READ_BACK = frozenset({"my_page_read_back_who", "my_page_read_back"})
"""The messages that say the page back: their words go with it."""


def lifts_for(part: str) -> str:
    """Name the answer to a part among those that no bot sees."""
    return PAGE + part


def note_page_message(place: Place, message: str, lifts: str | None) -> Place:
    """Remember which message was written for the page, so that its words can go with the page."""
    if lifts is None or not lifts.startswith(PAGE):
        return place
    return replace(place, of_page=(*place.of_page, message))


def page_in(place: Place) -> dict[str, str] | None:
    """Give what was written for each part ("" where it was skipped); None while there is no page."""
    if not place.state.get("page"):
        return None
    return {part: written_for(place, part) for part in PARTS}


def written_for(place: Place, part: str) -> str:
    """Give what was written for a part, or for the name or the school beside the page ("" where it was skipped)."""
    is_given = (place.state.get("page") or {}).get(part) == IS_GIVEN
    return place.kept.get(lifts_for(part), "") if is_given else ""


def sent_for(place: Place, part: str) -> str:
    """Give what of it is sent: one that is held back is as empty as one that was skipped."""
    return "" if part in place.held_back else written_for(place, part)


def page_to_send(place: Place) -> dict[str, str]:
    """Give each part as it is sent."""
    return {part: sent_for(place, part) for part in PARTS}


def read_back_page(catalogue: Catalogue, place: Place, variant: Variant) -> dict[str, str]:
    """Say the page back as it is sent: whose it is, where they learn, and part by part."""
    empty = catalogue.say("my_page_part_empty", variant)
    parts = page_to_send(place).items()
    return {
        "page_name": sent_for(place, NAME) or catalogue.say("request_name_none", variant),
        "page_where": sent_for(place, WHERE) or empty,
        "page": "\n".join(
            f"{catalogue.say(f'my_page_{part}', variant)}: {words or empty}" for part, words in parts
        ),
    }


def is_read_back(state: State) -> bool:
    """Say whether the page is being read back before it is sent."""
    return state.get("flow") == "page" and state.get("step") == SEND


def holds_old_words(place: Place) -> bool:
    """Say whether something is open that by text must not be repeated after a silence."""
    state = place.state
    return has_unsent(place) or (bool(state.get("page")) and not state.get("page_old"))


def after_silence(place: Place) -> Place:
    """Give where a phone stands after a silence: what was not sent is dropped, and the page is not read back there."""
    state = place.state
    flows = (state, *(state.get("suspended") or ()))
    is_sending = any(each["flow"] == "page" and each["step"] in SENDING for each in flows)
    if state.get("page"):
        place = replace(place, state={**state, "page_old": True})
    return forget_personal(place) if is_sending or has_unsent(place) else place
