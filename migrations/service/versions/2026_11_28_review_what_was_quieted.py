"""review each message in which a phrase was heard and the second listener let it not count."""

import sqlalchemy as sa
from alembic import op

revision = "5e0d92c4a71b"
down_revision = "b3c85d16fa74"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.add_column(sa.Column("was_quieted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "review_counts_apart",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("was_quieted", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "was_quieted", "verdict"),
    )
    op.execute(
        "INSERT INTO review_counts_apart (month, was_quieted, verdict, count) "
        "SELECT month, false, verdict, count FROM review_counts"
    )
    op.drop_table("review_counts")
    op.rename_table("review_counts_apart", "review_counts")


def downgrade() -> None:
    op.create_table(
        "review_counts_together",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "verdict"),
    )
    op.execute(
        "INSERT INTO review_counts_together (month, verdict, count) "
        "SELECT month, verdict, count FROM review_counts WHERE NOT was_quieted"
    )
    op.drop_table("review_counts")
    op.rename_table("review_counts_together", "review_counts")
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_column("was_quieted")
