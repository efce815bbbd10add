"""Where a payment is taken: the terminal, its shop, and the provider account that takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, select

from counterfoil.basis import Both, Ids, Refused, insist, local_day, next_cut
from counterfoil.payments.faults import METHOD_NOT_OFFERED, NO_CODE_FOR_WALLET, PROVIDER_DEACTIVATED, TERMINAL_UNKNOWN
from counterfoil.payments.means import Means
from counterfoil.payments.payment import AT_CARD_TERMINAL, SHOWN_CODE, Payment
from counterfoil.people import NO_ROUNDING
from counterfoil.people.tables import shop, terminal
from counterfoil.providers import Because, Line, Manifest, Routed, Schedule, Skip, order_of
from counterfoil.providers.tables import provider_account, provider_route
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
_ROUTES_KNOWN: Final = "routes"
_DAY_MINUTES: Final = 24 * 60
_ACCOUNTS: Final = (
    select(provider_account)
    .where(provider_account.c.merchant_id == bindparam("merchant_id"))
    .order_by(provider_account.c.made_at, provider_account.c.id)
)
_ROUTES: Final = select(provider_route).where(provider_route.c.merchant_id == bindparam("merchant_id"))


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
    """The provider account a payment goes through, with what its provider can do and how long it is asked.

    ``routed``: why it is this one; None where the way was not chosen but found.
    """

    account: Row
    manifest: Manifest
    schedule: Schedule
    routed: Routed | None = None

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


async def route_for(
    means: Means, merchant_id: int, method: str, entry: str, wallet: str, place: Place | None = None
) -> Route:
    """The first of ``routes_for``, which says what it raises."""
    return (await routes_for(means, merchant_id, method, entry, wallet, place))[0]


async def routes_for(
    means: Means, merchant_id: int, method: str, entry: str, wallet: str, place: Place | None = None
) -> tuple[Route, ...]:
    """The active accounts that take this at ``place``, in the order in which they are tried; at least one.

    The narrowest place that has a route for the method decides which and in which order; where none has, all do, the
    oldest first. Those to which no connection comes about lately stand behind the others.

    Raises PROVIDER_DEACTIVATED, METHOD_NOT_OFFERED, or NO_CODE_FOR_WALLET where a code is shown for other wallets only.
    """
    because, fitting = await _fitting(means, merchant_id, method, entry, wallet, place)
    active = [route for route in fitting if route.account["state"] == "active"]
    gone = next((route for route in fitting if route.account["state"] != "active"), None)
    # What is not activated yet is no way round what was deactivated.
    if gone is not None and not any(_usable(means, route.account) for route in active):
        raise PROVIDER_DEACTIVATED(field="method", provider=named(gone.manifest))
    return _in_turn(means, because, fitting)


async def takes_cards(means: Means, merchant_id: int, terminal_id: str) -> bool:
    """Whether a card can be taken at this till now: its route leads to an account with a card terminal."""
    try:
        place = await place_of(means, merchant_id, terminal_id)
        _, fitting = await _fitting(means, merchant_id, "card", AT_CARD_TERMINAL, "bank_card", place)
    except Refused:
        return False
    return any(route.account["state"] == "active" for route in fitting)


async def _fitting(
    means: Means, merchant_id: int, method: str, entry: str, wallet: str, place: Place | None
) -> tuple[Because, list[Route]]:
    """The accounts that take this at ``place``, active or not, in the order of its route; at least one."""
    now = means.clock.monotonic()
    accounts = await means.known.rows(merchant_id, _ACCOUNTS_KNOWN, now, lambda: _accounts(means, merchant_id))
    because, listed = order_of((), "", "", method)
    if place is not None:
        rows = await means.known.rows(merchant_id, _ROUTES_KNOWN, now, lambda: _routes(means, merchant_id))
        because, listed = order_of(rows, place.shop_id, place.terminal_id, method)
    ours = [_route(means, row) for row in accounts]
    fitting = [route for route in ours if _takes(route.manifest, method, entry, wallet)]
    if entry == AT_CARD_TERMINAL:
        fitting = [route for route in fitting if means.accounts.takes_cards(route.account)]
    if not fitting:
        showing = next((route for route in ours if _takes(route.manifest, method, entry, None)), None)
        if entry == SHOWN_CODE and showing is not None:
            raise NO_CODE_FOR_WALLET(field="wallet", provider=named(showing.manifest))
        raise METHOD_NOT_OFFERED(field="method")
    if listed:
        by_id = {route.account["id"]: route for route in fitting}
        fitting = [by_id[account_id] for account_id in listed if account_id in by_id]
        if not fitting:
            raise METHOD_NOT_OFFERED(field="method")
    return because, fitting


def _in_turn(means: Means, because: Because, fitting: Sequence[Route]) -> tuple[Route, ...]:
    """The active ones, those whose line is broken last, each with why it stands where it does."""
    skipped: list[tuple[str, Skip]] = []
    ready: list[tuple[int, Route]] = []
    broken: list[tuple[int, Route]] = []
    now = means.clock.now()
    for number, route in enumerate(fitting, 1):
        account = route.account
        if account["state"] != "active":
            skipped.append((account["id"], Skip.DEACTIVATED))
        elif route.manifest.instant or len(fitting) == 1 or _admits(means, route, now, first=not ready):
            ready.append((number, route))
        else:
            broken.append((number, route))
    if ready:
        skipped += [(route.account["id"], Skip.LINE_OPEN) for _, route in broken]
    return tuple(
        replace(route, routed=Routed(because, number, tuple(one for one in skipped if one[0] != route.account["id"])))
        for number, route in ready + broken
    )


def _admits(means: Means, route: Route, now: int, *, first: bool) -> bool:
    """Whether calls go this way; only who would be called next uses up the one call that may try a broken line."""
    pulse = means.accounts.pulses.of(route.account["merchant_id"], route.account["id"])
    return pulse.admits(now) if first else pulse.line(now) is Line.CLOSED


def usable(means: Means, routes: Sequence[Route]) -> tuple[Route, ...]:
    """Those whose connector can be built, the others among what was passed over. Raises what the first says if none."""
    found: list[Route] = []
    unusable: list[tuple[str, Skip]] = []
    said: Refused | None = None
    for route in routes:
        try:
            means.accounts.connector(route.account)
        except Refused as refused:
            said = said or refused
            unusable.append((route.account["id"], Skip.UNUSABLE))
        else:
            found.append(_past(route, unusable))
    if not found and said is not None:
        raise said
    return tuple(found)


def onward(route: Route, before: Route) -> Route:
    """The route, chosen because the call never left for the one ``before``."""
    passed = () if before.routed is None else before.routed.skipped
    return _past(route, [*passed, (before.account["id"], Skip.NOT_SENT)])


def _past(route: Route, skipped: Sequence[tuple[str, Skip]]) -> Route:
    """The route, chosen past these accounts too."""
    if route.routed is None:
        return route
    all_ = dict(route.routed.skipped) | dict(skipped)
    all_.pop(route.account["id"], None)
    return replace(route, routed=replace(route.routed, skipped=tuple(all_.items())))


async def code_wallets(means: Means, merchant_id: int) -> tuple[str, ...]:
    """The wallets for which this merchant can show a code now, in the order of its accounts."""
    active = [row for row in await _accounts(means, merchant_id) if row["state"] == "active" and _usable(means, row)]
    offered = (wallet for row in active for wallet in means.accounts.manifest(row["provider"]).code_wallets)
    return tuple(dict.fromkeys(offered))


def _usable(means: Means, account: Row) -> bool:
    """Whether the account's settings can be used; one that is not activated yet offers nothing."""
    try:
        means.accounts.connector(account)
    except Refused:
        return False
    return True


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


async def _routes(means: Means, merchant_id: int) -> Sequence[Row]:
    return await means.store.fetch(_ROUTES, {"merchant_id": merchant_id})


def _takes(manifest: Manifest, method: str, entry: str, wallet: str | None) -> bool:
    """Whether it takes this; ``wallet`` None: of any wallet."""
    wallets = manifest.code_wallets if entry == SHOWN_CODE else manifest.wallets
    return method in manifest.methods and entry in manifest.entries and (wallet is None or wallet in wallets)
