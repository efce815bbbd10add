"""Who took which records out of the system: a fact for each file that is made."""

from __future__ import annotations

import hashlib

from counterfoil.basis import encode
from counterfoil.people import Actor, Permission, demand
from counterfoil.records.business_days import DaysAsked
from counterfoil.records.facts import DAYS_EXPORTED, RECORDS_EXPORTED
from counterfoil.records.find import Find, check
from counterfoil.records.means import Means
from counterfoil.records.selection import selection_of
from counterfoil.store import Change, Fact


async def note_export(means: Means, actor: Actor, asked: Find, form: str, count: int) -> None:
    """Write down that the actor is given ``count`` records as a file. Raises the Refused of people and of ``find``.

    The question itself may hold a number of a customer's, so only its SHA-256 is in the log.
    """
    demand(actor, Permission.READ)
    check(asked)
    query = selection_of(actor.merchant_id, asked).query
    fact = RECORDS_EXPORTED.fact(
        at=means.clock.now(),
        actor=actor.person_id,
        subject=actor.person_id,
        auth=actor.auth,
        count=count,
        filter_sha256=hashlib.sha256(encode(query)).hexdigest(),
        form=form,
        term=actor.terminal_id,
    )
    await _write(means, actor, fact)


async def note_days_export(means: Means, actor: Actor, asked: DaysAsked, form: str, count: int) -> None:
    """Write down that the actor is given the sums of ``count`` business days as a file. Raises the Refused of people.

    Nothing in the question is a customer's, so it stands in the log as it was asked.
    """
    demand(actor, Permission.READ)
    fact = DAYS_EXPORTED.fact(
        at=means.clock.now(),
        actor=actor.person_id,
        subject=actor.person_id,
        auth=actor.auth,
        count=count,
        first=asked.first,
        last=asked.last,
        shop=asked.shop_id,
        method=asked.method,
        wallet=asked.wallet,
        form=form,
        term=actor.terminal_id,
    )
    await _write(means, actor, fact)


async def _write(means: Means, actor: Actor, fact: Fact) -> None:
    await means.store.commit(Change(change_id=means.ids.uuid(), merchant_id=actor.merchant_id, facts=(fact,)))
