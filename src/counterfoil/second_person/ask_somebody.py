"""Ask somebody else: an act that needs another person becomes a request. Nothing is done yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from counterfoil.basis import Language, insist, rfc3339
from counterfoil.factors import Means
from counterfoil.people import Act, Actor, Deed, Permission, Rule, in_service, rule_for
from counterfoil.second_person.facts import REQUEST_ASKED
from counterfoil.second_person.faults import NOBODY_TO_ASK, REQUEST_MOVED
from counterfoil.second_person.may import demand_enough, others_of
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
from counterfoil.second_person.terms import Terms, terms_of
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
class _Times:
    """When it was asked for, from when it may be approved, and until when."""

    asked_at: int
    ripe_at: int
    ends_at: int


async def ask_somebody(means: Means, actor: Actor, asking: Asking) -> Request:
    """Keep the request; the same id for the same deed is the same request.

    Raises Refused CF-2154 (nobody could approve it), CF-2166 (too few, as somebody was taken out lately), CF-2156
    (the id is of a request for something else).
    """
    # 1 who could
    insist(asking.deed.by == actor.person_id, "one asks for what one wants to do oneself")
    rule = await rule_for(means.store, actor.merchant_id, asking.act)
    terms = await _terms(means, actor, asking, rule)
    times = _times(means.clock.now(), terms, at_till=actor.terminal_id is not None)
    # 2 the request with its fact
    row = _row(means, actor, asking, terms, times)
    change = Change(
        change_id=means.ids.uuid(),
        merchant_id=actor.merchant_id,
        inserts=(Insert(second_request, row),),
        requires=(await in_service(means.people, actor),),
        facts=(_fact(actor, asking, rule, terms, times),),
    )
    try:
        await means.store.commit(change)
    except Repeated:
        found = await request_by_id(means.store, actor.merchant_id, asking.id)
        if found is None or found.request_sha256 != asking.deed.sha256():
            raise REQUEST_MOVED() from None
        return found
    return as_request(row)


async def _terms(means: Means, actor: Actor, asking: Asking, rule: Rule) -> Terms:
    others = await others_of(means.people, actor.merchant_id, rule, actor.person_id, asking.shop_id)
    # Nobody lends a permission to themselves.
    if not others.now and asking.lends is not None:
        raise NOBODY_TO_ASK()
    terms = terms_of(rule, others, asking.amount_minor)
    await demand_enough(means.people, actor.merchant_id, others, terms.persons)
    return terms


def _times(now: int, terms: Terms, *, at_till: bool) -> _Times:
    """Somebody at a till waits for an answer; what has to cool off first is waited for nowhere."""
    if terms.cools:
        return _Times(now, now + COOLING_MICROS, now + COOLING_MICROS + OFFICE_LIFE_MICROS)
    return _Times(now, now, now + (TILL_LIFE_MICROS if at_till else OFFICE_LIFE_MICROS))


def _row(means: Means, actor: Actor, asking: Asking, terms: Terms, times: _Times) -> dict[str, Any]:
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
        "asked_at": times.asked_at,
        "ripe_at": times.ripe_at,
        "ends_at": times.ends_at,
        "asked_approval_id": asking.approval_id,
        "state": RequestState.ASKED.value,
        "sealed": _sealed(means, actor.merchant_id, asking),
        **dict.fromkeys(("first_by", "approved_by", "ended_by", "ended_at", "why", "reason")),
    }


def _fact(actor: Actor, asking: Asking, rule: Rule, terms: Terms, times: _Times) -> Fact:
    return REQUEST_ASKED.fact(
        at=times.asked_at,
        actor=actor.person_id,
        subject=asking.id,
        act=asking.act.value,
        amount=asking.amount_minor,
        request_sha256=asking.deed.sha256(),
        persons=terms.persons,
        alone=terms.alone,
        ends=rfc3339(times.ends_at),
        needed=rule.needed(asking.amount_minor),
        ripe=rfc3339(times.ripe_at),
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
