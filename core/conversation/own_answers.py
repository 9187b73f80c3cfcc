"""What was answered to what somebody said themselves: they write the delete code of that term, and it deletes nothing.

Which codes are only read is for `code_asked` to say: any that follow the wish to read; every other one deletes.
"""

from collections.abc import Awaitable, Callable, Sequence

from core.conversation.bot import Choice, Say, SayMessage
from core.conversation.house import House
from core.conversation.ourselves import NO_CODE
from core.conversation.place import Place
from core.views.answered import find_answers
from core.young_people.codes import Stretched

ReadsAnswers = Callable[[], Awaitable[bool]]
"""Says whether a delete code that comes in now is to be read, and not to delete."""

ASK_CODE = SayMessage("answers_write_code", choices=(Choice(NO_CODE, "answers_no_code"),))
"""Of no kind of its own: the question that was open before stays open beside it."""


async def answers_under(house: House, stretched: Stretched) -> tuple[str, ...]:
    """Give the ids of what was answered to what was said under a code; none for a wrong code."""
    return await find_answers(
        house.codes.views,
        house.responses,
        names=stretched.names,
        code_key=stretched.key,
        today=house.clock().astimezone(house.area.zone).date(),
    )


def say_answers(house: House, place: Place, found: Sequence[str]) -> tuple[Say, ...]:
    """Say what was answered, or that there is nothing, which a wrong code is told too; and that nothing was deleted.

    On a phone that others may hold, or of which we do not know yet, only the last is said.
    """
    if place.state["private"] is not True:
        hidden = (SayMessage("answers_hidden"),) if place.state["private"] is False else ()
        return (*hidden, SayMessage("answers_kept"))
    told = [each for each in map(house.responses.find, found) if each is not None]
    said = [SayMessage("happened_said_did", {"said": each.said, "did": each.did}) for each in told]
    begin = SayMessage("answers_start") if said else SayMessage("answers_none")
    return (begin, *said, SayMessage("answers_kept"))


def ask_for_code(place: Place, again: tuple[Say, ...]) -> tuple[Say, ...]:
    """Ask for the code, but on a phone that others may hold: what it shows tells what somebody spoke about."""
    return (ASK_CODE,) if place.state["private"] is True else (SayMessage("answers_hidden"), *again)
