"""rota and calls."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "062818149c81"
down_revision = "494f873dcf44"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rota_turns",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("mobile", sa.String(length=16), nullable=True),
        sa.Column("days", sa.String(length=100), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=False),
        sa.Column("to_minute", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("rota_turns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rota_turns_staff_id"), ["staff_id"], unique=False)

    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("read_by_at", core.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("calls", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("call_at", core.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("check_in", sa.String(length=16), nullable=True))
        batch_op.create_index(batch_op.f("ix_concerns_call_at"), ["call_at"], unique=False)

    # What stood open before is called about from now on.
    op.execute("UPDATE concerns SET read_by_at = raised_at")
    op.execute("UPDATE concerns SET call_at = raised_at WHERE acknowledged_at IS NULL AND closed_at IS NULL")
    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.alter_column(
            "read_by_at", existing_type=core.database.UtcDateTime(timezone=True), nullable=False
        )
        batch_op.alter_column("calls", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concerns_call_at"))
        batch_op.drop_column("check_in")
        batch_op.drop_column("call_at")
        batch_op.drop_column("calls")
        batch_op.drop_column("read_by_at")

    with op.batch_alter_table("rota_turns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rota_turns_staff_id"))

    op.drop_table("rota_turns")
