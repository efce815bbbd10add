"""What this area holds of people, what of it may be erased, what must stay, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Table

from counterfoil.people import tables


@dataclass(frozen=True, slots=True)
class Holding:
    """Columns of a table with one fate. ``erasable``: value and salt may be destroyed, the commitment stays."""

    table: Table
    columns: tuple[str, ...]
    erasable: bool
    why: str


HOLDINGS: Final = (
    Holding(
        tables.person,
        ("name", "name_salt"),
        erasable=True,
        why="personal: may go once the person has left and the retention of their acts is over",
    ),
    Holding(
        tables.person,
        ("id", "number", "state", "made_at", "gone_at", "name_commitment"),
        erasable=False,
        why="who did an act must stay answerable as long as the act is kept; a number alone names nobody",
    ),
    Holding(
        tables.person,
        ("password_hash", "password_state"),
        erasable=True,
        why="of use only while the person may sign in; not part of any evidence",
    ),
    Holding(
        tables.login,
        ("email", "email_salt", "email_digest"),
        erasable=True,
        why="personal: may go once the person has left; without it nobody signs in with it",
    ),
    Holding(
        tables.login,
        ("password_hash", "reset_sha256", "reset_until"),
        erasable=True,
        why="of use only while the person may sign in; not part of any evidence",
    ),
    Holding(
        tables.login,
        ("person_id", "email_commitment", "state", "made_at", "gone_at"),
        erasable=False,
        why="who could act in the office, and when, must stay answerable as long as the acts are kept",
    ),
    Holding(
        tables.role_grant,
        ("id", "person_id", "role", "own_role_id", "shop_id", "state", "made_at", "gone_at"),
        erasable=False,
        why="what somebody was allowed must stay answerable as long as their acts are kept; it names nobody",
    ),
    Holding(
        tables.session,
        (
            "token_sha256",
            "csrf",
            "person_id",
            "terminal_id",
            "language",
            "auth",
            "came_from",
            "made_at",
            "seen_at",
            "ends_at",
        ),
        erasable=True,
        why="of use only while the session lives, dropped a day after; sign-in and sign-out are facts of their own",
    ),
    Holding(
        tables.sign_in_lock,
        ("terminal_id", "number", "tries", "tried_at", "locked_until"),
        erasable=True,
        why="of use only while it counts, dropped a day after the last try; lock and lifting are facts of their own",
    ),
    Holding(
        tables.api_key,
        ("id", "label", "owner_id", "scopes", "shop_ids", "networks", "expires_at", "state", "made_at"),
        erasable=False,
        why="payments name the key's owner as their actor; what the key allowed must stay answerable",
    ),
    Holding(
        tables.second_person_rule,
        ("act", "persons", "from_minor", "roles"),
        erasable=False,
        why="which acts needed somebody else must stay answerable; says nothing of a person",
    ),
    Holding(
        tables.trusted_network,
        ("purpose", "networks"),
        erasable=False,
        why="from where dangerous acts could be done must stay answerable; networks of a business, not of a person",
    ),
    Holding(
        tables.trusted_network,
        ("trial", "trial_until"),
        erasable=True,
        why="of use only while the trial runs; its beginning is a fact of its own",
    ),
    Holding(
        tables.enrolment,
        ("terminal_id", "algorithm", "public_key", "state", "made_at"),
        erasable=False,
        why="which device was the terminal must stay answerable; a public key of a device names nobody",
    ),
    Holding(
        tables.enrol_window,
        ("terminal_id", "code_hmac", "nonce", "until_at", "tries", "algorithm", "public_key"),
        erasable=True,
        why="of use only while the window is open; opening, end and enrolment are facts of their own",
    ),
    Holding(
        tables.signed_counter,
        ("terminal_id", "counter", "recent"),
        erasable=True,
        why="of use only while the terminal signs with that key; says nothing of what was signed",
    ),
    Holding(
        tables.till_rule,
        ("only_enrolled",),
        erasable=False,
        why="under which rule people signed in must stay answerable; it names nobody",
    ),
)
