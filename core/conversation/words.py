"""Put whatever a bot wants said into words: a message, a question of the bank, a service, a word's meaning."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, assert_never

from core.conversation.bot import AskQuestion, Choice, ExplainWord, Say, SayMessage, ShowService, State
from core.conversation.house import House
from core.conversation.place import OpenChoice, Place
from core.conversation.say import Said, offer, say_message, shows_numbers, variant_for
from core.conversation.tables import Kind
from core.local_offer.describe import describe
from core.local_offer.directory import ServiceId
from core.text.messages import Variant
from core.views.questions import SKIP, Answer, QuestionKind, choices_of, position


def put_into_words(house: House, says: Sequence[Say], place: Place) -> tuple[Said, ...]:
    """Give each thing to be said in the words of this person's variant; KeyError is a mistake of ours."""
    said = tuple(_in_words(house, say, place) for say in says)
    is_numbered = shows_numbers(place.state) and place.state["channel"] != "sms"
    return tuple(_with_numbers(each) for each in said) if is_numbered else said


def _with_numbers(said: Said) -> Said:
    """Write the numbers of the choices under the words; by text that is done for everyone."""
    numbered = "".join(f"\n{number} {each.label}" for number, each in enumerate(said.choices, start=1))
    return replace(said, text=said.text + numbered, easy_text=said.easy_text + numbered)


def read_again(question: Mapping[str, Any]) -> Say:
    """Read a question back that was kept to be asked again."""
    if "ask_question" in question:
        return AskQuestion(set=question["set"], question=question["ask_question"])
    choices = tuple(Choice(**choice) for choice in question["choices"])
    return SayMessage(question["say"], question["values"], "question", choices)


def _in_words(house: House, say: Say, place: Place) -> Said:
    match say:
        case SayMessage():
            return say_message(house, say, place)
        case AskQuestion():
            return _ask(house, say, place.state)
        case ShowService():
            return _show(house, say, place.state)
        case ExplainWord():
            return _explain(house, say, place)
        case _:
            assert_never(say)


def _ask(house: House, say: AskQuestion, state: State) -> Said:
    question, variant = house.bank.question(say.question), variant_for(state)
    number, total = position(
        house.bank, say.set, say.question, answers=state["answers"], trail=state["trail"]
    )
    progress = house.catalogue.say("question_progress", variant, number=number, total=total)
    answers = choices_of(question, mirrored=state["mirrored"])
    return Said(
        text=f"{progress}\n{question.words(variant)}",
        easy_text=f"{progress}\n{question.words(Variant.EASY)}",
        choices=tuple(_answer_choice(answer, variant) for answer in answers),
        kind=Kind.QUESTION,
        expects="free_text" if question.kind is QuestionKind.FREE_TEXT else "closed",
        again={"ask_question": say.question, "set": say.set},
    )


def _answer_choice(answer: Answer, variant: Variant) -> OpenChoice:
    label = answer.easy if variant is Variant.EASY and answer.easy else answer.label
    if answer == SKIP:
        return offer(label, "skip_question", {}, answer.symbol)
    return offer(label, "choose_answer", {"answer": answer.id}, answer.symbol)


def _show(house: House, say: ShowService, state: State) -> Said:
    entry, variant = house.shelf.entry(ServiceId(say.service)), variant_for(state)
    if entry is None:
        raise KeyError(say.service)
    lines = describe(entry, house.clock().date())
    text = "\n".join(house.catalogue.say(line.message, variant, **line.values) for line in lines)
    return Said(text=text, easy_text=text)


def _explain(house: House, say: ExplainWord, place: Place) -> Said:
    entry = house.glossary.entries[say.entry]
    values = {"word": entry.term, "meaning": entry.plain}
    return say_message(house, SayMessage("word_meaning", values), place)
