"""How long each thing is kept: a council may say other numbers in its area file."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=1)]
DAYS_A_MONTH = 365 / 12


class Retention(BaseModel):
    """The numbers of SAFETY-AND-PRIVACY.md section 2; those of concerns count from the hand-over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    conversations_days: Count = 90
    sent_texts_days: Count = 7
    view_words_months: Count = 12
    requests_months: Count = 12
    complaints_months: Count = 12
    return_code_days: Count = 30
    concern_words_days: Count = 30
    audit_years: Annotated[int, Field(ge=6)] = 6

    def conversations_before(self, now: datetime) -> datetime:
        """Since when a conversation must have been quiet to be deleted."""
        return now - timedelta(days=self.conversations_days)

    def texts_before(self, now: datetime) -> datetime:
        """Before when a text must have left for its words to be deleted."""
        return now - timedelta(days=self.sent_texts_days)

    def requests_before(self, now: datetime) -> datetime:
        """Before when a request must have been closed to be deleted."""
        return now - months(self.requests_months)

    def complaints_before(self, now: datetime) -> datetime:
        """Before when a complaint must have been answered to be deleted."""
        return now - months(self.complaints_months)


def months(count: int) -> timedelta:
    """Give so many months as days, rounded up: nothing goes a day too early."""
    return timedelta(days=int(count * DAYS_A_MONTH) + 1)
