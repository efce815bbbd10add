"""What is known of a terminal's key and of the window that is open for one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.basis import canonical_uuid
from counterfoil.people.enrolment.device_key import DeviceKey
from counterfoil.people.enrolment.words import SixWords, six_words
from counterfoil.people.tables import enrol_window, enrolment, signed_counter, till_rule
from counterfoil.store import Row, Store, by_key

ENROLLED: Final = "enrolled"
REVOKED: Final = "revoked"
FORKED: Final = "locked"
_OF: Final = {
    table.name: by_key(
        select(table).where(
            table.c.merchant_id == bindparam("merchant_id"), table.c.terminal_id == bindparam("terminal_id")
        )
    )
    for table in (enrolment, enrol_window, signed_counter)
}
_ALL: Final = select(enrolment.c.terminal_id, enrolment.c.state).where(
    enrolment.c.merchant_id == bindparam("merchant_id")
)
_RULE: Final = by_key(select(till_rule).where(till_rule.c.merchant_id == bindparam("merchant_id")))


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A terminal's key. ``state``: ``enrolled``, ``revoked``, or ``locked`` where two devices had it."""

    terminal_id: str
    state: str
    key: DeviceKey
    made_at: int


@dataclass(frozen=True, slots=True)
class Window:
    """Open until ``until`` (UTC microseconds). ``key`` and ``words`` once a device has handed one in."""

    until: int
    tries: int
    key: DeviceKey | None
    words: SixWords | None


async def enrolment_of(store: Store, merchant_id: int, terminal_id: str) -> Enrolment | None:
    """The terminal's enrolment, whatever its state; None where it never had one."""
    row = await row_of(store, "enrolment", merchant_id, terminal_id)
    if row is None:
        return None
    return Enrolment(row["terminal_id"], row["state"], key_in(row), row["made_at"])


async def enrolments(store: Store, merchant_id: int) -> dict[str, str]:
    """The state by terminal id, of those that have one."""
    rows = await store.fetch(_ALL, {"merchant_id": merchant_id})
    return {row["terminal_id"]: row["state"] for row in rows}


async def window_of(store: Store, merchant_id: int, terminal_id: str, now: int) -> Window | None:
    """The window that is open for the terminal at ``now``."""
    row = await row_of(store, "enrol_window", merchant_id, terminal_id)
    return as_window(row) if row is not None and now < row["until_at"] else None


async def only_enrolled(store: Store, merchant_id: int) -> bool:
    """Whether the merchant takes money at enrolled terminals only."""
    row = await rule_row(store, merchant_id)
    return row is not None and bool(row["only_enrolled"])


async def rule_row(store: Store, merchant_id: int) -> Row | None:
    """The row of the merchant's rule. For this area only."""
    return await store.fetch_one(_RULE, {"merchant_id": merchant_id})


async def row_of(store: Store, table: str, merchant_id: int, terminal_id: str) -> Row | None:
    """The terminal's row of ``table``; what can be no terminal's id has none. For this area only."""
    try:
        canonical_uuid(terminal_id)
    except ValueError:
        return None
    return await store.fetch_one(_OF[table], {"merchant_id": merchant_id, "terminal_id": terminal_id})


def key_in(row: Row) -> DeviceKey:
    """The key that a row names."""
    return DeviceKey(row["algorithm"], row["public_key"])


def as_window(row: Row) -> Window:
    """The record of a row of ``enrol_window``."""
    key = key_in(row) if row["public_key"] else None
    return Window(row["until_at"], row["tries"], key, six_words(key.sha256, row["nonce"]) if key else None)
