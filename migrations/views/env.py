"""Bring the views store to the newest tables, on the connection that `migrate` gives."""

from alembic import context

import migrations.tables  # noqa: F401 - importing them is what makes them known
from core.database import ViewsBase

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=ViewsBase.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
