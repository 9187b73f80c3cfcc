"""send "My page" to the key workers, and know who has read it."""

import sqlalchemy as sa
from alembic import op

revision = "c41f7a93e60b"
down_revision = "b86e41d20f7a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.String(length=16), server_default="help", nullable=False))
        batch_op.add_column(sa.Column("read_by", sa.String(length=32), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("requests", schema=None) as batch_op:
        batch_op.drop_column("read_by")
        batch_op.drop_column("kind")
