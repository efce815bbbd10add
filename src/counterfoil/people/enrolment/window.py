"""A window in which one device may become a terminal: opened in the office, answered at the device."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from typing import Final

from counterfoil.basis import MICROS, Secret, rfc3339
from counterfoil.people.alter import in_service
from counterfoil.people.demand import demand
from counterfoil.people.enrol_faults import CODE_WRONG, NO_WINDOW
from counterfoil.people.enrolment.device_key import DeviceKey
from counterfoil.people.enrolment.reading import Window, as_window, row_of
from counterfoil.people.facts import ENROL_ENDED, ENROL_OPENED
from counterfoil.people.faults import SIGN_IN_BUSY, TERMINAL_UNKNOWN
from counterfoil.people.means import Means
from counterfoil.people.permission import Actor, Permission
from counterfoil.people.person import ACTIVE, Terminal
from counterfoil.people.reading import terminal
from counterfoil.people.session import ROUNDS_MAX
from counterfoil.people.tables import enrol_window
from counterfoil.store import Change, ChangePart, Drop, Guard, Insert, Lost, Row

WINDOW_SECONDS: Final = 600
TRIES_MAX: Final = 5
CODE_DIGITS: Final = 8
_NONCE_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Opened:
    """A window just opened. ``code`` is told once, here."""

    code: Secret[str]
    until: int


async def open_window(means: Means, actor: Actor, terminal_id: str) -> Opened:
    """Open a window of ten minutes for the terminal; one that was open before is over.

    Raises Refused CF-2008 (no such active terminal), CF-2021, CF-2012 (may not, not there); Trouble CF-2010.
    """
    # 1 which terminal, and may this person do it there
    await terminal_for(means, actor, terminal_id)
    now = means.clock.now()
    code, nonce = _new_code(means), means.entropy.bytes(_NONCE_BYTES).hex()
    until = now + WINDOW_SECONDS * MICROS
    values = {
        "code_hmac": _digest(means, code, nonce),
        "nonce": nonce,
        "until_at": until,
        "tries": 0,
        "algorithm": None,
        "public_key": None,
    }
    fact = ENROL_OPENED.fact(at=now, actor=actor.person_id, subject=terminal_id, until=rfc3339(until))
    # 2 the row and the fact, relying on the actor being active
    for _ in range(ROUNDS_MAX):
        still = await in_service(means, actor)
        before = await row_of(means.store, "enrol_window", actor.merchant_id, terminal_id)
        key = {"merchant_id": actor.merchant_id, "terminal_id": terminal_id}
        part = ChangePart(
            inserts=() if before else (Insert(enrol_window, {**key, **values}),),
            guards=(Guard(enrol_window, before, values),) if before else (),
            requires=(still,),
            facts=(fact,),
        )
        if await committed_now(means, actor.merchant_id, part):
            return Opened(Secret(code), until)
    raise SIGN_IN_BUSY()


async def hand_in(means: Means, merchant_id: int, terminal_id: str, code: str, key: DeviceKey) -> Window:
    """Take a device's key for the code; the answer has the six words. The code is worth nothing afterwards.

    Raises Refused CF-2127 (wrong code; tries left), CF-2128 (no window is open); Trouble CF-2010.
    """
    for _ in range(ROUNDS_MAX):
        now = means.clock.now()
        before = await row_of(means.store, "enrol_window", merchant_id, terminal_id)
        if before is None or now >= before["until_at"] or before["code_hmac"] is None:
            raise NO_WINDOW()
        # 1 a wrong code is counted before it is answered; the fifth ends the window
        if not hmac.compare_digest(before["code_hmac"], _digest(means, _plain(code), before["nonce"])):
            tries = before["tries"] + 1
            if await committed_now(means, merchant_id, _wrong(before, tries, now)):
                raise CODE_WRONG(field="code", left=TRIES_MAX - tries) if tries < TRIES_MAX else NO_WINDOW()
            continue
        # 2 a right one is used up by the key that came with it
        taken = {"code_hmac": None, "algorithm": key.algorithm, "public_key": key.public}
        if await committed_now(means, merchant_id, ChangePart(guards=(Guard(enrol_window, before, taken),))):
            return as_window({**before, **taken})
    raise SIGN_IN_BUSY()


async def close_window(means: Means, actor: Actor, terminal_id: str) -> None:
    """End the window, because it is not needed or the words differ; nothing where none is open.

    Raises Refused CF-2008, CF-2021, CF-2012; Trouble CF-2010.
    """
    await terminal_for(means, actor, terminal_id)
    for _ in range(ROUNDS_MAX):
        before = await row_of(means.store, "enrol_window", actor.merchant_id, terminal_id)
        if before is None:
            return
        fact = ENROL_ENDED.fact(at=means.clock.now(), actor=actor.person_id, subject=terminal_id, why="withdrawn")
        if await committed_now(
            means, actor.merchant_id, ChangePart(drops=(Drop(enrol_window, before),), facts=(fact,))
        ):
            return
    raise SIGN_IN_BUSY()


async def terminal_for(means: Means, actor: Actor, terminal_id: str) -> Terminal:
    """The terminal, where the actor may enrol it. Raises Refused CF-2008, CF-2021, CF-2012."""
    found = await terminal(means.store, actor.merchant_id, terminal_id)
    if found is None or found.state != ACTIVE:
        raise TERMINAL_UNKNOWN()
    demand(actor, Permission.ENROL_TERMINAL, found.shop_id)
    return found


async def committed_now(means: Means, merchant_id: int, first: ChangePart, *parts: ChangePart) -> bool:
    """Whether the parts were committed as one; not where another changed their rows meanwhile. The first one writes."""
    change = Change(
        change_id=means.ids.uuid(),
        merchant_id=merchant_id,
        inserts=first.inserts,
        guards=first.guards,
        requires=first.requires,
        drops=first.drops,
        facts=first.facts,
    )
    for part in parts:
        change = change.plus(part)
    try:
        await means.store.commit(change)
    except Lost:
        return False
    return True


def _wrong(before: Row, tries: int, now: int) -> ChangePart:
    if tries < TRIES_MAX:
        return ChangePart(guards=(Guard(enrol_window, before, {"tries": tries}),))
    fact = ENROL_ENDED.fact(at=now, subject=before["terminal_id"], why="tries")
    return ChangePart(drops=(Drop(enrol_window, before),), facts=(fact,))


def _new_code(means: Means) -> str:
    return f"{int.from_bytes(means.entropy.bytes(16)) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _plain(typed: str) -> str:
    """Digits however they were typed: full-width, in groups."""
    return "".join(one for one in unicodedata.normalize("NFKC", typed[:64]) if one.isalnum())


def _digest(means: Means, code: str, nonce: str) -> str:
    """Keyed, since eight digits alone could be found out from any plain digest."""
    return hmac.new(means.hmac_key.reveal(), f"enrol {nonce} {code}".encode(), hashlib.sha256).hexdigest()
