"""Questions others may ask about roles: who has which, and which the merchant made for itself."""

from __future__ import annotations

from typing import Final, cast

from sqlalchemy import bindparam, select

from counterfoil.basis import insist
from counterfoil.people.number_rule import NumberRule
from counterfoil.people.person import ACTIVE, Grant, OwnRole
from counterfoil.people.roles.held import permissions_in
from counterfoil.people.tables import own_role, role_grant, staff
from counterfoil.store import Row, Store, by_key

_GRANTS: Final = (
    select(role_grant)
    .where(role_grant.c.merchant_id == bindparam("merchant_id"), role_grant.c.state == ACTIVE)
    .order_by(role_grant.c.made_at, role_grant.c.id)
)
_OF_PERSON: Final = _GRANTS.where(role_grant.c.person_id == bindparam("person_id"))
_OWN_ROLES: Final = (
    select(own_role)
    .where(own_role.c.merchant_id == bindparam("merchant_id"))
    .order_by(own_role.c.made_at, own_role.c.id)
)
_OWN_ROLE: Final = by_key(
    select(own_role).where(own_role.c.merchant_id == bindparam("merchant_id"), own_role.c.id == bindparam("id"))
)
_STAFF: Final = by_key(select(staff).where(staff.c.merchant_id == bindparam("merchant_id")))


async def grants(store: Store, merchant_id: int) -> list[Grant]:
    """Every role somebody has, the oldest first."""
    return [as_grant(row) for row in await store.fetch(_GRANTS, {"merchant_id": merchant_id})]


async def grants_of(store: Store, merchant_id: int, person_id: str) -> list[Grant]:
    """The roles of a person, the oldest first."""
    rows = await store.fetch(_OF_PERSON, {"merchant_id": merchant_id, "person_id": person_id})
    return [as_grant(row) for row in rows]


async def own_roles(store: Store, merchant_id: int) -> list[OwnRole]:
    """The roles the merchant made, the oldest first, retired ones too."""
    return [as_own_role(row) for row in await store.fetch(_OWN_ROLES, {"merchant_id": merchant_id})]


async def own_role_by_id(store: Store, merchant_id: int, role_id: str) -> OwnRole | None:
    """The own role of that id."""
    row = await own_role_row(store, merchant_id, role_id)
    return as_own_role(row) if row else None


async def number_rule_of(store: Store, merchant_id: int) -> NumberRule:
    """The merchant's rule of operator numbers."""
    row = await store.fetch_one(_STAFF, {"merchant_id": merchant_id})
    insist(row is not None, "a merchant that is open has its staff row")
    return as_number_rule(cast("Row", row))


def as_number_rule(row: Row) -> NumberRule:
    """The rule in the row of ``staff``."""
    return NumberRule(**{name: row[name] for name in NumberRule.__dataclass_fields__})


async def own_role_row(store: Store, merchant_id: int, role_id: str) -> Row | None:
    """The row of an own role. For this area only."""
    return await store.fetch_one(_OWN_ROLE, {"merchant_id": merchant_id, "id": role_id})


def as_grant(row: Row) -> Grant:
    """The record of a row of ``role_grant``."""
    names = (name for name in Grant.__dataclass_fields__ if name != "role")
    return Grant(**{name: row[name] for name in names}, role=row["role"] or row["own_role_id"])


def as_own_role(row: Row) -> OwnRole:
    """The record of a row of ``own_role``."""
    names = (name for name in OwnRole.__dataclass_fields__ if name != "permissions")
    return OwnRole(**{name: row[name] for name in names}, permissions=permissions_in(row["permissions"]))
