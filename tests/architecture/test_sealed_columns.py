"""Every sealed column is sealed anew when its key changes; one that was forgotten could not be read any more."""

from app.key_rotation import sealed_columns
from app.stores import Stores as AppStores
from core.database import ServiceBase, ViewsBase
from core.safeguarding.resealing import SEALED_WITH_WORDS
from tests.stores import Stores
from tests.texting import some_keys

UNDER_THEIR_CONVERSATION = {
    "complaints.sealed_body",
    "conversation_tags.sealed",
    "conversations.sealed_place",
    "messages.sealed_body",
    "outbox.sealed_text",
    "requests.sealed_body",
    "waiting_views.sealed",
}
"""Under the key of their conversation: core.conversation.erase gives them its new one."""
GONE_IN_HOURS = "staff_sign_in_sessions.sealed_secret"
"""A code app that is being set up: under a key that is gone, the person begins again."""

UNDER_ITSELF = "delete_codes.sealed_tag"
"""Under the code that opens it, which nobody keeps."""


def test_every_sealed_column_is_rotated_or_hangs_on_a_conversation(sqlite_stores: Stores) -> None:
    both = AppStores(sqlite_stores.service, sqlite_stores.views)
    keys = some_keys()
    rotated = {str(each.value.property.columns[0]) for each in sealed_columns(both, keys, keys.conversations)}
    of_concerns = {str(each.value.property.columns[0]) for each in SEALED_WITH_WORDS}
    sealed = {
        f"{table.name}.{column.name}"
        for metadata in (ServiceBase.metadata, ViewsBase.metadata)
        for table in metadata.tables.values()
        for column in table.columns
        if column.name.startswith("sealed")
    }
    assert sealed == rotated | UNDER_THEIR_CONVERSATION | of_concerns | {GONE_IN_HOURS, UNDER_ITSELF}
