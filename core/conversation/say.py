"""A message in words, as it is kept: in the person's own variant, with the choices it offers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.conversation.bot import Expects, SayMessage, State
from core.conversation.house import House
from core.conversation.page_parts import READ_BACK, read_back_page
from core.conversation.place import OpenChoice, Place
from core.conversation.tables import Author, Kind
from core.ids import new_id
from core.signposting.rules import NAMED
from core.text.messages import Variant


@dataclass(frozen=True, slots=True)
class Said:
    """A message in words: `text` in the person's own variant, `easy_text` beside it, and its choices.

    `again` is the question as JSON, kept so that it can be asked again; None when it is no question. `of_page`: it
    says "My page" back, and its words go when the page goes.
    """

    text: str
    easy_text: str
    choices: tuple[OpenChoice, ...] = ()
    kind: Kind = Kind.MESSAGE
    author: Author = Author.BOT
    level: str | None = None
    expects: Expects = "anything"
    again: Mapping[str, Any] | None = None
    of_page: bool = False

    @property
    def body(self) -> dict[str, Any]:
        """What of it is sealed in the message's row."""
        shown = [{"id": each.id, "label": each.label, "symbol": each.symbol} for each in self.choices]
        body = {"text": self.text, "easy_text": self.easy_text, "choices": shown}
        return {**body, "of_page": True} if self.of_page else body


def variant_for(state: State) -> Variant:
    """Pick the words for a person: the text-message ones by text, else those of their way."""
    if state["channel"] == "sms":
        return Variant.SMS
    return Variant.EASY if state["my_way"] == "easy" else Variant.STANDARD


def shows_numbers(state: State) -> bool:
    """Say whether choices are shown with their numbers: always by text, and to who likes numbers only."""
    return bool(state["channel"] == "sms") or "numbers" in (state.get("ways") or ())


def offer(label: str, intent: str, entities: Mapping[str, str], symbol: str | None) -> OpenChoice:
    """Offer a choice under a new id that tells nothing of what it means."""
    return OpenChoice(new_id(), label, intent, dict(entities), symbol)


def fill_in(house: House, values: Mapping[str, str], place: Place, variant: Variant) -> dict[str, str]:
    """Put words in for values that name a message (NAMED, name), and add the personal answers that we kept."""
    words = {
        name: house.catalogue.say(value[1:], variant) if _is_named(house, value) else value
        for name, value in values.items()
    }
    return {**place.kept, **words}


def say_message(house: House, say: SayMessage, place: Place) -> Said:
    """Put a message of the catalogue into words; UnknownMessage and MissingValue are mistakes of ours."""
    variant, catalogue = variant_for(place.state), house.catalogue
    choices = tuple(
        offer(
            catalogue.say(each.label, variant),
            each.intent,
            each.entities,
            each.symbol or catalogue.symbol(each.label),
        )
        for each in say.choices
    )
    return Said(
        text=catalogue.say(say.name, variant, **_values(house, say, place, variant)),
        easy_text=catalogue.say(say.name, Variant.EASY, **_values(house, say, place, Variant.EASY)),
        choices=choices,
        kind=Kind.QUESTION if say.kind == "question" else Kind.MESSAGE,
        again=as_json(say) if say.kind == "question" else None,
        of_page=say.name in READ_BACK,
    )


def _values(house: House, say: SayMessage, place: Place, variant: Variant) -> dict[str, str]:
    values = fill_in(house, say.values, place, variant)
    return {**values, **read_back_page(house.catalogue, place, variant)} if say.name in READ_BACK else values


def as_json(say: SayMessage) -> dict[str, Any]:
    """Write a question down so that it can be asked again."""
    choices = [
        {"intent": each.intent, "label": each.label, "entities": dict(each.entities), "symbol": each.symbol}
        for each in say.choices
    ]
    return {"say": say.name, "values": dict(say.values), "choices": choices}


def _is_named(house: House, value: str) -> bool:
    """Say whether a value names a message; no person's words can begin so."""
    return value.startswith(NAMED) and value[1:] in house.catalogue
