"""Carry out what was decided in a turn, inside the transaction that ends it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.bot import (
    Decision,
    FinishConversation,
    ForgetPage,
    GiveCode,
    HandBack,
    HearNotSafe,
    KeepState,
    MakeComplaint,
    MeanView,
    OpenRequest,
    RecordComment,
    RecordUnmetNeed,
    RecordView,
    Say,
    SayMessage,
    SendPage,
    State,
    TakeBackView,
)
from core.conversation.claim import Claimed
from core.conversation.complaining import send_complaint, without_left_complaint
from core.conversation.given_codes import text_code
from core.conversation.house import House
from core.conversation.my_page import hold_back, take_back_page
from core.conversation.ourselves import MENU, WHOSE
from core.conversation.page_parts import is_read_back, note_page_message
from core.conversation.periods import period_at
from core.conversation.permission import keep_no, may_quote, note_permission
from core.conversation.place import Place, read_place
from core.conversation.profile import is_told_alike, profile_of
from core.conversation.requesting import send_page, send_request
from core.conversation.rows import read_body
from core.conversation.tables import Conversation, Message, Progress
from core.conversation.understand import Understood, words_to_keep
from core.conversation.using_codes import use_code
from core.ids import ContactId, MessageId
from core.signposting.personal_answers import COMPLAINT
from core.views.comments import comment_on
from core.views.record import View, record_profile, record_view, take_back_view
from core.young_people.contact import say_whose_phone

UNMET_NEED = "unmet-need"


@dataclass(frozen=True, slots=True)
class TurnAtWork:
    """A turn while it is being committed."""

    session: AsyncSession
    house: House
    conversation: Conversation
    claimed: Claimed
    understood: Understood


Carried = tuple[Place, tuple[Say, ...]]
"""Where the conversation stands now, and what is to be said of what was done."""


async def carry_out(turn: TurnAtWork, decisions: tuple[Decision, ...]) -> Carried:
    """Write every decision; the new state comes first, so that a request is sent with all its answers."""
    before, stands = turn.claimed.place, read_place(turn.conversation, turn.house.keys)[0]
    state = keep_no(before.state, stands=stands.state, before=before.state)
    place = replace(before, kept=turn.understood.kept, state=state)
    if turn.understood.chosen is None:
        place = note_page_message(place, turn.claimed.message, place.state["lifts"])
    place, says = await _note_whose_phone(turn, place)
    if turn.claimed.body.get("code"):
        place, used = await use_code(turn.session, turn.house, turn.claimed, place)
        says = (*says, *used)
    for decision in sorted(decisions, key=lambda each: not isinstance(each, KeepState)):
        place, more = await _carry_out(turn, decision, place)
        says = (*says, *more)
    return place, says


async def _carry_out(turn: TurnAtWork, decision: Decision, place: Place) -> Carried:
    match decision:
        case KeepState(state=state):
            return await _keep_state(turn, state, place), ()
        case RecordView() | RecordUnmetNeed() | RecordComment() | MeanView() | TakeBackView():
            await _keep_what_is_thought(turn, decision, place)
        case OpenRequest() | SendPage() | MakeComplaint() | ForgetPage():
            return await _send(turn, decision, place)
        case GiveCode():
            return place, await _give_code(turn, decision, place)
        case FinishConversation():
            turn.conversation.finished_at = turn.house.clock()
        case HearNotSafe() | HandBack():
            pass  # raised with the check-in, which asks about it; answered by the house in the bot's place
        case _:
            assert_never(decision)
    return place, ()


async def _keep_state(turn: TurnAtWork, state: State, place: Place) -> Place:
    state = keep_no(state, stands=place.state, before=turn.claimed.place.state)
    await _note_profile(turn, place.state, state)
    await note_permission(turn.session, turn.house, turn.claimed, before=place, now=state)
    place = replace(place, state=state, kept=without_left_complaint(place.kept, state))
    if is_read_back(state):
        return await hold_back(turn.session, turn.claimed.conversation, place, turn.claimed.key)
    return place


async def _give_code(turn: TurnAtWork, drawn: GiveCode, place: Place) -> tuple[Say, ...]:
    is_new = await text_code(turn.session, turn.house, turn.conversation, place, turn.claimed.key, drawn)
    return (SayMessage("code_write_down"),) if is_new else (SayMessage("code_given_before"),)


async def _keep_what_is_thought(
    turn: TurnAtWork,
    decision: RecordView | RecordUnmetNeed | RecordComment | MeanView | TakeBackView,
    place: Place,
) -> None:
    match decision:
        case RecordComment(services=services, verdict=verdict):
            for service in services:
                view = View(comment_on(service), answer=verdict)
                await _keep_view(turn, view, turn.claimed.message, place, at=turn.house.clock())
        case TakeBackView():
            await _take_back(turn, decision)
        case MeanView():
            await _mean(turn, decision, place)
        case _:
            await _record(turn, decision, place)


async def _record(turn: TurnAtWork, decision: RecordView | RecordUnmetNeed, place: Place) -> None:
    """Keep a view apart from who said it; the words are those of this message."""
    words = turn.understood.words
    if isinstance(decision, RecordView):
        view = View(decision.measure, decision.area, decision.answer, words if decision.text else None)
    else:
        # What was asked for was said before: the answer to it was "none of these", or nothing was found.
        search = place.state.get("help") or {}
        asked_for = None if search.get("unsaid") else search.get("need") or words
        view = View(UNMET_NEED, decision.area, None, asked_for or None)
    await _keep_view(turn, view, turn.claimed.message, place, at=turn.house.clock())


async def _mean(turn: TurnAtWork, decision: MeanView, place: Place) -> None:
    """Keep how the words of an earlier message are meant, in the place of how they were read."""
    said = await turn.session.get(Message, decision.message)
    if said is None or said.conversation_id != turn.claimed.conversation:
        return
    words = words_to_keep(read_body(said, turn.claimed.key)["text"])
    view = View(decision.measure, decision.area, decision.meant, words)
    await _keep_view(turn, view, MessageId(said.id), place, at=said.at)


async def _keep_view(turn: TurnAtWork, view: View, message: MessageId, place: Place, *, at: datetime) -> None:
    profile, period = (
        await profile_of(turn.session, turn.conversation, place.state),
        period_at(turn.house, at),
    )
    await record_view(
        turn.session,
        conversation=turn.claimed.conversation,
        key=turn.claimed.key,
        view=replace(view, profile=profile, name=message, may_quote=may_quote(place.state, period)),
        seed=place.seed,
        period=period,
    )


async def _take_back(turn: TurnAtWork, decision: TakeBackView) -> None:
    said = await turn.session.get(Message, decision.message) if decision.message else None
    await take_back_view(
        turn.session,
        conversation=turn.claimed.conversation,
        key=turn.claimed.key,
        measure=decision.measure,
        said=(period_at(turn.house, said.at), said.id) if said else None,
    )


async def _note_profile(turn: TurnAtWork, before: State, now: State) -> None:
    """Put what was newly told about the person beside the views that wait already."""
    if is_told_alike(before, now):
        return
    profile = await profile_of(turn.session, turn.conversation, now)
    await record_profile(
        turn.session, conversation=turn.claimed.conversation, key=turn.claimed.key, profile=profile
    )


async def _send(
    turn: TurnAtWork, decision: OpenRequest | SendPage | MakeComplaint | ForgetPage, place: Place
) -> Carried:
    if isinstance(decision, OpenRequest):
        return await send_request(turn.session, turn.house, turn.claimed, place)
    if isinstance(decision, SendPage):
        return await send_page(turn.session, turn.house, turn.claimed, place)
    if isinstance(decision, ForgetPage):
        key = turn.claimed.key
        return await take_back_page(turn.session, turn.house, turn.conversation, place, key), ()
    words = turn.understood.kept.get(COMPLAINT)
    return place, await send_complaint(turn.session, turn.house, turn.claimed, words)


async def _note_whose_phone(turn: TurnAtWork, place: Place) -> Carried:
    """Note whose phone it is when it was told, and let the first text be answered, whatever was said.

    The menu is offered only where no first text waits: its answer comes next, and one question is enough.
    """
    contact, chosen = turn.conversation.contact_id, turn.understood.chosen
    if contact is None:
        return place, ()
    first = await turn.session.execute(
        update(Message)
        .where(Message.conversation_id == turn.conversation.id, Message.progress == Progress.HELD)
        .values(progress=Progress.WAITING, attempts=0, due_at=None)
        .returning(Message.id)
    )
    waits = first.first() is not None
    if chosen is None or chosen.intent != WHOSE:
        return place, ()
    is_mine = chosen.entities["whose"] == "mine"
    await say_whose_phone(turn.session, ContactId(contact), is_only_theirs=is_mine)
    kept = SayMessage("phone_owner_kept" if is_mine else "phone_shared_kept")
    place = replace(place, state={**place.state, "private": is_mine})
    return place, (kept,) if waits else (kept, MENU)
