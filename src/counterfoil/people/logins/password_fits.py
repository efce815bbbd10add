"""Whether somebody who is signed in to the office knows their password, asked once more before an act."""

from __future__ import annotations

from counterfoil.basis import Secret
from counterfoil.people.logins.reading import login_row
from counterfoil.people.means import Means
from counterfoil.people.person import ACTIVE
from counterfoil.people.shapes import normal


async def password_fits(means: Means, merchant_id: int, person_id: str, password: Secret[str]) -> bool:
    """Whether it is the password of that person's login, at the same cost whoever asks; nothing is counted here."""
    row = await login_row(means.store, merchant_id, person_id)
    encoded = row["password_hash"] if row and row["state"] == ACTIVE else None
    return await means.hasher.matches(encoded, normal(password))
