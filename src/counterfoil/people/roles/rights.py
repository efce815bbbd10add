"""Nobody gives or takes what they lack, and the last administrator stays: what each change of rights asks first.

Whatever gives or takes rights guards the merchant's staff row. Two such changes at once therefore pass one after the
other, and the second reads what the first has left.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final, TypeVar

from sqlalchemy import bindparam, select

from counterfoil.people.faults import SIGN_IN_BUSY
from counterfoil.people.faults_of_rights import GRANT_TOO_MUCH, LAST_ADMINISTRATOR
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Held, Role
from counterfoil.people.person import ACTIVE
from counterfoil.people.roles.held import held_by, staff_row
from counterfoil.people.tables import login, person, role_grant, staff
from counterfoil.store import Change, ChangePart, Guard, Stale

T = TypeVar("T")
ROUNDS_MAX: Final = 12
_ADMINISTRATORS: Final = (
    select(person.c.id)
    .join(
        role_grant,
        (role_grant.c.merchant_id == person.c.merchant_id) & (role_grant.c.person_id == person.c.id),
    )
    .join(login, (login.c.merchant_id == person.c.merchant_id) & (login.c.person_id == person.c.id))
    .where(person.c.merchant_id == bindparam("merchant_id"))
    .where(person.c.state == ACTIVE, login.c.state == ACTIVE, login.c.password_hash.is_not(None))
    .where(role_grant.c.role == Role.ADMINISTRATOR.value, role_grant.c.shop_id.is_(None))
    .where(role_grant.c.state == ACTIVE)
)


async def change_rights(
    means: Means, actor: Actor, part: Callable[[Actor], Awaitable[tuple[ChangePart | None, T]]]
) -> T:
    """Commit what ``part`` makes, with nobody else changing rights meanwhile; what it answers.

    ``part`` is given the actor with what they hold at that moment, and is asked again where somebody was faster. No
    part: nothing is to be written. Raises what ``part`` raises, and Trouble CF-2010.
    """
    for _ in range(ROUNDS_MAX):
        row = await staff_row(means, actor.merchant_id)
        made, answer = await part(await as_now(means, actor))
        if made is None:
            return answer
        change = Change(change_id=means.ids.uuid(), merchant_id=actor.merchant_id, guards=(Guard(staff, row, {}),))
        try:
            await means.store.commit(change.plus(made))
        except Stale:
            continue
        return answer
    raise SIGN_IN_BUSY()


async def as_now(means: Means, actor: Actor) -> Actor:
    """The actor with no more than they hold at this moment."""
    held = await held_by(means.store, actor.merchant_id, actor.person_id)
    in_shops = {shop: more & held.in_shops.get(shop, frozenset()) for shop, more in actor.in_shops.items()}
    return replace(actor, permissions=actor.permissions & held.everywhere, in_shops=in_shops)


def demand_covers(actor: Actor, others: Held) -> None:
    """Go on only if the actor holds everything the other holds, or would. Raises Refused CF-2035."""
    if not actor.held.covers(others):
        raise GRANT_TOO_MUCH()


async def administrators(means: Means, merchant_id: int) -> frozenset[str]:
    """Who is active, is an administrator of all shops, and can sign in to the office: their person ids."""
    return frozenset(row["id"] for row in await means.store.fetch(_ADMINISTRATORS, {"merchant_id": merchant_id}))


async def demand_another(means: Means, merchant_id: int, person_id: str) -> None:
    """Go on only if, without that person, an administrator remains. Raises Refused CF-2036.

    Counts only inside ``change_rights``, whose guard keeps others from taking the one that remains.
    """
    all_of_them = await administrators(means, merchant_id)
    if person_id in all_of_them and len(all_of_them) == 1:
        raise LAST_ADMINISTRATOR()
