"""Which acts belong together, as somebody looks for them."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

# By the first part of a fact's tag; a whole tag goes before it.
GROUPS: Final = MappingProxyType(
    {
        "payments": ("txn", "notice", "notices"),
        "money_back": (
            *("refund", "txn.voiding", "txn.voided", "txn.void_refused", "txn.void_unknown", "txn.refunded"),
        ),
        "refused": ("act.refused",),
        "confirmed": ("act.confirmed", "person.approved", "request"),
        "sign_in": (
            *("person.signed_in", "person.signed_out", "person.tried", "person.locked", "person.lock_lifted"),
            *("person.password_reset", "person.password_changed", "login.reset_begun", "login.password_set"),
            *("passkey", "code_app", "recovery", "factor", "factors"),
        ),
        "people": ("person", "grant", "role", "login", "staff", "policy"),
        "places": ("merchant", "shop", "terminal", "tills"),
        "channels": ("account", "route"),
        "access": ("key", "networks"),
        "records": ("receipt", "records", "days", "activity", "hold"),
    }
)
OTHER: Final = "other"
_BY_HEAD: Final = MappingProxyType({head: group for group, heads in GROUPS.items() for head in heads})


def group_of(tag: str) -> str:
    """The group of a kind of fact; ``other`` for one that is newer than this program."""
    return _BY_HEAD.get(tag) or _BY_HEAD.get(tag.partition(".")[0], OTHER)
