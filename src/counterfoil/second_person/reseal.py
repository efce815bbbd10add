"""What a request asks for, sealed anew under the newest key of the vault."""

from __future__ import annotations

from counterfoil.basis import NotOpened, Vault
from counterfoil.second_person.faults import REQUEST_OVER
from counterfoil.second_person.reading import place_of
from counterfoil.second_person.tables import second_request
from counterfoil.store import Change, Guard, Row


def resealing(vault: Vault, row: Row, /, *, change_id: str, at: int) -> Change | None:
    """The Change that seals it anew; None where the newest key sealed it, or it has ended. Raises Refused CF-2160.

    What is sealed is no evidence (the request's digest is), so ``at`` stands in no fact.
    """
    del at
    if row["sealed"] is None or vault.is_newest(bytes(row["sealed"])):
        return None
    place = place_of(row["merchant_id"], row["id"])
    try:
        plain = vault.open(bytes(row["sealed"]), place=place)
    except NotOpened as error:
        raise REQUEST_OVER() from error
    guard = Guard(second_request, row, {"sealed": vault.seal(plain, place=place)})
    return Change(change_id=change_id, merchant_id=row["merchant_id"], guards=(guard,))
