"""Hold beside words whether the person who said them let them be used."""

import sqlalchemy as sa
from alembic import op

revision = "c41f7d0a9e36"
down_revision = "6d24260dc674"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("views", sa.Column("may_quote", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.execute("ALTER TABLE views DROP COLUMN may_quote")
