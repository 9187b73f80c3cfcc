"""find the messages that only the second listener is to hear."""

import sqlalchemy as sa
from alembic import op

revision = "b86e41d20f7a"
down_revision = "7c3f90be51d8"
branch_labels = None
depends_on = None

IS_UNHEARD = sa.text("attempts = 0 AND progress IN ('held', 'unheard')")


def upgrade() -> None:
    op.create_index(
        "messages_unheard",
        "messages",
        ["conversation_id", "seq"],
        postgresql_where=IS_UNHEARD,
        sqlite_where=IS_UNHEARD,
    )


def downgrade() -> None:
    op.drop_index("messages_unheard", table_name="messages")
