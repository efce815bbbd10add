"""Where a payment is taken: the terminal, its shop, and the provider account that takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import bindparam, select

from counterfoil.basis import Both, Ids, insist, local_day, next_cut
from counterfoil.payments.faults import METHOD_NOT_OFFERED, NO_CODE_FOR_WALLET, PROVIDER_DEACTIVATED, TERMINAL_UNKNOWN
from counterfoil.payments.means import Means
from counterfoil.payments.payment import SHOWN_CODE, Payment
from counterfoil.people import NO_ROUNDING
from counterfoil.people.tables import shop, terminal
from counterfoil.providers import Manifest, Schedule
from counterfoil.providers.tables import provider_account
from counterfoil.store import Require, Row

_TERMINAL: Final = (
    select(
        terminal,
        shop.c.zone.label("shop_zone"),
        shop.c.day_ends_minute,
        shop.c.rounding.label("shop_rounding"),
        shop.c.state.label("shop_state"),
        shop.c.version.label("shop_version"),
    )
    .join(shop, (shop.c.merchant_id == terminal.c.merchant_id) & (shop.c.id == terminal.c.shop_id))
    .where(terminal.c.merchant_id == bindparam("merchant_id"), terminal.c.id == bindparam("id"))
)
_ACCOUNTS_KNOWN: Final = "accounts"
_DAY_MINUTES: Final = 24 * 60
_ACCOUNTS: Final = (
    select(provider_account)
    .where(provider_account.c.merchant_id == bindparam("merchant_id"))
    .order_by(provider_account.c.made_at, provider_account.c.id)
)


class Place(Struct, frozen=True, kw_only=True):
    """A terminal in its shop; the days an instant belongs to there."""

    merchant_id: int
    shop_id: str
    shop_version: int
    terminal_id: str
    terminal_version: int
    zone: str
    day_ends_minute: int
    rounding: str = NO_ROUNDING

    def order_no(self, now: int, ids: Ids) -> str:
        """A new order number: the date it is in the shop, and 18 random digits."""
        return local_day(now, self.zone, 0)[2:].replace("-", "") + ids.digits(18)

    def business_day(self, now: int) -> str:
        """The shop's day."""
        return local_day(now, self.zone, self.day_ends_minute)

    def requires(self) -> tuple[Require, Require]:
        """The terminal and its shop as they were read: disabling either makes a payment that relied on it stale."""
        return (
            Require(terminal, {"merchant_id": self.merchant_id, "id": self.terminal_id}, self.terminal_version),
            Require(shop, {"merchant_id": self.merchant_id, "id": self.shop_id}, self.shop_version),
        )


class Route(Struct, frozen=True):
    """The provider account a payment goes through, with what its provider can do and how long it is asked."""

    account: Row
    manifest: Manifest
    schedule: Schedule

    def clearing_day(self, now: int) -> str:
        """The account's day: after the cut it is already tomorrow's."""
        # A cut at midnight is the end of the day, not its beginning.
        return local_day(now, self.account["zone"], (self.account["cut_minute"] or _DAY_MINUTES) - _DAY_MINUTES)

    def void_until(self, now: int) -> int:
        """The account's next cut."""
        return next_cut(now, self.account["zone"], self.account["cut_minute"])

    def require(self) -> Require:
        """The account as it was read: deactivating it makes a payment that relied on it stale."""
        key = {"merchant_id": self.account["merchant_id"], "id": self.account["id"]}
        return Require(provider_account, key, self.account["version"])


async def place_of(means: Means, merchant_id: int, terminal_id: str, shop_id: str | None = None) -> Place:
    """The terminal, which must be in use and in ``shop_id`` where one is named. Raises TERMINAL_UNKNOWN."""
    rows = await means.known.rows(
        merchant_id,
        terminal_id,
        means.clock.monotonic(),
        lambda: means.store.fetch(_TERMINAL, {"merchant_id": merchant_id, "id": terminal_id}),
    )
    row = rows[0] if rows else None
    if row is None or row["state"] != "active" or row["shop_state"] != "active":
        raise TERMINAL_UNKNOWN(field="terminal_id")
    if shop_id is not None and row["shop_id"] != shop_id:
        raise TERMINAL_UNKNOWN(field="shop_id")
    return _place(row)


async def place_was(means: Means, payment: Payment) -> Place:
    """Where a payment was taken, also where neither shop nor terminal takes payments any more."""
    row = await means.store.fetch_one(_TERMINAL, {"merchant_id": payment.merchant_id, "id": payment.terminal_id})
    insist(row is not None, "a payment has its terminal")
    return _place(row or {})


async def route_for(means: Means, merchant_id: int, method: str, entry: str, wallet: str) -> Route:
    """The oldest active account that takes this.

    Raises PROVIDER_DEACTIVATED, METHOD_NOT_OFFERED, or NO_CODE_FOR_WALLET where a code is shown for other wallets only.
    """
    accounts = await means.known.rows(
        merchant_id, _ACCOUNTS_KNOWN, means.clock.monotonic(), lambda: _accounts(means, merchant_id)
    )
    ours = [_route(means, row) for row in accounts]
    fitting = [route for route in ours if _takes(route.manifest, method, entry, wallet)]
    if not fitting:
        showing = next((route for route in ours if _takes(route.manifest, method, entry, None)), None)
        if entry == SHOWN_CODE and showing is not None:
            raise NO_CODE_FOR_WALLET(field="wallet", provider=named(showing.manifest))
        raise METHOD_NOT_OFFERED(field="method")
    active = next((route for route in fitting if route.account["state"] == "active"), None)
    if active is None:
        raise PROVIDER_DEACTIVATED(field="method", provider=named(fitting[0].manifest))
    return active


async def code_wallets(means: Means, merchant_id: int) -> tuple[str, ...]:
    """The wallets for which this merchant can show a code now, in the order of its accounts."""
    active = [row for row in await _accounts(means, merchant_id) if row["state"] == "active"]
    offered = (wallet for row in active for wallet in means.accounts.manifest(row["provider"]).code_wallets)
    return tuple(dict.fromkeys(offered))


async def route_of(means: Means, merchant_id: int, account_id: str) -> Route:
    """The account a payment was taken through: the way back is the way it came, active or not."""
    return _route(means, next(row for row in await _accounts(means, merchant_id) if row["id"] == account_id))


def _place(row: Mapping[str, Any]) -> Place:
    return Place(
        merchant_id=row["merchant_id"],
        shop_id=row["shop_id"],
        shop_version=row["shop_version"],
        terminal_id=row["id"],
        terminal_version=row["version"],
        zone=row["shop_zone"],
        day_ends_minute=row["day_ends_minute"],
        rounding=row["shop_rounding"],
    )


def _route(means: Means, account: Row) -> Route:
    return Route(account, means.accounts.manifest(account["provider"]), means.accounts.schedule(account))


def named(manifest: Manifest) -> Both:
    """The provider's name in both languages."""
    return Both(manifest.name_zh, manifest.name_en)


async def _accounts(means: Means, merchant_id: int) -> Sequence[Row]:
    return await means.store.fetch(_ACCOUNTS, {"merchant_id": merchant_id})


def _takes(manifest: Manifest, method: str, entry: str, wallet: str | None) -> bool:
    """Whether it takes this; ``wallet`` None: of any wallet."""
    wallets = manifest.code_wallets if entry == SHOWN_CODE else manifest.wallets
    return method in manifest.methods and entry in manifest.entries and (wallet is None or wallet in wallets)
