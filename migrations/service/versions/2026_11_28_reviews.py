"""let some messages wait for a blind review, and count how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "7c3f90be51d8"
down_revision = "d5a1c7e9b042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review_counts",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "verdict"),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("message_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("message_id"),
    )


def downgrade() -> None:
    op.drop_table("reviews")
    op.drop_table("review_counts")
