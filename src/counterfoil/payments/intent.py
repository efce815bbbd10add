"""Committing an intent: nothing is called before it is durable, and nobody is told it is when it may not be."""

from __future__ import annotations

from counterfoil.payments.faults import INTENT_UNKNOWN
from counterfoil.payments.means import Means
from counterfoil.store import Change, Committed, FateUnknown, Repeated, Stale


async def commit_intent(means: Means, change: Change) -> Committed | None:
    """Commit ``change``; None where somebody moved first and the act must look and decide again.

    Raises INTENT_UNKNOWN where the database fell silent. What was written all the same is found by its ``due_at``.
    """
    try:
        return await means.store.commit(change)
    except (Stale, Repeated):
        return None
    except FateUnknown as silent:
        raise INTENT_UNKNOWN() from silent
