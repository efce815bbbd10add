"""The code that an app shows at this moment: for a demonstration, which has no secrets, and for nothing else."""

from __future__ import annotations

from counterfoil.basis import insist
from counterfoil.factors.code import code_at, opened, step_at
from counterfoil.factors.means import Means
from counterfoil.factors.reading import code_app_row


async def code_now(means: Means, merchant_id: int, person_id: str) -> str | None:
    """The code of that person's app; None where they have none. Raises Broken outside a demonstration."""
    insist(means.store.installation.demonstration, "codes are shown in a demonstration only")
    row = await code_app_row(means.store, merchant_id, person_id)
    if row is None:
        return None
    # Codes count once: after one was taken, the next is what will be accepted.
    step = max(step_at(means.clock.now()), row["last_step"] + 1)
    return code_at(opened(means.vault, row), step)
