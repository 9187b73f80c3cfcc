"""record of concerns."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "30aa236c6ae0"
down_revision = "1981d18043c8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "concern_counts",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "level", "outcome"),
    )
    op.create_table(
        "concern_clearances",
        sa.Column("concern_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("is_clear", sa.Boolean(), nullable=False),
        sa.Column("at", core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("concern_id", "staff_id"),
    )
    op.create_table(
        "concern_hand_overs",
        sa.Column("concern_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("sealed_record", sa.LargeBinary(), nullable=False),
        sa.Column("at", core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("concern_id"),
    )
    op.create_table(
        "concern_notes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("concern_id", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=32), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("at", core.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["concern_id"], ["concerns.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("concern_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_concern_notes_concern_id"), ["concern_id"], unique=False)

    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_about_worker", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(
            sa.Column("tells_key_worker", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("sealed_reach", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("bulk_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("second_look", sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column("second_look_by", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_concerns_bulk_id"), ["bulk_id"], unique=False)
        batch_op.create_foreign_key("concerns_second_look_by", "staff", ["second_look_by"], ["id"])

    with op.batch_alter_table("concerns", schema=None) as batch_op:
        for column in ("is_about_worker", "tells_key_worker"):
            batch_op.alter_column(column, existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("concerns", schema=None) as batch_op:
        batch_op.drop_constraint("concerns_second_look_by", type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_concerns_bulk_id"))
        batch_op.drop_column("second_look_by")
        batch_op.drop_column("second_look")
        batch_op.drop_column("bulk_id")
        batch_op.drop_column("sealed_reach")
        batch_op.drop_column("tells_key_worker")
        batch_op.drop_column("is_about_worker")

    with op.batch_alter_table("concern_notes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_concern_notes_concern_id"))

    op.drop_table("concern_notes")
    op.drop_table("concern_hand_overs")
    op.drop_table("concern_clearances")
    op.drop_table("concern_counts")
