"""Give each person another name in every measure, and hold that they spoke apart from what they said."""

import sqlalchemy as sa
from alembic import op

revision = "5b1d0c7fe2a4"
down_revision = "fcab6663b0e6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("tag", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=64), nullable=False),
        sa.Column("anchored", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tag"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_people_period", "people", ["period"])
    people = "INSERT INTO people SELECT tag, min(period), max(anchored) > 0 FROM views GROUP BY tag"
    if op.get_bind().dialect.name == "postgresql":
        people = "INSERT INTO people SELECT tag, min(period), bool_or(anchored) FROM views GROUP BY tag"
    op.execute(people)
    op.drop_index("ix_views_tag", "views")
    op.execute(
        "ALTER TABLE views RENAME COLUMN tag TO person"
    )  # not in a batch: SQLite's copy would number rows
    op.create_index("ix_views_person", "views", ["person"])


def downgrade() -> None:
    op.drop_index("ix_views_person", "views")
    op.execute("ALTER TABLE views RENAME COLUMN person TO tag")
    op.create_index("ix_views_tag", "views", ["tag"])
    op.drop_table("people")
