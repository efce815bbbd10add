"""Ask somebody else: an act that needs another person becomes a request. Nothing is done yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from counterfoil.basis import Language, insist, rfc3339
from counterfoil.factors import Means
from counterfoil.people import Act, Actor, Deed, Permission, in_service, rule_for
from counterfoil.second_person.facts import REQUEST_ASKED
from counterfoil.second_person.faults import NOBODY_TO_ASK, REQUEST_MOVED
from counterfoil.second_person.may import eligible
from counterfoil.second_person.reading import place_of, request_by_id
from counterfoil.second_person.request import (
    COOLING_MICROS,
    OFFICE_LIFE_MICROS,
    TILL_LIFE_MICROS,
    Kept,
    Request,
    as_request,
)
from counterfoil.second_person.states import RequestState
from counterfoil.second_person.tables import second_request
from counterfoil.store import Change, Fact, Insert, Repeated


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What is asked for, under the caller's ``id``: the deed, and what it takes to carry it out later.

    ``lends``: a permission the requester lacks. ``approval_id``: what the requester confirmed for it, in the office.
    """

    id: str
    act: Act
    deed: Deed
    form: Mapping[str, str]
    path: Mapping[str, str]
    language: Language
    amount_minor: int | None = None
    shop_id: str | None = None
    lends: Permission | None = None
    approval_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Terms:
    """How many have to approve, whether nobody else may, from when and until when."""

    persons: int
    alone: bool
    asked_at: int
    ripe_at: int
    ends_at: int


async def ask_somebody(means: Means, actor: Actor, asking: Asking) -> Request:
    """Keep the request; the same id for the same deed is the same request.

    Raises Refused CF-2154 (nobody could approve it), CF-2156 (the id is of a request for something else).
    """
    # 1 who could
    insist(asking.deed.by == actor.person_id, "one asks for what one wants to do oneself")
    terms = await _terms(means, actor, asking)
    # 2 the request with its fact
    row = _row(means, actor, asking, terms)
    change = Change(
        change_id=means.ids.uuid(),
        merchant_id=actor.merchant_id,
        inserts=(Insert(second_request, row),),
        requires=(await in_service(means.people, actor),),
        facts=(_fact(actor, asking, terms),),
    )
    try:
        await means.store.commit(change)
    except Repeated:
        found = await request_by_id(means.store, actor.merchant_id, asking.id)
        if found is None or found.request_sha256 != asking.deed.sha256():
            raise REQUEST_MOVED() from None
        return found
    return as_request(row)


async def _terms(means: Means, actor: Actor, asking: Asking) -> _Terms:
    rule = await rule_for(means.store, actor.merchant_id, asking.act)
    others = await eligible(means.people, actor.merchant_id, rule, actor.person_id, asking.shop_id)
    # Nobody lends a permission to themselves.
    if not others and asking.lends is not None:
        raise NOBODY_TO_ASK()
    now, alone = means.clock.now(), not others
    life = TILL_LIFE_MICROS if actor.terminal_id and not alone else OFFICE_LIFE_MICROS
    ripe_at = now + COOLING_MICROS if alone else now
    persons = max(1, min(rule.needed(asking.amount_minor), len(others)))
    return _Terms(persons, alone, now, ripe_at, ripe_at + life)


def _row(means: Means, actor: Actor, asking: Asking, terms: _Terms) -> dict[str, Any]:
    return {
        "merchant_id": actor.merchant_id,
        "id": asking.id,
        "act": asking.act.value,
        "asked_by": actor.person_id,
        "terminal_id": actor.terminal_id,
        "shop_id": asking.shop_id,
        "lends": asking.lends.value if asking.lends else None,
        "amount_minor": asking.amount_minor,
        "request_sha256": asking.deed.sha256(),
        "persons": terms.persons,
        "alone": int(terms.alone),
        "asked_at": terms.asked_at,
        "ripe_at": terms.ripe_at,
        "ends_at": terms.ends_at,
        "asked_approval_id": asking.approval_id,
        "state": RequestState.ASKED.value,
        "sealed": _sealed(means, actor.merchant_id, asking),
        **dict.fromkeys(("first_by", "approved_by", "ended_by", "ended_at", "why", "reason")),
    }


def _fact(actor: Actor, asking: Asking, terms: _Terms) -> Fact:
    return REQUEST_ASKED.fact(
        at=terms.asked_at,
        actor=actor.person_id,
        subject=asking.id,
        act=asking.act.value,
        amount=asking.amount_minor,
        request_sha256=asking.deed.sha256(),
        persons=terms.persons,
        alone=terms.alone,
        ends=rfc3339(terms.ends_at),
        shop=asking.shop_id,
        terminal=actor.terminal_id,
    )


def _sealed(means: Means, merchant_id: int, asking: Asking) -> bytes:
    kept = Kept(
        form=dict(asking.form),
        path=dict(asking.path),
        deed=asking.deed.canonical().decode(),
        language=asking.language,
    )
    return means.vault.seal(msgspec.json.encode(kept), place=place_of(merchant_id, asking.id))
