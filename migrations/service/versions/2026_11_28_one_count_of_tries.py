"""count tries of codes and of sign-ins in one table, where many at once can't pass."""

import sqlalchemy as sa
from alembic import op

import core.database

revision = "b3c85d16fa74"
down_revision = "a90d4be7c215"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Begin all counts anew: the longest of them counts for a day."""
    op.create_table(
        "tries",
        sa.Column("whose", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ends_at", core.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("whose"),
    )
    for table in ("group_code_tries", "code_tries", "staff_sign_in_tries"):
        op.drop_table(table)


def downgrade() -> None:
    op.create_table(
        "staff_sign_in_tries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account", sa.LargeBinary(length=32), nullable=False),
        sa.Column("address", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", core.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("staff_sign_in_tries_account", "staff_sign_in_tries", ["account", "at"])
    op.create_index("staff_sign_in_tries_address", "staff_sign_in_tries", ["address", "at"])
    op.create_table(
        "code_tries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("whose", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", core.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("code_tries_of", "code_tries", ["whose", "at"])
    op.create_table(
        "group_code_tries",
        sa.Column("whose", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("ends_at", core.database.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("whose"),
    )
    op.drop_table("tries")
