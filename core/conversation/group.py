"""Who comes with the code of a group session: place and town are known, and a concern tells where they are."""

from dataclasses import replace

from core.conversation.house import House
from core.conversation.place import Place
from core.group_sessions.group import Group, group_of
from core.group_sessions.sessions import find_group_session, read_group_code
from core.group_sessions.tries import count_try, give_back_try, require_tries_left


async def find_group(house: House, typed: str, address: str) -> Group | None:
    """Give the group session whose code was typed; None where it is wrong, old or over, which all look alike.

    Only wrong codes are counted, by network address: a whole class may share one. TooMuch after many.
    """
    if read_group_code(typed) is None:
        return None
    keys, now, is_limited = house.keys, house.clock(), house.limiter.is_on
    async with house.service.read() as session:
        if not is_limited:
            return await find_group_session(session, keys, typed, now)
        await require_tries_left(session, keys, address, now)
    async with house.service.write() as session:
        await count_try(session, keys, address, now)
        group = await find_group_session(session, keys, typed, now)
        if group is not None:
            await give_back_try(session, keys, address)
    return group


def in_group(place: Place, group: Group) -> Place:
    """Seal a group session with where a conversation stands; what its helper said is not asked again."""
    answers = {**place.state["answers"], **group.told}
    return replace(place, state={**place.state, "answers": answers}, group=group.as_json())


def group_at(place: Place) -> Group | None:
    """Give the group session that a conversation came with."""
    return None if place.group is None else group_of(place.group)
