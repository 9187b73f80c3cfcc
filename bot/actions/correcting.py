"""Hear a correction: of the answer just given, or of how words were understood. Silence leaves both as they are."""

from collections.abc import Sequence

from bot.actions.knowledge import Knowledge
from bot.actions.meaning import corrected_answer, feeling_in
from bot.actions.payloads import Payload, record_view, say
from bot.actions.places import CHANGE, begin, changed, open_question, reply_and_ask_again
from bot.actions.turn import Heard, Reply
from bot.actions.views import mean_words
from core.conversation.choices import match_choice
from core.views.question_bank import Bank, Question, QuestionKind, SetKind
from core.views.questions import previous_question


async def correct_view(heard: Heard, knowledge: Knowledge) -> Reply:
    """Change the answer before, or how the last words are meant; where neither is plain, ask what to do with them."""
    corrected = change_answer(heard, knowledge)
    if corrected is not None:
        return corrected
    state = heard.state
    said = state.get("said")
    if not said:
        return reply_and_ask_again(state, knowledge, say("view_nothing_to_change"))
    feeling = feeling_in(heard.text, before=said["feeling"]) if heard.text else None
    if feeling is not None:
        return mean_words(state, knowledge, feeling, before=say("view_changed"))
    asking = changed(begin(state, "view"), step=CHANGE)
    return Reply(open_question(asking, knowledge), asking)


def change_answer(heard: Heard, knowledge: Knowledge) -> Reply | None:
    """Change the answer to the question before ("no i meant sometimes"); None where the words don't say that."""
    state, bank = heard.state, knowledge.bank
    if state["flow"] != "questions" or heard.text is None:
        return None
    meant = corrected_answer(heard.text)
    before = previous_question(bank, state["trail"])
    if meant is None or before is None or before.kind is QuestionKind.FREE_TEXT:
        return None
    answer = _answer_meant(before, meant)
    if answer is None:
        return None
    answered = changed(state, answers={**state["answers"], before.id: answer})
    return reply_and_ask_again(
        answered, knowledge, *_decision(bank, before, answer), say("question_answer_changed")
    )


def _answer_meant(question: Question, words: str) -> str | None:
    for labels in _labels(question):
        found = match_choice(words, labels)
        if found is not None:
            return question.answers[found].id
    return None


def _labels(question: Question) -> Sequence[Sequence[str]]:
    easy = [answer.easy or answer.label for answer in question.answers]
    return [[answer.label for answer in question.answers], easy]


def _decision(bank: Bank, question: Question, answer: str) -> tuple[Payload, ...]:
    held = bank.set_of(question.id)
    return (record_view(question.id, held.area, answer=answer),) if held.kind is SetKind.VIEW else ()
