"""What somebody's grants allow at this moment, read anew for each request."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final, cast

from sqlalchemy import bindparam, select

from counterfoil.basis import Secret, insist
from counterfoil.people.enrol_faults import PIN_TOO_SHORT
from counterfoil.people.means import Means
from counterfoil.people.permission import ALLOWED, DANGEROUS, WHOLE_MERCHANT, Held, Permission, Role
from counterfoil.people.person import ACTIVE
from counterfoil.people.tables import own_role, role_grant, staff
from counterfoil.people.till_password import is_short
from counterfoil.store import Require, Row, Store, by_key

NOTHING: Final = Held()
_STAFF: Final = by_key(select(staff).where(staff.c.merchant_id == bindparam("merchant_id")))
_GRANTS: Final = (
    select(role_grant.c.role, role_grant.c.shop_id, own_role.c.permissions, own_role.c.state.label("own_state"))
    .join(
        own_role,
        (own_role.c.merchant_id == role_grant.c.merchant_id) & (own_role.c.id == role_grant.c.own_role_id),
        isouter=True,
    )
    .where(role_grant.c.merchant_id == bindparam("merchant_id"))
    .where(role_grant.c.person_id == bindparam("person_id"))
    .where(role_grant.c.state == ACTIVE)
)


async def held_now(means: Means, merchant_id: int, person_id: str) -> tuple[Held, Require]:
    """The same, and what makes a Change stale that relied on it and meets a change of roles or grants."""
    unchanged = await nobody_changed(means, merchant_id)
    return await held_by(means.store, merchant_id, person_id), unchanged


async def nobody_changed(means: Means, merchant_id: int) -> Require:
    """That roles and grants are still as they are read from now on."""
    row = await staff_row(means, merchant_id)
    return Require(staff, {"merchant_id": merchant_id}, row["version"])


async def staff_row(means: Means, merchant_id: int) -> Row:
    """The row that whatever gives or takes rights guards."""
    row = await means.store.fetch_one(_STAFF, {"merchant_id": merchant_id})
    insist(row is not None, "a merchant that is open has its staff row")
    return cast("Row", row)


async def held_by(store: Store, merchant_id: int, person_id: str) -> Held:
    """What the person's grants allow. Whether the person is active is not asked here."""
    return held_of(await store.fetch(_GRANTS, {"merchant_id": merchant_id, "person_id": person_id}))


def held_of(grants: Sequence[Row]) -> Held:
    """What grants allow together: rows of role, shop and, for an own role, its permissions and state."""
    everywhere: frozenset[Permission] = frozenset()
    in_shops: dict[str, frozenset[Permission]] = {}
    for row in grants:
        allowed, shop = _allowed(row), row["shop_id"]
        if shop is None:
            everywhere |= allowed
        else:
            in_shops[shop] = in_shops.get(shop, frozenset()) | allowed - WHOLE_MERCHANT
    return Held(everywhere, MappingProxyType(in_shops))


def permissions_in(text: str) -> frozenset[Permission]:
    """The permissions of an own role as it is kept; a word nobody knows any more allows nothing."""
    known = {permission.value for permission in Permission}
    return frozenset(Permission(word) for word in text.split() if word in known)


def _allowed(row: Row) -> frozenset[Permission]:
    if row["role"] is not None:
        return ALLOWED[Role(row["role"])]
    return permissions_in(row["permissions"]) if row["own_state"] == ACTIVE else frozenset()


def demand_long(held: Held, password: Secret[str]) -> None:
    """Go on only if a password of a few digits is nobody's who may do what is dangerous. Raises Refused CF-2138."""
    if is_short(password) and not held.anywhere().isdisjoint(DANGEROUS):
        raise PIN_TOO_SHORT(field="password")
