"""keep drills, and how soon each was read."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "d5a1c7e9b042"
down_revision = "23dc4998faa7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drills",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("begun_at", core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("was_raised", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("read_at", core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", core.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation_id"),
    )
    with op.batch_alter_table("drills", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drills_begun_at"), ["begun_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("drills", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drills_begun_at"))

    op.drop_table("drills")
