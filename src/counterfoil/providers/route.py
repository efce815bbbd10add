"""Which accounts take a payment at a place, in which order, and why it came to the one it went to. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from counterfoil.providers.facts import ROUTE_SET
from counterfoil.providers.tables import provider_route
from counterfoil.store import Change, Guard, Insert, Require, Row

MERCHANT_WIDE: Final = "merchant"
_NAMES: Final = uuid.UUID("7d0a3a34-5d0c-5e0f-9a55-0f3d1f1a9c11")


class Because(StrEnum):
    """Why an account was tried where it was."""

    TERMINAL = "terminal"
    SHOP = "shop"
    MERCHANT = "merchant"
    OLDEST = "oldest"  # no route is set: the accounts that take this, the oldest first


class Skip(StrEnum):
    """Why an account before it was passed over."""

    LINE_OPEN = "open"  # its breaker was open
    NOT_SENT = "not_sent"  # the call never left
    DEACTIVATED = "deactivated"
    UNUSABLE = "unusable"  # its settings cannot be used


class Routed(Struct, frozen=True):
    """The choice as it is kept with a payment: by what, at which place in that order, past which accounts."""

    because: Because
    place: int
    skipped: tuple[tuple[str, Skip], ...] = ()

    def text(self) -> str:
        """One line, ``shop:2 <account>=open``."""
        return " ".join([f"{self.because}:{self.place}", *(f"{account}={skip}" for account, skip in self.skipped)])

    @classmethod
    def read(cls, text: str | None) -> Routed | None:
        """What ``text`` wrote; None of nothing."""
        if not text:
            return None
        head, *rest = text.split(" ")
        because, _, place = head.partition(":")
        pairs = (each.partition("=") for each in rest)
        return cls(Because(because), int(place), tuple((account, Skip(skip)) for account, _, skip in pairs))


def order_of(routes: Sequence[Row], shop_id: str, terminal_id: str, method: str) -> tuple[Because, tuple[str, ...]]:
    """The accounts to be tried, in order: the narrowest place that has a route for the method decides alone.

    OLDEST with no accounts where none has.
    """
    kept = {(row["scope"], row["method"]): accounts_in(row) for row in routes}
    scopes = (
        (Because.TERMINAL, f"terminal:{terminal_id}"),
        (Because.SHOP, f"shop:{shop_id}"),
        (Because.MERCHANT, MERCHANT_WIDE),
    )
    for because, scope in scopes:
        if found := kept.get((scope, method)):
            return because, found
    return Because.OLDEST, ()


def accounts_in(row: Row) -> tuple[str, ...]:
    """The accounts of one route, in order."""
    return tuple(row["account_ids"].split())


def routing(
    merchant_id: int,
    before: Row | None,
    place: tuple[str, str],
    account_ids: Sequence[str],
    *,
    actor: str,
    relied: Sequence[Require],
    change_id: str,
    at: int,
) -> Change | None:
    """The Change that sets the route of a ``place`` (scope, method); None where it is so already. ``before``: its row.

    ``relied``: what must still be so when it is written. ``at`` in UTC microseconds.
    """
    scope, method = place
    told, was = " ".join(account_ids), "" if before is None else before["account_ids"]
    if told == was:
        return None
    route_id = route_id_of(merchant_id, scope, method)
    row: dict[str, Any] = {
        "merchant_id": merchant_id,
        "id": route_id,
        "scope": scope,
        "method": method,
        "account_ids": told,
        "made_at": at,
        "version": 1,
        "last_change": change_id,
    }
    fact = ROUTE_SET.fact(
        at=at, actor=actor, subject=route_id, scope=scope, method=method, accounts=list(account_ids), before=was.split()
    )
    return Change(
        change_id=change_id,
        merchant_id=merchant_id,
        inserts=(Insert(provider_route, row),) if before is None else (),
        guards=() if before is None else (Guard(provider_route, before, {"account_ids": told}),),
        requires=tuple(relied),
        facts=(fact,),
    )


def route_id_of(merchant_id: int, scope: str, method: str) -> str:
    """The id of the route of a place: the same each time, so that two people who set the first one meet."""
    return str(uuid.uuid5(_NAMES, f"{merchant_id}/{scope}/{method}"))
