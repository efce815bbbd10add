"""Questions others may ask about office logins."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.people.person import Login
from counterfoil.people.tables import login
from counterfoil.store import Row, Store, by_key

_LOGINS: Final = select(login).where(login.c.merchant_id == bindparam("merchant_id"))
_LOGIN: Final = by_key(_LOGINS.where(login.c.person_id == bindparam("person_id")))


async def logins(store: Store, merchant_id: int) -> dict[str, Login]:
    """The office logins of a merchant, closed ones too, by person."""
    rows = await store.fetch(_LOGINS, {"merchant_id": merchant_id})
    return {row["person_id"]: as_login(row) for row in rows}


async def login_of(store: Store, merchant_id: int, person_id: str) -> Login | None:
    """The office login of a person, closed or open."""
    row = await login_row(store, merchant_id, person_id)
    return as_login(row) if row else None


async def login_row(store: Store, merchant_id: int, person_id: str) -> Row | None:
    """The whole row, its hash too. For this area only."""
    return await store.fetch_one(_LOGIN, {"merchant_id": merchant_id, "person_id": person_id})


def as_login(row: Row) -> Login:
    """The record of a row of ``login``."""
    return Login(**{name: row[name] for name in Login.__dataclass_fields__})
