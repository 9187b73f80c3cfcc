"""count wrong codes of group sessions where many at once can't pass."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "a90d4be7c215"
down_revision = "3f6b9d20c8e4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_code_tries",
        sa.Column("whose", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ends_at", core.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("whose"),
    )


def downgrade() -> None:
    op.drop_table("group_code_tries")
