"""The questions of the bank: start a set, take an answer, go on, go back, skip."""

from collections.abc import Sequence

from bot.actions.correcting import change_answer
from bot.actions.knowledge import Knowledge
from bot.actions.payloads import MENU, Payload, ask_question, record_view, say, take_back_view
from bot.actions.permission import ask_may_use, is_to_be_asked, spoke
from bot.actions.places import begin, changed, come_back, open_question, reply_and_ask_again
from bot.actions.turn import SAID, Heard, Reply, sounds_like_a_view
from bot.actions.views import keep_words
from core.conversation.bot import State
from core.views.positions import measure_of, places_of
from core.views.question_bank import Bank, Question, QuestionKind, QuestionSet, SetKind, Voice
from core.views.questions import answer_of, next_question, previous_question, sets_for

SHORTEST_TELLING_WORD = 5
SKIPPED, DONT_KNOW = "skip", "dont-know"


async def start_questions(heard: Heard, knowledge: Knowledge) -> Reply:
    """Open the set that was chosen, or the first that is not finished."""
    state, bank = heard.state, knowledge.bank
    chosen = heard.entities.get("set") or _set_named(bank, heard.text or "", state)
    chosen = chosen or _first_unfinished(bank, state)
    if state["flow"] == "questions" and chosen in {state["set"], None}:
        return reply_and_ask_again(state, knowledge)
    first = _first_question(bank, chosen, state)
    if chosen is None or first is None:
        return Reply((say("questions_done"), MENU), changed(come_back(state), set=None, question=None))
    opened = _show(begin(state, "questions"), chosen, first.id, trail=[first.id])
    total = sum(1 for asked in bank.set(chosen).questions if asked.id not in state["answers"])
    return Reply((say("questions_start", total=str(total)), ask_question(chosen, first.id)), opened)


async def answer_question(heard: Heard, knowledge: Knowledge) -> Reply:
    """Take what was said as the answer to the open question, where it can be one."""
    state, bank = heard.state, knowledge.bank
    try:
        question = bank.question(state["question"])
    except KeyError:  # it was taken out of the bank while somebody paused before it
        return _go_on(state, knowledge, ())
    answer = _answer_id(heard, question)
    if answer is not None:
        return _keep(heard, knowledge, question, answer)
    if question.kind is QuestionKind.FREE_TEXT:
        return _keep(heard, knowledge, question, SAID)
    changed_before = change_answer(heard, knowledge)
    if changed_before is not None:
        return changed_before
    if heard.text and sounds_like_a_view(heard):
        return keep_words(
            heard, knowledge, area=bank.set_of(question.id).area or knowledge.area_of(heard.text)
        )
    return reply_and_ask_again(state, knowledge, say("trouble_not_understood"))


async def skip_open_question(state: State, knowledge: Knowledge) -> Reply:
    """Leave the open question unanswered; what was answered to it before is taken back."""
    question, before = state["question"], state["answers"].get(state["question"])
    taken_back = () if before in {None, SKIPPED} else (take_back_view(question),)
    answered = changed(state, answers={**state["answers"], question: SKIPPED})
    return _go_on(answered, knowledge, (*taken_back, say("question_skipped")))


async def go_back_a_question(state: State, knowledge: Knowledge) -> Reply:
    """Open the question before; its answer stands until another is given."""
    trail = [asked for asked in state["trail"] if asked in _ids(knowledge.bank)]
    earlier = previous_question(knowledge.bank, trail)
    if earlier is None:
        return reply_and_ask_again(state, knowledge, say("question_first_already"))
    shown = trail[: trail.index(earlier.id) + 1]
    back = _show(state, knowledge.bank.set_of(earlier.id).id, earlier.id, trail=shown)
    return Reply((ask_question(back["set"], earlier.id),), back)


def _keep(heard: Heard, knowledge: Knowledge, question: Question, answer: str) -> Reply:
    state = heard.state
    state = spoke(state, knowledge) if answer == SAID else state
    answered = changed(state, answers={**state["answers"], question.id: answer})
    return _go_on(answered, knowledge, _decisions(knowledge.bank, question, answer))


def _decisions(bank: Bank, question: Question, answer: str) -> tuple[Payload, ...]:
    """Only what somebody thinks is a view; what they tell about themselves stays in the state."""
    held = bank.set_of(question.id)
    if held.kind is not SetKind.VIEW:
        return ()
    if question.kind is QuestionKind.FREE_TEXT:
        return (record_view(question.id, held.area),) if answer == SAID else ()
    return (record_view(question.id, held.area, answer=answer),)


def _go_on(state: State, knowledge: Knowledge, said: Sequence[Payload]) -> Reply:
    """Ask the next question; after the last of a set ask about the person, once; then go back or to the menu."""
    bank, set_id = knowledge.bank, state["set"]
    if set_id not in {held.id for held in bank.sets}:  # practitioners took the set out of the bank
        return _leave(state, knowledge, said)
    following = _next(bank, set_id, state)
    if following is not None:
        opened = _show(state, set_id, following.id, trail=[*state["trail"], following.id])
        return Reply((*said, ask_question(set_id, following.id)), opened)
    is_about = bank.set(set_id).kind is SetKind.ABOUT
    thanked = (*said, *_note_places(bank, state), say("about_you_done" if is_about else "questions_done"))
    about, first = (None, None) if is_about or state.get("voice") else _about_the_person(bank, state)
    if about is not None and first is not None:
        opened = _show(state, about, first.id, trail=[first.id])
        return Reply((*thanked, say("about_you_start"), ask_question(about, first.id)), opened)
    return _leave(state, knowledge, thanked)


def _note_places(bank: Bank, state: State) -> tuple[Payload, ...]:
    """Keep beside the answers of a set of views whether all stood in one place."""
    held = bank.set(state["set"])
    if held.kind is not SetKind.VIEW:
        return ()
    places = places_of(bank, held.id, state["answers"], mirrored=state["mirrored"])
    return (record_view(measure_of(held.id), held.area, answer=places),) if places else ()


def _leave(state: State, knowledge: Knowledge, said: Sequence[Payload]) -> Reply:
    done = changed(come_back(state), set=None, question=None, trail=[])
    if is_to_be_asked(done, knowledge):
        asking = ask_may_use(done, knowledge)
        return Reply((*said, *asking.payloads), asking.state)
    return Reply((*said, *open_question(done, knowledge)), done)


def _answer_id(heard: Heard, question: Question) -> str | None:
    """Return the id of the answer that was chosen, or "dont-know" where that was said."""
    if heard.intent == "say_dont_know":
        return DONT_KNOW
    chosen = heard.entities.get("answer") if heard.intent == "choose_answer" and heard.text is None else None
    return chosen if chosen and answer_of(question, chosen) else None


def _show(state: State, set_id: str, question: str, *, trail: Sequence[str]) -> State:
    return changed(state, set=set_id, question=question, trail=list(trail), step=None)


def _next(bank: Bank, set_id: str, state: State) -> Question | None:
    return next_question(bank, set_id, state["answers"], state["trail"])


def _first_question(bank: Bank, set_id: str | None, state: State) -> Question | None:
    known = {held.id for held in bank.sets}
    return next_question(bank, set_id, state["answers"], []) if set_id in known and set_id else None


def _set_named(bank: Bank, text: str, state: State) -> str | None:
    """Return the one set of views whose id or label shares a telling word with the text ("about health")."""
    said = {word for word in text.lower().split() if len(word) >= SHORTEST_TELLING_WORD}
    named = [held.id for held in _offered(bank, state) if said & {held.id, *held.label.lower().split()}]
    return named[0] if len(named) == 1 else None


def _first_unfinished(bank: Bank, state: State) -> str | None:
    return next((held.id for held in _offered(bank, state) if _first_question(bank, held.id, state)), None)


def _offered(bank: Bank, state: State) -> tuple[QuestionSet, ...]:
    """Give the sets for whoever speaks: a young person, or a grown-up in a lane of their own."""
    return sets_for(bank, answers=state["answers"], voice=Voice(state.get("voice") or Voice.YOUNG))


def _about_the_person(bank: Bank, state: State) -> tuple[str | None, Question | None]:
    about = next((held.id for held in bank.sets if held.kind is SetKind.ABOUT), None)
    return about, _first_question(bank, about, state)


def _ids(bank: Bank) -> frozenset[str]:
    return frozenset(asked.id for held in bank.sets for asked in held.questions)
