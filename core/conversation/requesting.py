"""Fill a request with the personal answers that no bot saw, and send it: for a key worker, or with "My page"."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation.bot import Say, SayMessage
from core.conversation.claim import Claimed
from core.conversation.house import House
from core.conversation.my_page import hold_back
from core.conversation.page_parts import NAME, WHERE, page_to_send, sent_for
from core.conversation.place import Place, only_page
from core.conversation.say import fill_in, variant_for
from core.ids import ConversationId
from core.signposting.pages_sent import MOST_A_DAY, read_pages_sent
from core.signposting.requests import RequestBody, open_request
from core.signposting.rules import Step, read_back
from core.signposting.tables import RequestKind

JUST_ME = "nobody"


def body_of_request(house: House, place: Place) -> RequestBody:
    """Give what the key worker will see: each answer in the words the young person saw, and what they agreed to."""
    variant = variant_for(place.state)
    request: Mapping[str, str] = place.state["request"]
    values = fill_in(house, read_back(request), place, variant)
    is_alone = request.get(Step.HELPED_BY) in (None, JUST_ME)
    return RequestBody(
        about=values["about"],
        first_name=values["first_name"],
        reach=values["reach"],
        when=values["when"],
        helper=None if is_alone else values["helped_by"],
        permission=house.catalogue.say("request_permission_question", variant),
    )


def body_of_page(house: House, place: Place) -> RequestBody:
    """Give what the key worker will see of a page: whose it is, where they learn, and each part that goes."""
    variant, say = variant_for(place.state), house.catalogue.say
    return RequestBody(
        about=say("my_page_sent_about", variant),
        first_name=sent_for(place, NAME) or say("request_name_none", variant),
        reach=say("request_reach_here", variant),
        when=say("request_when_any", variant),
        helper=None,
        permission=say("my_page_may_question", variant),
        where=sent_for(place, WHERE) or None,
        page=page_to_send(place),
    )


async def send_request(
    session: AsyncSession, house: House, claimed: Claimed, place: Place
) -> tuple[Place, tuple[Say, ...]]:
    """Send the request for a key worker, and tell its reference words; the personal answers go only into it."""
    body = body_of_request(house, place)
    reference = await _open(session, house, claimed, body, RequestKind.HELP)
    sent = SayMessage("request_sent", {"reference": reference})
    return replace(place, kept=only_page(place.kept)), (sent, SayMessage("request_sent_next"))


async def send_page(
    session: AsyncSession, house: House, claimed: Claimed, place: Place
) -> tuple[Place, tuple[Say, ...]]:
    """Send the page as it is now, and tell its reference words; what was heard as a worry meanwhile stays here.

    One that the key workers have already is not sent again, and only so many go in a day.
    """
    place = await hold_back(session, claimed.conversation, place, claimed.key)
    body = body_of_page(house, place)
    theirs = [claimed.conversation, *map(ConversationId, place.linked)]
    before = await read_pages_sent(session, theirs, claimed.key)
    have = next((each for each in before if each.is_open and each.says_the_same(body)), None)
    if have is not None:
        return place, (SayMessage("my_page_sent_before", {"reference": have.words}),)
    if sum(each.sent_at >= _today_began_at(house) for each in before) >= MOST_A_DAY:
        state = {**place.state, "page_sent": any(each.is_open for each in before)}
        return replace(place, state=state), (SayMessage("my_page_sent_enough", {"most": str(MOST_A_DAY)}),)
    reference = await _open(session, house, claimed, body, RequestKind.PAGE)
    return place, (SayMessage("my_page_sent", {"reference": reference}), SayMessage("my_page_sent_next"))


def _today_began_at(house: House) -> datetime:
    """By the area's clock, so that "tomorrow" is true."""
    return house.clock().astimezone(house.area.zone).replace(hour=0, minute=0, second=0, microsecond=0)


async def _open(
    session: AsyncSession, house: House, claimed: Claimed, body: RequestBody, kind: RequestKind
) -> str:
    opened = await open_request(
        session,
        conversation=claimed.conversation,
        key=claimed.key,
        body=body,
        now=house.clock(),
        kind=kind,
    )
    return opened.words
