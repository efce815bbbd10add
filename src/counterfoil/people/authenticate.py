"""Who shows this token or key. One refusal for whatever is wrong with it, so that nothing is learnt by trying."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.basis import Address, insist
from counterfoil.people.begin_session import actor_of
from counterfoil.people.faults import KEY_WRONG, SESSION_ENDED
from counterfoil.people.key_faults import KEY_ELSEWHERE, KEY_EXPIRED
from counterfoil.people.key_use import note_use
from counterfoil.people.make_key import allowed_by
from counterfoil.people.means import Means
from counterfoil.people.networks import API, networks_in, trusted_as
from counterfoil.people.permission import Actor, Held
from counterfoil.people.person import ACTIVE, SEEN_EVERY_MICROS, Session, is_over
from counterfoil.people.roles.held import held_by
from counterfoil.people.session import change_session, session_of
from counterfoil.people.shapes import shown_key, shown_token
from counterfoil.people.tables import api_key, person, trusted_network
from counterfoil.store import Row, by_key

_BY_SECRET: Final = by_key(
    select(
        api_key.c.merchant_id,
        api_key.c.id,
        api_key.c.owner_id,
        api_key.c.scopes,
        api_key.c.shop_ids,
        api_key.c.state,
        api_key.c.networks.label("key_networks"),
        api_key.c.expires_at,
        api_key.c.used_at,
        person.c.state.label("owner_state"),
        trusted_network.c.networks,
        trusted_network.c.trial,
        trusted_network.c.trial_until,
    )
    .join(person, (person.c.merchant_id == api_key.c.merchant_id) & (person.c.id == api_key.c.owner_id))
    .join(
        trusted_network,
        (trusted_network.c.merchant_id == api_key.c.merchant_id) & (trusted_network.c.purpose == API),
        isouter=True,
    )
    .where(api_key.c.merchant_id == bindparam("merchant_id"))
    .where(api_key.c.secret_sha256 == bindparam("secret_sha256"))
)


async def authenticate_session(means: Means, token: str, *, used: bool = True) -> tuple[Session, Actor]:
    """The session of a token and its person as actor, with what their roles allow at this moment.

    At a till that is nothing before they have set a password of their own (``finish_password``).
    ``used`` is False for what a page asks by itself, which must not keep a session alive that nobody uses.

    Raises Refused CF-2003 for a token that is malformed, unknown, ended, idle for too long, or of a person who left.
    """
    # 1 the shape, which names the merchant
    shown = shown_token(token)
    found = await session_of(means, shown) if shown else None
    # 2 it lives, and so does the person's right to be here
    now = means.clock.now()
    if found is None or not found[0].lives(now) or found[1].state != ACTIVE:
        raise SESSION_ENDED()
    session, who, at = found
    insist(session.person_id == who.id, "the session is this person's")
    # 3 seen just now; written at most once a minute, and no fact
    if used and now - session.seen_at >= SEEN_EVERY_MICROS:
        await change_session(means, session, {"seen_at": now})
        session = replace(session, seen_at=now)
    if session.terminal_id and not who.has_own_password:
        return session, actor_of(who, Held(), at, session.auth)
    return session, actor_of(who, await held_by(means.store, who.merchant_id, who.id), at, session.auth)


async def authenticate_key(means: Means, key: str, caller: Address | None) -> Actor:
    """The owner of an API key as actor: what the key's scopes say and the owner's roles still allow.

    ``caller`` is where the request comes from; None where that cannot be known. All but the roles comes in one look-up.
    Raises Refused CF-2004 for a key that is malformed, unknown, switched off, or of a person who left; and told only to
    whoever has a right key: CF-2170 (expired), CF-2121 (not from this network, says the merchant), CF-2171 (nor the
    key).
    """
    # 1 the shape, which names the merchant
    shown = shown_key(key)
    if shown is None:
        raise KEY_WRONG()
    row = await means.store.fetch_one(_BY_SECRET, {"merchant_id": shown.merchant_id, "secret_sha256": shown.sha256})
    # 2 it is in use, and so is its owner
    if row is None or row["state"] != ACTIVE or row["owner_state"] != ACTIVE:
        raise KEY_WRONG()
    insist(row["merchant_id"] == shown.merchant_id, "the key is of the merchant it names")
    # 3 now and from here, by the merchant's list and the key's own
    _hold(row, caller, means.clock.now())
    # 4 used just now; written at most once a minute, and no fact
    await note_use(means, row)
    return _owner(row, await held_by(means.store, row["merchant_id"], row["owner_id"]))


def _hold(row: Row, caller: Address | None, now: int) -> None:
    if is_over(row["expires_at"], now):
        raise KEY_EXPIRED()
    of_merchant, of_key = trusted_as(API, row), networks_in(row["key_networks"])
    if not of_merchant.lets_in(caller, now):
        raise of_merchant.refusal(caller)
    if of_key and not of_key.hold(caller):
        raise KEY_ELSEWHERE(address=caller or "?")


def _owner(row: Row, held: Held) -> Actor:
    scoped = allowed_by(row["scopes"].split())
    return Actor(
        merchant_id=row["merchant_id"],
        person_id=row["owner_id"],
        permissions=scoped & held.everywhere,
        in_shops={shop: scoped & more for shop, more in held.in_shops.items()},
        auth="key",
        shop_ids=frozenset(row["shop_ids"].split()) or None,
    )
