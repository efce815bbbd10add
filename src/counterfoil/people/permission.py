"""Who may do what: one table, roles across, permissions down."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Permission(StrEnum):
    """One thing that may be allowed."""

    TAKE = "take"
    READ = "read"
    WITHDRAW = "withdraw"
    VOID = "void"
    REFUND = "refund"
    LIFT_LOCK = "lift_lock"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a permission
    OFFICE = "office"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_PLACES = "manage_places"
    MANAGE_KEYS = "manage_keys"
    MANAGE_ACCOUNTS = "manage_accounts"
    HOLD = "hold"


class Role(StrEnum):
    """收银员, 主管, 管理员."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


_CASHIER: Final = frozenset({Permission.TAKE, Permission.READ, Permission.WITHDRAW})
_SUPERVISOR: Final = _CASHIER | {
    Permission.VOID,
    Permission.REFUND,
    Permission.LIFT_LOCK,
    Permission.RESET_PASSWORD,
    Permission.OFFICE,
}

ALLOWED: Final = {
    Role.CASHIER: _CASHIER,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMINISTRATOR: frozenset(Permission),
}


# What cannot be undone, or opens a door to others: it is confirmed act by act, and whoever may do one of these in the
# office has a second factor before anything else.
DANGEROUS: Final = frozenset(
    {Permission.MANAGE_PEOPLE, Permission.MANAGE_KEYS, Permission.MANAGE_ACCOUNTS, Permission.HOLD}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person who acts, proven: through a session at a terminal, or as the owner of an API key.

    ``auth`` says how (``pin+term``; in the office ``pin`` and what was shown beside it, or ``passkey``; ``key``).
    ``approver_id`` is the supervisor whose number and password allowed this one act; the actor's permissions then hold
    what the approver's role adds. ``deed_sha256`` is the digest of the one deed that was confirmed or approved.
    ``shop_ids`` limits an API key; None: all.
    """

    merchant_id: int
    person_id: str
    permissions: frozenset[Permission]
    auth: str
    terminal_id: str | None = None
    approver_id: str | None = None
    deed_sha256: str | None = None
    shop_ids: frozenset[str] | None = None

    def may(self, permission: Permission) -> bool:
        """Whether this actor holds the permission."""
        return permission in self.permissions

    @property
    def may_do_dangerous(self) -> bool:
        """Whether a second factor is required of whoever holds these permissions."""
        return not self.permissions.isdisjoint(DANGEROUS)
