"""openings of contacts."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "e33ccfe82f9b"
down_revision = "30aa236c6ae0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contact_openings",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("concern_id", sa.String(length=32), nullable=False),
        sa.Column("asked_by", sa.String(length=32), nullable=False),
        sa.Column("asked_at", core.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=False),
        sa.Column("is_life_at_risk", sa.Boolean(), nullable=False),
        sa.Column("agreed_by", sa.String(length=32), nullable=True),
        sa.Column("agreed_at", core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("opens_until", core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("review_by_at", core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("review_call_at", core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.String(length=32), nullable=True),
        sa.Column("reviewed_at", core.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("was_right", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["agreed_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["asked_by"], ["staff.id"]),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"]),
        sa.ForeignKeyConstraint(["reviewed_by"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("contact_openings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_openings_concern_id"), ["concern_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("contact_openings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_openings_concern_id"))

    op.drop_table("contact_openings")
