"""Prove who somebody is with a number and a password at a terminal; behind sign-in, approvals and resets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import bindparam, select

from counterfoil.basis import Fault, Secret, local_time, rfc3339
from counterfoil.people.facts import PERSON_LOCKED
from counterfoil.people.faults import (
    MERCHANT_UNKNOWN,
    OFFICE_LOCKED,
    SIGN_IN_BUSY,
    SIGN_IN_LOCKED,
    SIGN_IN_WRONG,
    TERMINAL_UNKNOWN,
)
from counterfoil.people.lock import Place, Tries, kept, tries_of
from counterfoil.people.means import Means
from counterfoil.people.person import ACTIVE, Person, Shop, Terminal
from counterfoil.people.reading import as_person, merchant, person_row, shop, terminal
from counterfoil.people.shapes import PASSWORD_CHARACTERS, normal, operator_number
from counterfoil.people.tables import person as person_table
from counterfoil.people.tables import sign_in_lock
from counterfoil.store import Change, ChangePart, Fact, Lost, Require, Row

T = TypeVar("T")
Then = Callable[[Person, int], Awaitable[tuple[ChangePart, T]]]

# Each loser of a round has seen another's try counted, and the fifth ends them all; more rounds than this are a flood.
ROUNDS_MAX: Final = 12
_LOCK: Final = (
    select(sign_in_lock)
    .where(sign_in_lock.c.merchant_id == bindparam("merchant_id"))
    .where(sign_in_lock.c.id == bindparam("id"))
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody shows: where, with which number and which password."""

    place: Place
    password: Secret[str]


async def at_terminal(means: Means, merchant_id: int, terminal_id: str, *, number: str, password: Secret[str]) -> Proof:
    """What is shown, brought into shape. Raises Refused CF-2007 (number), CF-2008 (no such place to sign in)."""
    plain = operator_number(number)
    where = await _place(means, merchant_id, terminal_id)
    if where is None:
        raise TERMINAL_UNKNOWN(field="terminal_id")
    found, around = where
    return Proof(Place(found.merchant_id, found.id, plain, around.zone), normal(password))


async def at_office(means: Means, merchant_id: int, *, number: str, password: Secret[str]) -> Proof:
    """What is shown without a terminal, brought into shape. Raises Refused CF-2007 (number), CF-2016 (merchant)."""
    plain = operator_number(number)
    found = await merchant(means.store, merchant_id)
    if found is None:
        raise MERCHANT_UNKNOWN()
    return Proof(Place(merchant_id, None, plain, found.zone), normal(password))


async def prove(means: Means, proof: Proof, then: Then[T]) -> T:
    """What ``then`` makes for the person, once the password is right and the part ``then`` gives is committed.

    A wrong try is counted before it is answered. Tries at the same moment pass one after the other, so that no number
    of them at once gets more than five answers. ``then`` may refuse; nothing is written then.
    Raises Refused CF-2001 (wrong; tries left), CF-2002 (locked until), Trouble CF-2010 (too many at once).
    """
    checked: tuple[str | None, bool] | None = None
    for _ in range(ROUNDS_MAX):
        now = means.clock.now()
        before, tries = await tries_at(means, proof.place)
        # 1 a locked number is told so, right or wrong, before any work is done for it
        if tries.locked(now):
            raise locked(proof.place, tries)
        # 2 the password is checked once for each hash met; nobody's number costs the same
        row = await person_row(means.store, proof.place.merchant_id, proof.place.number)
        encoded = row["password_hash"] if row and row["state"] == ACTIVE else None
        if checked is None or checked[0] != encoded:
            checked = encoded, await _matches(means, encoded, proof.password)
        # 3 a right try resets the count together with what it was for; a wrong one is counted
        try:
            if row is not None and checked[1]:
                return await _right(means, proof.place, before, row, then)
            raise await _wrong(means, proof.place, before, row)
        except Lost:
            continue
    raise SIGN_IN_BUSY()


async def tries_at(means: Means, place: Place) -> tuple[Row | None, Tries]:
    """The lock's row, if there is one yet, and what it says."""
    row = await means.store.fetch_one(_LOCK, {"merchant_id": place.merchant_id, "id": place.lock_id()})
    return row, tries_of(row)


def locked(place: Place, tries: Tries) -> Fault:
    """The fault that tells until when, on the shop's clock."""
    kind = SIGN_IN_LOCKED if place.terminal_id else OFFICE_LOCKED
    return kind(until=local_time(tries.locked_until or 0, place.zone).strftime("%H:%M"))


async def _right(means: Means, place: Place, before: Row | None, row: Row, then: Then[T]) -> T:
    proven = as_person(row)
    now = means.clock.now()
    part, made = await then(proven, now)
    reset = kept(place, before, Tries(), now)
    still = Require(person_table, {"merchant_id": proven.merchant_id, "id": proven.id}, proven.version)
    change = Change(
        change_id=means.ids.uuid(),
        merchant_id=place.merchant_id,
        inserts=reset.inserts,
        guards=reset.guards,
        requires=(still,),
    )
    await means.store.commit(change.plus(part))
    return made


async def _wrong(means: Means, place: Place, before: Row | None, row: Row | None) -> Fault:
    now = means.clock.now()
    tries = tries_of(before).after_wrong(now)
    part = kept(place, before, tries, now)
    await means.store.commit(
        Change(
            change_id=means.ids.uuid(),
            merchant_id=place.merchant_id,
            inserts=part.inserts,
            guards=part.guards,
            facts=_lock_facts(now, place, tries, row),
        )
    )
    return locked(place, tries) if tries.locked(now) else SIGN_IN_WRONG(left=tries.left())


def _lock_facts(now: int, place: Place, tries: Tries, row: Row | None) -> tuple[Fact, ...]:
    if tries.locked_until is None:
        return ()
    whose = row["id"] if row else None
    until = rfc3339(tries.locked_until)
    return (PERSON_LOCKED.fact(at=now, subject=whose, terminal=place.terminal_id, number=place.number, until=until),)


async def _matches(means: Means, encoded: str | None, password: Secret[str]) -> bool:
    """Whether it is right. What is longer than any password is checked as an empty one: wrong, and at the same cost."""
    fits = len(password.reveal()) in PASSWORD_CHARACTERS
    right = await means.hasher.matches(encoded, password if fits else Secret(""))
    return right and fits


async def _place(means: Means, merchant_id: int, terminal_id: str) -> tuple[Terminal, Shop] | None:
    found = await terminal(means.store, merchant_id, terminal_id)
    around = await shop(means.store, merchant_id, found.shop_id) if found else None
    if found is None or around is None or found.state != ACTIVE or around.state != ACTIVE:
        return None
    return found, around
