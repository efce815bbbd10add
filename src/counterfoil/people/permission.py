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
    DECIDE_NOTICE = "decide_notice"
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
    Permission.DECIDE_NOTICE,
    Permission.LIFT_LOCK,
    Permission.RESET_PASSWORD,
    Permission.OFFICE,
}

ALLOWED: Final = {
    Role.CASHIER: _CASHIER,
    Role.SUPERVISOR: _SUPERVISOR,
    Role.ADMINISTRATOR: frozenset(Permission),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person who acts, proven: through a session at a terminal, or as the owner of an API key.

    ``auth`` says how (``pin+term``; ``pin`` in the office; ``key``). ``approver_id`` is the supervisor whose number and
    password allowed this one act; the actor's permissions then hold what the approver's role adds. ``shop_ids`` limits
    an API key; None: all.
    """

    merchant_id: int
    person_id: str
    permissions: frozenset[Permission]
    auth: str
    terminal_id: str | None = None
    approver_id: str | None = None
    shop_ids: frozenset[str] | None = None

    def may(self, permission: Permission) -> bool:
        """Whether this actor holds the permission."""
        return permission in self.permissions
