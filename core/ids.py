"""Names for the things we keep, so that one kind of id is never taken for another."""

import secrets
from typing import NewType

ConversationId = NewType("ConversationId", str)
MessageId = NewType("MessageId", str)
ContactId = NewType("ContactId", str)
RequestId = NewType("RequestId", str)
ComplaintId = NewType("ComplaintId", str)
ConcernId = NewType("ConcernId", str)
OutboxId = NewType("OutboxId", str)
StaffId = NewType("StaffId", str)
PeriodId = NewType("PeriodId", str)

ID_LENGTH = 32


def new_id() -> str:
    """Draw a random 128-bit id, as 32 hexadecimal digits: it tells nothing of when or in what order."""
    return secrets.token_hex(ID_LENGTH // 2)
