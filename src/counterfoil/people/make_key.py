"""Make an API key: what a machine may do, in which shops, and who answers for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from counterfoil.basis import NOWHERE, Networks, Secret, insist, rfc3339
from counterfoil.people.demand import demand
from counterfoil.people.facts import KEY_MADE
from counterfoil.people.faults import OWNER_UNKNOWN, SCOPE_UNKNOWN, SHOP_UNKNOWN
from counterfoil.people.key_faults import KEY_UNTIL
from counterfoil.people.means import Means
from counterfoil.people.networks import written
from counterfoil.people.permission import Actor, Held, Permission
from counterfoil.people.person import ACTIVE, ApiKey, is_over
from counterfoil.people.policy import Act, demand_second
from counterfoil.people.reading import person, shops
from counterfoil.people.roles.rights import demand_covers
from counterfoil.people.shapes import digest, new_key, text
from counterfoil.people.tables import api_key
from counterfoil.store import Change, Insert

SCOPES: Final[Mapping[str, frozenset[Permission]]] = MappingProxyType(
    {
        "pay": frozenset({Permission.TAKE, Permission.WITHDRAW}),
        "read": frozenset({Permission.READ}),
        "export": frozenset({Permission.EXPORT}),
        "refund": frozenset({Permission.REFUND}),
        "void": frozenset({Permission.VOID}),
    }
)
SCOPES_DEFAULT: Final = ("pay", "read")
_SHOPS_MAX: Final = 100


async def make_key(
    means: Means,
    actor: Actor,
    *,
    label: str,
    owner_id: str,
    scopes: Sequence[str] = SCOPES_DEFAULT,
    shop_ids: frozenset[str] | None = None,
    networks: Networks = NOWHERE,
    expires_at: int | None = None,
) -> tuple[ApiKey, Secret[str]]:
    """A new key and its text ``cf_<merchant>_<secret>``, which is shown once, here; only its SHA-256 is kept.

    ``shop_ids`` None: all shops, also later ones. Whatever the scopes say, a key may no more than its owner.
    ``networks``: from where alone it may be used, where there are any. ``expires_at``: UTC microseconds; None: never.
    Raises Refused CF-2021 (may not), CF-2035 (more than the actor may), CF-2013 (scopes), CF-2014 (label), CF-2015
    (owner), CF-2009 (shop), CF-2150 (another person has to approve it), CF-2173 (expires in the past).
    """
    # 1 may this person do it
    demand(actor, Permission.MANAGE_KEYS)
    await demand_second(means.store, actor, Act.MAKE_KEY)
    # 2 what is asked for is there, and no more than the actor may themselves
    demand_covers(actor, Held(allowed_by(_scopes(scopes))))
    if is_over(expires_at, means.clock.now()):
        raise KEY_UNTIL(field="until")
    made = ApiKey(
        merchant_id=actor.merchant_id,
        id=means.ids.uuid(),
        label=text(label, "label"),
        owner_id=await _owner(means, actor, owner_id),
        scopes=_scopes(scopes),
        shop_ids=await _shops(means, actor, shop_ids),
        state=ACTIVE,
        made_at=means.clock.now(),
        networks=networks,
        expires_at=expires_at,
    )
    # 3 commit the key and its fact
    secret = new_key(means.entropy, made.merchant_id)
    await means.store.commit(_change(means, actor, made, digest(secret)))
    # 4 answer
    return made, secret


def allowed_by(scopes: Iterable[str]) -> frozenset[Permission]:
    """What scopes allow together, where the owner may it."""
    return frozenset().union(*(SCOPES[scope] for scope in scopes))


def _change(means: Means, actor: Actor, made: ApiKey, sha256: str) -> Change:
    row = {
        "merchant_id": made.merchant_id,
        "id": made.id,
        "label": made.label,
        "secret_sha256": sha256,
        "owner_id": made.owner_id,
        "scopes": " ".join(made.scopes),
        "shop_ids": " ".join(sorted(made.shop_ids or ())),
        "networks": written(made.networks),
        "expires_at": made.expires_at,
        "state": made.state,
        "made_at": made.made_at,
    }
    fact = KEY_MADE.fact(
        at=made.made_at,
        actor=actor.person_id,
        subject=made.id,
        owner=made.owner_id,
        scopes=list(made.scopes),
        shops=sorted(made.shop_ids) if made.shop_ids else None,
        networks=written(made.networks) or None,
        until=None if made.expires_at is None else rfc3339(made.expires_at),
    )
    return Change(
        change_id=means.ids.uuid(), merchant_id=made.merchant_id, inserts=(Insert(api_key, row),), facts=(fact,)
    )


def _scopes(asked: Sequence[str]) -> tuple[str, ...]:
    if not asked or not set(asked) <= SCOPES.keys():
        raise SCOPE_UNKNOWN(field="scopes")
    return tuple(scope for scope in SCOPES if scope in asked)


async def _owner(means: Means, actor: Actor, owner_id: str) -> str:
    owner = await person(means.store, actor.merchant_id, owner_id)
    if owner is None or owner.state != ACTIVE:
        raise OWNER_UNKNOWN(field="owner_id")
    return owner.id


async def _shops(means: Means, actor: Actor, asked: frozenset[str] | None) -> frozenset[str] | None:
    if asked is None:
        return None
    there = {shop.id for shop in await shops(means.store, actor.merchant_id)}
    if not asked or not asked <= there:
        raise SHOP_UNKNOWN(field="shop_ids")
    insist(len(asked) <= _SHOPS_MAX, "more shops than a fact can name; such a key is for all")
    return asked
