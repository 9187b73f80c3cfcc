"""What can be understood of a message without a bot: a number or label typed, symbols, an answer to keep from it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from core.conversation.bot import GIVEN, Chosen, Turn
from core.conversation.choices import match_choice
from core.conversation.claim import Claimed
from core.conversation.commands import command_in
from core.conversation.house import House
from core.conversation.place import Place, find_choice
from core.conversation.rights import wish_in
from core.conversation.safety import read_check_in
from core.conversation.say import shows_numbers
from core.conversation.symbols import name_symbols
from core.conversation.town import NOT_KNOWN, is_unknown_town, town_in
from core.conversation.typed_code import TYPE_CODE
from core.sealing import pseudonym
from core.signposting.personal_answers import NOT_CLEAR, read_personal_answer
from core.text.clean import RASA_CHARACTERS, clean_text, for_rasa, is_only_symbols
from core.text.messages import Variant
from core.text.personal import remove_personal_details

LONG_TEXT = 500
"""Characters. A shorter one is understood in less time than a thread takes to be asked."""
GO_ON = "go_on"
NOT_UNDERSTOOD = "trouble_not_understood"
GO_ON_LABEL = "choice_go_on"
"""What we invite people to say after a pause: it asks the open question again, and never answers it."""
STANDING_LABELS = {
    "go_back": "choice_go_back",
    "skip_question": "choice_skip",
    "pause_conversation": "choice_stop",
    "ask_help": "choice_help",
    "say_not_safe": "choice_not_safe",
}


@dataclass(frozen=True, slots=True)
class Understood:
    """A message made ready for an answer.

    `chosen` is the choice it was, if any. `kept` are the personal answers so far. `words` are what may be kept
    as a view: the whole text, without the personal details that were found. `only_repeat`: it came after the
    safety answer and answers nothing, so the open question is asked again. `is_stale`: it was a choice of a
    question that was answered meanwhile, as when it is tapped twice. `symbols` are
    the names of the symbols, where the message is nothing else. `unclear` is what to say where a name or a number was
    asked for, and the words hold none, or a town that we do not know.
    """

    chosen: Chosen | None
    turn: Turn
    kept: Mapping[str, str]
    words: str
    only_repeat: bool
    is_stale: bool
    symbols: str | None
    unclear: str | None = None

    @property
    def is_cut(self) -> bool:
        """Whether the bot gets only the beginning of the words."""
        return self.turn.text is not None and len(self.words) > len(self.turn.text) >= RASA_CHARACTERS

    @property
    def says_nothing(self) -> bool:
        """Whether nothing is left of the words once they are clean: "/", or unseen characters."""
        return self.turn.choice is None and not self.turn.text


async def make_ready(house: House, claimed: Claimed) -> Understood:
    """Understand what needs no bot; a text of a book's length holds up nobody else meanwhile."""
    if len(claimed.body["text"]) <= LONG_TEXT:
        return understand(house, claimed)
    return await asyncio.to_thread(understand, house, claimed)


def understand(house: House, claimed: Claimed) -> Understood:
    """Make a claimed message ready."""
    place, text = claimed.place, claimed.body["text"]
    chosen = _chosen(house, claimed)
    personal = place.state["lifts"] if chosen is None else None
    given = read_personal_answer(personal, clean_text(text)) if personal else None
    kept = {**place.kept, personal: given} if personal and given else place.kept
    symbols = name_symbols(text) if chosen is None and not personal and is_only_symbols(text) else None
    plain = symbols or text
    turn = Turn(
        sender=pseudonym(claimed.conversation, house.owner.encode()).hex(),
        message=claimed.message,
        text=None
        if chosen
        else (GIVEN if personal else for_rasa(remove_personal_details(clean_text(plain)).text)),
        choice=chosen,
        state=place.state,
        expects=place.expects,
    )
    words = "" if personal else words_to_keep(text)
    is_after_safety = 0 < place.safety_seq < claimed.seq
    only_repeat = is_after_safety and chosen is None and place.question is not None
    return Understood(
        chosen,
        turn,
        kept,
        words,
        only_repeat,
        is_stale=_is_stale(claimed),
        symbols=symbols,
        unclear=_unclear(place, text, personal=personal, given=given) if chosen is None else None,
    )


def _unclear(place: Place, text: str, *, personal: str | None, given: str | None) -> str | None:
    """Say what is missing where a name, a number or a town was asked for."""
    if personal and given is None:
        return NOT_CLEAR.get(personal, NOT_UNDERSTOOD)
    return NOT_KNOWN if is_unknown_town(place, text) else None


def words_to_keep(text: str) -> str:
    """Give what may be kept of words as a view: all of them, but the personal details that were found."""
    return remove_personal_details(clean_text(text)).text


def _is_stale(claimed: Claimed) -> bool:
    """Say whether the choice was open when it came in, and is no more."""
    tapped = claimed.body["choice"]
    return tapped is not None and find_choice(tapped["id"], claimed.place, claimed.key) is None


def _chosen(house: House, claimed: Claimed) -> Chosen | None:
    """Give the choice that was tapped, or that the typed words plainly are."""
    if claimed.body.get("code"):
        return Chosen(TYPE_CODE)
    tapped = claimed.body["choice"]
    if tapped is not None:
        return Chosen(tapped["intent"], tapped["entities"])
    text, place = claimed.body["text"], claimed.place
    is_later = claimed.seq > place.safety_seq  # what was said before we asked is no reply to it
    reply = read_check_in(house, place, text) if is_later else None
    if reply is not None:
        return Chosen("check_in", {"safe": reply.value})
    asked = command_in(text) if place.state["lifts"] else None
    asked = asked or _match_standing(house, text) or town_in(house, place, text)
    return asked or _match_open(text, place)


def _match_open(text: str, place: Place) -> Chosen | None:
    """Match the open choices; where own words are asked for, only a whole label or the number shown counts."""
    labels = [choice.label for choice in place.open]
    if place.expects == "free_text":
        shown = {str(n): n - 1 for n in range(1, len(labels) + 1)} if shows_numbers(place.state) else {}
        typed = text.strip().casefold()
        whole = {label.casefold(): n for n, label in enumerate(labels)}
        matched = shown.get(typed, whole.get(typed))
    else:
        matched = match_choice(text, labels, symbols=[choice.symbol for choice in place.open])
    return None if matched is None else place.open[matched].chosen


def _match_standing(house: House, text: str) -> Chosen | None:
    """Match what can always be said: exactly those words, so that no answer is eaten as a command.

    Around a wish, quotes and a full stop count for nothing: we write it in quotes, and phones add the rest.
    """
    typed = text.strip().casefold()
    for intent, label in (*STANDING_LABELS.items(), (GO_ON, GO_ON_LABEL)):
        if house.catalogue.say(label, Variant.STANDARD).casefold() == typed:
            return Chosen(intent)
    wish = wish_in(house, text)
    return None if wish is None else Chosen(wish)
