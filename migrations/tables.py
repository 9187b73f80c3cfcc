"""Every table of both stores, imported in this one place so that migrations see them all."""

from importlib import import_module

MODULES = (
    "core.complaints.tables",
    "core.conversation.tables",
    "core.group_sessions.tables",
    "core.job_lease",
    "core.kept_keys",
    "core.local_offer.tables",
    "core.outbox_tables",
    "core.safeguarding.drill_tables",
    "core.safeguarding.record_tables",
    "core.safeguarding.review_tables",
    "core.safeguarding.rota_tables",
    "core.safeguarding.tables",
    "core.signposting.tables",
    "core.staff.tables",
    "core.summaries.tables",
    "core.tries_tables",
    "core.views.tables",
    "core.young_people.tables",
)

for module in MODULES:
    import_module(module)
