"""Which period of the area a moment belongs to."""

from datetime import datetime

from core.area import period_of
from core.conversation.house import House
from core.ids import PeriodId


def period_at(house: House, at: datetime) -> PeriodId:
    """Name the period of a day; one that the area file forgot gets a name of its own, so that no view is lost."""
    day = at.astimezone(house.area.zone).date()
    period = period_of(house.area, day)
    return PeriodId(period.id if period else f"{day.year}-unplanned")
