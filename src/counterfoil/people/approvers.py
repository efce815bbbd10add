"""Who could approve things in the office by the roles of a rule, now or until when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.people.person import ACTIVE
from counterfoil.people.tables import login, person, role_grant
from counterfoil.store import Row, Store

_PARTS: Final = {"person": person, "login": login, "grant": role_grant}
_ALL: Final = (
    select(
        person.c.id,
        person.c.number,
        person.c.name,
        role_grant.c.role,
        role_grant.c.own_role_id,
        role_grant.c.shop_id,
        *(table.c.state.label(f"{name}_state") for name, table in _PARTS.items()),
        *(table.c.gone_at.label(f"{name}_gone_at") for name, table in _PARTS.items()),
    )
    .join(login, (login.c.merchant_id == person.c.merchant_id) & (login.c.person_id == person.c.id))
    .join(
        role_grant,
        (role_grant.c.merchant_id == person.c.merchant_id) & (role_grant.c.person_id == person.c.id),
    )
    .where(person.c.merchant_id == bindparam("merchant_id"))
)


@dataclass(frozen=True, slots=True)
class Approver:
    """Somebody who could; ``until``: since when they cannot any more (UTC microseconds), None while they can.

    ``called`` is how a list of the merchant calls them.
    """

    person_id: str
    called: str
    until: int | None


async def approvers(store: Store, merchant_id: int, roles: Collection[str], shop_id: str | None) -> list[Approver]:
    """Everybody who has or had one of these roles, there or in all shops, beside a login: one line a person.

    It ends with the first of the three that ended: they were disabled, their login was closed, the role taken back.
    """
    found: dict[str, Approver] = {}
    for row in await store.fetch(_ALL, {"merchant_id": merchant_id}):
        if (row["role"] or row["own_role_id"]) in roles and row["shop_id"] in (None, shop_id):
            before = found.get(row["id"])
            until = _until(row)
            if before is None or (before.until is not None and (until is None or until > before.until)):
                found[row["id"]] = Approver(row["id"], row["number"] or row["name"] or "—", until)
    return list(found.values())


def _until(row: Row) -> int | None:
    ended = [row[f"{name}_gone_at"] or 0 for name in _PARTS if row[f"{name}_state"] != ACTIVE]
    return min(ended, default=None)
