"""Who comes with the code of a group session: place and town are known, and a concern tells where they are."""

from dataclasses import replace

from core.conversation.house import House
from core.conversation.place import Place
from core.group_sessions.group import Group, group_of
from core.group_sessions.sessions import find_group_session, read_group_code
from core.rate_limits import Limit, TooMuch


async def find_group(house: House, typed: str, address: str) -> Group | None:
    """Give the group session whose code was typed; None where it is wrong, old or over, which all look alike.

    Only wrong codes are counted, by network address: a whole class may share one. TooMuch after many.
    """
    if not house.limiter.is_within(Limit.WRONG_GROUP_CODES, address):
        raise TooMuch
    async with house.service.read() as session:
        group = await find_group_session(session, house.keys, typed, house.clock())
    if group is None and read_group_code(typed) is not None:
        house.limiter.count(Limit.WRONG_GROUP_CODES, address)
    return group


def in_group(place: Place, group: Group) -> Place:
    """Seal a group session with where a conversation stands; what its helper said is not asked again."""
    answers = {**place.state["answers"], **group.told}
    return replace(place, state={**place.state, "answers": answers}, group=group.as_json())


def group_at(place: Place) -> Group | None:
    """Give the group session that a conversation came with."""
    return None if place.group is None else group_of(place.group)
