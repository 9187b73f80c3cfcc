"""How fast a number texts: counted as a text comes in, and given back when it had come before."""

from core.conversation.arrived import InboundText, Pace
from core.conversation.house import House
from core.rate_limits import Limit


def count_pace(house: House, number: str) -> Pace:
    """Count one more text of a number, and say how that is."""
    if house.limiter.count(Limit.TEXTS, number):
        return Pace.WELL
    return Pace.TOO_MUCH if house.limiter.count(Limit.TOLD_TOO_MUCH, number) else Pace.TOO_MUCH_AND_TOLD


def give_back_pace(house: House, inbound: InboundText) -> None:
    """Take back what was counted of a text that its provider sent again: the young person sent it once."""
    house.limiter.give_back(Limit.TEXTS, inbound.number)
    if inbound.pace is not Pace.WELL:
        house.limiter.give_back(Limit.TOLD_TOO_MUCH, inbound.number)
