"""What objects of a kind add to an account: written out here, and passed to it, since it knows no kinds."""

from __future__ import annotations

from . import version_steps, webhook_deliveries
from .account import AccountTables
from .resources import (
    balance_transactions,
    configurations,
    disputes,
    events,
    payment_methods,
    readers,
    stripe_accounts,
    webhook_endpoints,
)

TABLES = AccountTables(
    views={
        balance_transactions.KIND: balance_transactions.view,
        disputes.KIND: disputes.view,
        readers.KIND: readers.view,
    },
    event_sinks=(webhook_deliveries.plan, events.forget_old),
    beginnings=(configurations.add_default,),
    shape=version_steps.shape,
    shaped_until=version_steps.SHAPED_UNTIL,
    event_versions=webhook_endpoints.versions,
    hints={payment_methods.KIND: stripe_accounts.hint},
)
