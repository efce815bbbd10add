"""Who may do what: one table, roles across, permissions down. What stands nowhere in it, nobody may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Permission(StrEnum):
    """One thing that may be allowed. Its value stands in facts and own roles, so it is never given another sense."""

    TAKE = "take"
    READ = "read"
    WITHDRAW = "withdraw"
    VOID = "void"
    REFUND = "refund"
    DECIDE_NOTICE = "decide_notice"
    RESOLVE_PAYMENT = "resolve_payment"
    OFFICE = "office"
    EXPORT = "export"
    READ_DAYS = "read_days"
    CLOSE_DAY = "close_day"
    RECONCILE = "reconcile"
    APPROVE = "approve"
    REMOVAL_ASK = "removal_ask"
    REMOVAL_APPROVE = "removal_approve"
    REMOVAL_RESTORE = "removal_restore"
    PURGE_ASK = "purge_ask"
    PURGE_APPROVE = "purge_approve"
    HOLD = "hold"
    RELEASE_HOLD = "release_hold"
    ERASE_PERSON = "erase_person"
    MANAGE_RETENTION = "manage_retention"
    READ_CHANNELS = "read_channels"
    MANAGE_ACCOUNTS = "manage_accounts"
    SWITCH_ACCOUNT = "switch_account"
    MANAGE_ROUTES = "manage_routes"
    RETIRE_PROVIDER = "retire_provider"
    MANAGE_KEYS = "manage_keys"
    BACK_UP = "back_up"
    RESTORE_BACKUP = "restore_backup"
    MANAGE_PLACES = "manage_places"
    ENROL_TERMINAL = "enrol_terminal"
    MANAGE_NETWORKS = "manage_networks"
    MANAGE_POLICY = "manage_policy"
    MANAGE_SETTINGS = "manage_settings"
    READ_PEOPLE = "read_people"
    MANAGE_PEOPLE = "manage_people"
    GRANT_ROLES = "grant_roles"
    MANAGE_ROLES = "manage_roles"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - the name of a permission
    RESET_FACTOR = "reset_factor"
    LIFT_LOCK = "lift_lock"
    END_SESSIONS = "end_sessions"
    READ_EVIDENCE = "read_evidence"
    EXPORT_EVIDENCE = "export_evidence"
    READ_ACTIVITY = "read_activity"


class Role(StrEnum):
    """收银员, 主管, 店长, 财务, 管理员, 审计员, 合规: the roles that ship. A merchant's own role has an id instead."""

    CASHIER = "cashier"
    SUPERVISOR = "supervisor"
    SHOP_MANAGER = "shop_manager"
    ACCOUNTANT = "accountant"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    COMPLIANCE = "compliance"


# One letter a role, in the order above: Cashier, Supervisor, shop Manager, aCcountant (F for finance), aDministrator,
# aUditor, compLiance. A point: not allowed.
_LETTERS: Final = "CSMFDUL"
_TABLE: Final = MappingProxyType(
    {
        Permission.TAKE: "CSM.D..",
        Permission.READ: "CSMFDUL",
        Permission.WITHDRAW: "CSM.D..",
        Permission.VOID: ".SM.D..",
        Permission.REFUND: ".SM.D..",
        Permission.DECIDE_NOTICE: ".SM.D..",
        Permission.RESOLVE_PAYMENT: "..MFD..",
        Permission.OFFICE: ".SMFDUL",
        Permission.EXPORT: ".SMFDUL",
        Permission.READ_DAYS: ".SMFDUL",
        Permission.CLOSE_DAY: "..MFD..",
        Permission.RECONCILE: "...FD..",
        Permission.APPROVE: "..M.D.L",
        Permission.REMOVAL_ASK: ".SMFD.L",
        Permission.REMOVAL_APPROVE: "..M.D.L",
        Permission.REMOVAL_RESTORE: "....D.L",
        Permission.PURGE_ASK: "....D.L",
        Permission.PURGE_APPROVE: "....D.L",
        Permission.HOLD: "....D.L",
        Permission.RELEASE_HOLD: "....D.L",
        Permission.ERASE_PERSON: "....D.L",
        Permission.MANAGE_RETENTION: "....D.L",
        Permission.READ_CHANNELS: ".SMFDUL",
        Permission.MANAGE_ACCOUNTS: "....D..",
        Permission.SWITCH_ACCOUNT: "....D..",
        Permission.MANAGE_ROUTES: "....D..",
        Permission.RETIRE_PROVIDER: "....D..",
        Permission.MANAGE_KEYS: "....D..",
        Permission.BACK_UP: "....D..",
        Permission.RESTORE_BACKUP: "....D..",
        Permission.MANAGE_PLACES: "....D..",
        Permission.ENROL_TERMINAL: "..M.D..",
        Permission.MANAGE_NETWORKS: "....D..",
        Permission.MANAGE_POLICY: "....D..",
        Permission.MANAGE_SETTINGS: "....D..",
        Permission.READ_PEOPLE: ".SM.DUL",
        Permission.MANAGE_PEOPLE: "....D..",
        Permission.GRANT_ROLES: "....D..",
        Permission.MANAGE_ROLES: "....D..",
        Permission.RESET_PASSWORD: ".SM.D..",
        Permission.RESET_FACTOR: "....D..",
        Permission.LIFT_LOCK: ".SM.D..",
        Permission.END_SESSIONS: "....D..",
        Permission.READ_EVIDENCE: ".SMFDUL",
        Permission.EXPORT_EVIDENCE: "...FDUL",
        Permission.READ_ACTIVITY: "..M.DUL",
    }
)

ALLOWED: Final[Mapping[Role, frozenset[Permission]]] = MappingProxyType(
    {
        role: frozenset(permission for permission, letters in _TABLE.items() if letter in letters)
        for role, letter in zip(Role, _LETTERS, strict=True)
    }
)

# What changes nothing but what the asker sees. An auditor has these and no others.
ONLY_LOOKS: Final = frozenset(
    {
        Permission.READ,
        Permission.OFFICE,
        Permission.EXPORT,
        Permission.READ_DAYS,
        Permission.READ_CHANNELS,
        Permission.READ_PEOPLE,
        Permission.READ_EVIDENCE,
        Permission.EXPORT_EVIDENCE,
        Permission.READ_ACTIVITY,
    }
)

# What cannot be made good again by the next person who looks, or opens the way to such a thing. Whoever may do one of
# these in the office needs a second factor.
DANGEROUS: Final = frozenset(
    {
        Permission.VOID,
        Permission.REFUND,
        Permission.DECIDE_NOTICE,
        Permission.RESOLVE_PAYMENT,
        Permission.APPROVE,
        Permission.REMOVAL_APPROVE,
        Permission.REMOVAL_RESTORE,
        Permission.PURGE_ASK,
        Permission.PURGE_APPROVE,
        Permission.HOLD,
        Permission.RELEASE_HOLD,
        Permission.ERASE_PERSON,
        Permission.MANAGE_RETENTION,
        Permission.MANAGE_ACCOUNTS,
        Permission.SWITCH_ACCOUNT,
        Permission.MANAGE_ROUTES,
        Permission.RETIRE_PROVIDER,
        Permission.MANAGE_KEYS,
        Permission.RESTORE_BACKUP,
        Permission.MANAGE_PLACES,
        Permission.ENROL_TERMINAL,
        Permission.MANAGE_NETWORKS,
        Permission.MANAGE_POLICY,
        Permission.MANAGE_SETTINGS,
        Permission.MANAGE_PEOPLE,
        Permission.GRANT_ROLES,
        Permission.MANAGE_ROLES,
        Permission.RESET_PASSWORD,
        Permission.RESET_FACTOR,
        Permission.EXPORT_EVIDENCE,
    }
)

# What is done only from the networks that a merchant named for dangerous acts. A withdrawal may take back money that
# was paid, and needs no second factor: it is a cashier's, with the customer waiting.
PLACED: Final = DANGEROUS | {Permission.WITHDRAW}

# What concerns the merchant as a whole; held for one shop it says nothing.
WHOLE_MERCHANT: Final = frozenset(
    {
        Permission.PURGE_ASK,
        Permission.PURGE_APPROVE,
        Permission.HOLD,
        Permission.RELEASE_HOLD,
        Permission.ERASE_PERSON,
        Permission.MANAGE_RETENTION,
        Permission.MANAGE_ACCOUNTS,
        Permission.SWITCH_ACCOUNT,
        Permission.RETIRE_PROVIDER,
        Permission.MANAGE_KEYS,
        Permission.BACK_UP,
        Permission.RESTORE_BACKUP,
        Permission.MANAGE_NETWORKS,
        Permission.MANAGE_POLICY,
        Permission.MANAGE_SETTINGS,
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_ROLES,
        Permission.RESET_FACTOR,
        Permission.END_SESSIONS,
        Permission.READ_EVIDENCE,
        Permission.EXPORT_EVIDENCE,
    }
)


@dataclass(frozen=True, slots=True)
class Held:
    """What somebody's grants allow at this moment: everywhere, and more in single shops (by shop id)."""

    everywhere: frozenset[Permission] = frozenset()
    in_shops: Mapping[str, frozenset[Permission]] = field(default_factory=dict)

    def may(self, permission: Permission, shop_id: str | None) -> bool:
        """Whether it is allowed in that shop; ``shop_id`` None: in all of them."""
        inside = self.in_shops.get(shop_id, frozenset()) if shop_id else frozenset()
        return permission in self.everywhere or permission in inside

    def covers(self, others: Held) -> bool:
        """Whether everything the other may, and wherever, is held here too."""
        return others.everywhere <= self.everywhere and all(
            more <= self.everywhere | self.in_shops.get(shop, frozenset()) for shop, more in others.in_shops.items()
        )

    def anywhere(self) -> frozenset[Permission]:
        """What is allowed in at least one shop."""
        return self.everywhere.union(*self.in_shops.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person who acts, proven: through a session at a terminal, or as the owner of an API key.

    ``permissions`` count in every shop, ``in_shops`` (by shop id) in those shops only. ``here`` is the shop of the
    terminal where they stand. ``auth`` says how they proved it (``pin+term``; in the office ``pin``
    and what was shown beside it, or ``passkey``; ``key``). ``deed_sha256``: the digest of the one deed that they
    confirmed, or that was approved for them.
    ``approver_id`` is the supervisor whose number and password allowed this one act; the actor then holds that one
    permission more, where the approver holds it. ``approvals``: how many other persons
    approved it. ``shop_ids`` limits an API key; None: all.
    """

    merchant_id: int
    person_id: str
    permissions: frozenset[Permission]
    auth: str
    terminal_id: str | None = None
    approver_id: str | None = None
    approvals: int = 0
    deed_sha256: str | None = None
    shop_ids: frozenset[str] | None = None
    in_shops: Mapping[str, frozenset[Permission]] = field(default_factory=dict)
    here: str | None = None

    @property
    def held(self) -> Held:
        """What they hold, apart from where they stand and how they came."""
        return Held(self.permissions, self.in_shops)

    def may(self, permission: Permission, shop_id: str | None = None) -> bool:
        """Whether this actor holds the permission: in that shop, or where they stand, or (in the office) everywhere."""
        where = shop_id or self.here
        if where and self.shop_ids is not None and where not in self.shop_ids:
            return False
        return self.held.may(permission, where)

    @property
    def may_do_dangerous(self) -> bool:
        """Whether a second factor is required of whoever holds these permissions, be it in one shop."""
        return not self.held.anywhere().isdisjoint(DANGEROUS)

    @property
    def shops(self) -> frozenset[str] | None:
        """The shops in which they hold anything at all; None: all, also later ones."""
        if self.permissions:
            return self.shop_ids
        some = frozenset(shop for shop, more in self.in_shops.items() if more)
        return some if self.shop_ids is None else some & self.shop_ids

    def may_somewhere(self, permission: Permission) -> bool:
        """Whether there is any shop in which they may; a page that lists asks this, and lists those shops only."""
        return self.shops_for(permission) != frozenset()

    def shops_for(self, permission: Permission) -> frozenset[str] | None:
        """The shops in which they hold the permission; None: all, also later ones."""
        if permission in self.permissions:
            return self.shop_ids
        some = frozenset(shop for shop, more in self.in_shops.items() if permission in more)
        return some if self.shop_ids is None else some & self.shop_ids
