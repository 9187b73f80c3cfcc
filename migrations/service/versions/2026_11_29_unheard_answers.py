"""find the messages as well that were answered while the second listener was away."""

import sqlalchemy as sa
from alembic import op

revision = "91c7a2f4e5d0"
down_revision = "5e0d92c4a71b"
branch_labels = None
depends_on = None

NO_ANSWER = "attempts = 0 AND progress IN ('held', 'unheard')"
BEFORE = sa.text(NO_ANSWER)
NOW = sa.text(f"(({NO_ANSWER}) OR (due_at IS NOT NULL AND progress IN ('answered', 'set_aside')))")


def upgrade() -> None:
    _index(NOW)


def downgrade() -> None:
    op.execute("UPDATE messages SET due_at = NULL WHERE progress IN ('answered', 'set_aside')")
    _index(BEFORE)


def _index(which: sa.TextClause) -> None:
    op.drop_index("messages_unheard", table_name="messages")
    op.create_index(
        "messages_unheard",
        "messages",
        ["conversation_id", "seq"],
        postgresql_where=which,
        sqlite_where=which,
    )
