"""A group session for tests: all of it invented."""

from datetime import datetime, timedelta

from core.database import Store
from core.group_sessions.group import Group
from core.group_sessions.sessions import make_group_session
from core.keys import ServiceKeys

TOLD = {"about-place": "school", "about-school": "special", "about-town": "wychavon"}


def oak_school(now: datetime) -> Group:
    """A session at a school that is under way and lasts an hour more."""
    began, ends = now - timedelta(minutes=15), now + timedelta(hours=1)
    return Group("Oak School", "Pat Nowak", "01632 960001", "Samira King", "01632 960002", began, ends, TOLD)


async def make(store: Store, keys: ServiceKeys, group: Group) -> tuple[str, str]:
    """Keep it; give its id and its code."""
    async with store.write() as session:
        return await make_group_session(session, keys, group)
