"""The part of a Change that opens an office login or gives it another address."""

from __future__ import annotations

from typing import Any

from counterfoil.evidence import SYSTEM, committed
from counterfoil.people.facts import LOGIN_CHANGED
from counterfoil.people.logins.email import digest_of, email_of
from counterfoil.people.means import Means
from counterfoil.people.person import ACTIVE, Person
from counterfoil.people.shapes import SALT_BYTES
from counterfoil.people.tables import login
from counterfoil.store import ChangePart, Insert


def address_columns(means: Means, merchant_id: int, email: str) -> dict[str, Any]:
    """The columns that hold an address. Raises Refused CF-2031 where it is none."""
    plain = email_of(email)
    return {
        **committed("email", plain, means.entropy.bytes(SALT_BYTES)),
        "email_digest": digest_of(means, merchant_id, plain),
    }


def opened_part(means: Means, person: Person, email: str, *, password_hash: str | None, by: str = SYSTEM) -> ChangePart:
    """A new login; ``password_hash`` None: a reset that is begun sets the first password."""
    now = means.clock.now()
    row = {
        "merchant_id": person.merchant_id,
        "person_id": person.id,
        **address_columns(means, person.merchant_id, email),
        "state": ACTIVE,
        "password_hash": password_hash,
        "made_at": now,
    }
    fact = LOGIN_CHANGED.fact(at=now, actor=by, subject=person.id, what="opened")
    return ChangePart(inserts=(Insert(login, row),), facts=(fact,))
