"""Prove who somebody is with a number and a password at a terminal, or an e-mail address and one in the office."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from sqlalchemy import Table, bindparam, select

from counterfoil.basis import Fault, FaultKind, Refused, Secret, local_time, rfc3339
from counterfoil.people.facts import PERSON_LOCKED
from counterfoil.people.faults import (
    MERCHANT_UNKNOWN,
    OFFICE_CLOSED,
    OFFICE_LOCKED,
    PASSWORD_NOT_OWN,
    SESSION_ENDED,
    SIGN_IN_BUSY,
    SIGN_IN_LOCKED,
    SIGN_IN_WRONG,
    TERMINAL_UNKNOWN,
)
from counterfoil.people.faults_of_rights import ADDRESS_LOCKED, OFFICE_WRONG, OWN_PASSWORD_WRONG
from counterfoil.people.lock import Counter, Place, Tries, taken_back
from counterfoil.people.logins.email import digest_of, find_login
from counterfoil.people.logins.reading import login_row
from counterfoil.people.means import Means
from counterfoil.people.person import ACTIVE, ADDRESS, Person, Session, Shop, Terminal
from counterfoil.people.reading import as_person, merchant, person, person_row, shop, terminal
from counterfoil.people.shapes import normal, operator_number
from counterfoil.people.tables import login as login_table
from counterfoil.people.tables import person as person_table
from counterfoil.people.tables import sign_in_lock
from counterfoil.people.till_password import till_password_fits
from counterfoil.people.wrong_tries import WrongTry
from counterfoil.store import Change, ChangePart, Fact, Lost, Require, Row, by_key

T = TypeVar("T")
Then = Callable[[Person, int], Awaitable[tuple[ChangePart, T]]]

# Each loser of a round has seen another's try counted, and the fifth ends them all; more rounds than this are a flood.
ROUNDS_MAX: Final = 12
# What of a try becomes a fact: not what ``then`` refuses somebody known, which their own acts note.
_NOTED: Final = (
    SIGN_IN_WRONG,
    OFFICE_WRONG,
    OWN_PASSWORD_WRONG,
    SIGN_IN_LOCKED,
    OFFICE_LOCKED,
    ADDRESS_LOCKED,
    OFFICE_CLOSED,
)
_LOCK: Final = by_key(
    select(sign_in_lock)
    .where(sign_in_lock.c.merchant_id == bindparam("merchant_id"))
    .where(sign_in_lock.c.id == bindparam("id"))
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody shows: where, with which number or login and which password.

    ``wrong``: what is answered where it is wrong, of somebody who is signed in and typed no number or address.
    ``given``: whether a till password that somebody else typed for them will do, as it does to sign in, once.
    """

    place: Place
    password: Secret[str]
    wrong: FaultKind | None = None
    given: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """One of the counts as it stands: its row, if there is one yet, and what that says."""

    counter: Counter
    before: Row | None
    tries: Tries


@dataclass(frozen=True, slots=True)
class _Found:
    """Whose the number or login is: the person's row, the hash of their password, and what that rests on."""

    row: Row
    encoded: str | None
    still: tuple[Require, ...]


async def at_terminal(
    means: Means,
    merchant_id: int,
    terminal_id: str,
    *,
    number: str,
    password: Secret[str],
    address: str | None = None,
    enrolled: bool = False,
) -> Proof:
    """What is shown, brought into shape. Raises Refused CF-2007 (number), CF-2008 (no such place to sign in)."""
    plain = operator_number(number)
    where = await _place(means, merchant_id, terminal_id)
    if where is None:
        raise TERMINAL_UNKNOWN(field="terminal_id")
    found, around = where
    place = Place(found.merchant_id, found.id, plain, around.zone, around.id, address, enrolled)
    return Proof(place, normal(password))


async def at_office(
    means: Means, merchant_id: int, *, email: str, password: Secret[str], address: str | None = None
) -> Proof:
    """What is shown without a terminal, brought into shape. Raises Refused CF-2016 (merchant).

    Whatever was typed as an address is looked up, so that one of the wrong shape is answered like one nobody has.
    """
    found = await merchant(means.store, merchant_id)
    if found is None:
        raise MERCHANT_UNKNOWN()
    shown = digest_of(means, merchant_id, email)
    return Proof(Place(merchant_id, None, shown, found.zone, None, address), normal(password))


async def own_password(
    means: Means, session: Session, password: Secret[str], *, address: str | None = None, enrolled: bool = False
) -> Proof:
    """One's own password once more, where one is signed in: that of the till number there, of the login in the office.

    It counts as a try to sign in there does. Raises Refused CF-2003 where there is nothing that it could be of.
    """
    if session.terminal_id is None:
        return await _own_login(means, session, password, address)
    who = await person(means.store, session.merchant_id, session.person_id)
    if who is None or who.number is None:
        raise SESSION_ENDED()
    proof = await at_terminal(
        means,
        session.merchant_id,
        session.terminal_id,
        number=who.number,
        password=password,
        address=address,
        enrolled=enrolled,
    )
    return replace(proof, wrong=OWN_PASSWORD_WRONG)


async def _own_login(means: Means, session: Session, password: Secret[str], address: str | None) -> Proof:
    login = await login_row(means.store, session.merchant_id, session.person_id)
    found = await merchant(means.store, session.merchant_id)
    if login is None or found is None:
        raise SESSION_ENDED()
    place = Place(session.merchant_id, None, login["email_digest"], found.zone, None, address)
    return Proof(place, normal(password), OWN_PASSWORD_WRONG)


async def prove(means: Means, proof: Proof, then: Then[T]) -> T:
    """What ``then`` makes for the person, once the password is right and the part ``then`` gives is committed.

    A wrong try is counted before it is answered. Tries at the same moment pass one after the other, so that no number
    of them at once gets more answers than tries are allowed. ``then`` may refuse; nothing is written then.
    Raises Refused CF-2001, CF-2032 or ``proof.wrong`` (wrong; tries left), CF-2002, CF-2020 or CF-2030 (a pause, until
    when), CF-2025 (right, but somebody else typed it for them), Trouble CF-2010 (too many at once).
    """
    try:
        return await _prove(means, proof, then)
    except Refused as fault:
        if fault.kind in _NOTED:
            place = proof.place
            one = WrongTry(place.merchant_id, place.terminal_id or "", place.number, fault.kind.code)
            means.wrong_tries.note(one, means.clock.now())
        raise


async def _prove(means: Means, proof: Proof, then: Then[T]) -> T:
    checked: tuple[str | None, bool] | None = None
    for _ in range(ROUNDS_MAX):
        now = means.clock.now()
        counts = await counts_at(means, proof.place.counters, now)
        # 1 while there is a pause one is told so, right or wrong, before any work is done for it
        if paused := _paused(proof.place, counts, now):
            raise paused
        # 2 the password is checked once for each hash met; nobody's number costs the same
        found = await _find(means, proof.place)
        encoded = found.encoded if found else None
        if checked is None or checked[0] != encoded:
            checked = encoded, await _matches(means, encoded, proof)
        # 3 a right try resets the count together with what it was for; a wrong one is counted
        try:
            if found is not None and checked[1]:
                return await _right(means, proof, counts, found, then)
            raise await _wrong(means, proof, counts, found)
        except Lost:
            continue
    raise SIGN_IN_BUSY()


async def counts_at(means: Means, counters: Sequence[Counter], now: int) -> list[Count]:
    """How the counts stand at ``now``."""
    counts = []
    for counter in counters:
        row = await means.store.fetch_one(_LOCK, {"merchant_id": counter.merchant_id, "id": counter.row_id})
        counts.append(Count(counter, row, counter.at(row, now)))
    return counts


def _paused(place: Place, counts: Sequence[Count], now: int) -> Fault | None:
    """The fault that tells until when, on the shop's clock; the number's pause before the address's."""
    paused = [count for count in counts if count.tries.locked(now)]
    if not paused:
        return None
    of_number = [count for count in paused if count.counter.where != ADDRESS]
    kind = (SIGN_IN_LOCKED if place.terminal_id else OFFICE_LOCKED) if of_number else ADDRESS_LOCKED
    latest = max(count.tries.locked_until or 0 for count in of_number or paused)
    return kind(until=local_time(latest, place.zone).strftime("%H:%M"))


async def _right(means: Means, proof: Proof, counts: Sequence[Count], found: _Found, then: Then[T]) -> T:
    place, proven = proof.place, as_person(found.row)
    if place.terminal_id and not (proof.given or proven.has_own_password):
        raise PASSWORD_NOT_OWN()
    now = means.clock.now()
    part, made = await then(proven, now)
    await _commit(means, place, *_forgiven(counts, now), ChangePart(requires=found.still), part)
    return made


def _forgiven(counts: Sequence[Count], now: int) -> list[ChangePart]:
    """The count here begins anew, and the wrong tries it held are taken back from the wider ones: they were theirs."""
    here, *wider = counts
    parts = [here.counter.kept(here.before, Tries(), now)]
    for count in wider:
        less = taken_back(count.tries, here.tries.count, now)
        same = less.count == count.tries.count
        parts.append(count.counter.relied_on(count.before) if same else count.counter.kept(count.before, less, now))
    return parts


async def _wrong(means: Means, proof: Proof, counts: Sequence[Count], found: _Found | None) -> Fault:
    now, place = means.clock.now(), proof.place
    after = [Count(each.counter, each.before, each.counter.after_wrong(each.tries, now)) for each in counts]
    facts = tuple(_lock_fact(now, place, each, found) for each in after if each.tries.locked(now))
    parts = [each.counter.kept(each.before, each.tries, now) for each in after]
    await _commit(means, place, *parts, ChangePart(facts=facts))
    left = min(each.counter.left(each.tries) for each in after)
    wrong = proof.wrong or (SIGN_IN_WRONG if place.terminal_id else OFFICE_WRONG)
    return _paused(place, after, now) or wrong(left=left)


async def _commit(means: Means, place: Place, first: ChangePart, *parts: ChangePart) -> None:
    change = Change(
        change_id=means.ids.uuid(), merchant_id=place.merchant_id, guards=first.guards, inserts=first.inserts
    )
    for part in parts:
        change = change.plus(part)
    await means.store.commit(change)


def _lock_fact(now: int, place: Place, count: Count, found: _Found | None) -> Fact:
    """That a pause begins. Only somebody's till number is named: any other may be a password in the wrong field."""
    whose = found if count.counter.where != ADDRESS else None
    return PERSON_LOCKED.fact(
        at=now,
        subject=whose.row["id"] if whose else None,
        terminal=place.terminal_id if count.counter.where == place.terminal_id else None,
        number=place.number if place.terminal_id and whose else None,
        until=rfc3339(count.tries.locked_until or 0),
    )


async def _find(means: Means, place: Place) -> _Found | None:
    """Whose it is; the hash is None where they may not sign in."""
    if place.terminal_id is None:
        return await _find_login(means, place)
    row = await person_row(means.store, place.merchant_id, place.number)
    if row is None:
        return None
    encoded = row["password_hash"] if row["state"] == ACTIVE else None
    return _Found(row, encoded, (_still(person_table, row, "id"),))


async def _find_login(means: Means, place: Place) -> _Found | None:
    found = await find_login(means.store, place.merchant_id, place.number)
    if found is None:
        return None
    login, row = found
    encoded = login["password_hash"] if login["state"] == ACTIVE and row["state"] == ACTIVE else None
    return _Found(row, encoded, (_still(person_table, row, "id"), _still(login_table, login, "person_id")))


def _still(table: Table, row: Row, key: str) -> Require:
    return Require(table, {"merchant_id": row["merchant_id"], key: row[key]}, row["version"])


async def _matches(means: Means, encoded: str | None, proof: Proof) -> bool:
    """Whether it is right. What cannot be a password there is checked as an empty one: wrong, and at the same cost."""
    fits = till_password_fits(proof.password, enrolled=proof.place.enrolled)
    right = await means.hasher.matches(encoded, proof.password if fits else Secret(""))
    return right and fits


async def _place(means: Means, merchant_id: int, terminal_id: str) -> tuple[Terminal, Shop] | None:
    found = await terminal(means.store, merchant_id, terminal_id)
    around = await shop(means.store, merchant_id, found.shop_id) if found else None
    if found is None or around is None or found.state != ACTIVE or around.state != ACTIVE:
        return None
    return found, around
