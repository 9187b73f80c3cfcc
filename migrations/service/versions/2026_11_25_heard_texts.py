"""keep for some days which texts were taken in."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "b8d1f04c72a6"
down_revision = "fc10c5365f50"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "heard_texts",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("at", core.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sid"),
    )
    with op.batch_alter_table("heard_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heard_texts_at"), ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("heard_texts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_heard_texts_at"))

    op.drop_table("heard_texts")
