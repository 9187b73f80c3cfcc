"""count reviews by week, so that figures can be shown of finished weeks only."""

import sqlalchemy as sa
from alembic import op

revision = "2d8be06f47c3"
down_revision = "91c7a2f4e5d0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Counts so far keep the name of their month ("2026-11"), which stands before every week of its year."""
    _make("review_counts_by_week", sa.Column("week", sa.String(length=8), nullable=False))
    op.execute(
        "INSERT INTO review_counts_by_week (week, was_quieted, verdict, count) "
        "SELECT month, was_quieted, verdict, count FROM review_counts"
    )
    _put_in_place("review_counts_by_week")


def downgrade() -> None:
    """No month can be told of a week: what was counted in a year is put together ("2026-00")."""
    _make("review_counts_by_month", sa.Column("month", sa.String(length=7), nullable=False))
    op.execute(
        "INSERT INTO review_counts_by_month (month, was_quieted, verdict, count) "
        "SELECT substr(week, 1, 4) || '-00', was_quieted, verdict, sum(count) FROM review_counts "
        "GROUP BY substr(week, 1, 4) || '-00', was_quieted, verdict"
    )
    _put_in_place("review_counts_by_month")


def _make(table: str, when: sa.Column[str]) -> None:
    op.create_table(
        table,
        when,
        sa.Column("was_quieted", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(when.name, "was_quieted", "verdict"),
    )


def _put_in_place(table: str) -> None:
    op.drop_table("review_counts")
    op.rename_table(table, "review_counts")
