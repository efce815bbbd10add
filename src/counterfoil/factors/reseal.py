"""A code app's secret sealed anew under the newest key of the vault."""

from __future__ import annotations

from counterfoil.basis import Vault
from counterfoil.factors.code import opened, sealed
from counterfoil.factors.tables import code_app
from counterfoil.store import Change, Guard, Row


def resealing(vault: Vault, row: Row, /, *, change_id: str, at: int) -> Change | None:
    """The Change that seals it anew; None where the newest key sealed it, or it is gone. Raises Refused CF-2069.

    No column that it writes is evidence, so ``at`` stands in no fact.
    """
    del at
    if row["sealed_secret"] is None or vault.is_newest(bytes(row["sealed_secret"])):
        return None
    again = sealed(vault, row["merchant_id"], row["id"], opened(vault, row))
    guard = Guard(code_app, row, {"sealed_secret": again})
    return Change(change_id=change_id, merchant_id=row["merchant_id"], guards=(guard,))
