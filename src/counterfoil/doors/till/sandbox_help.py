"""In a demonstration: how to meet every fault there is at a till, by an amount or by a step.

Some steps are made easy here: a cable to pull, a void's page that was left open over the cut, a record under hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import MICROS, Money
from counterfoil.doors.screen.cookies import whole
from counterfoil.doors.screen.explained import Explained, explained
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Guest
from counterfoil.doors.screen.pages import go
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import as_anybody, at_desk
from counterfoil.doors.till.give_back import as_before_the_cut
from counterfoil.doors.till.pages import render
from counterfoil.payments import AT_CARD_TERMINAL, SHOWN_CODE, MoneyState
from counterfoil.providers import ByAmount, Manifest, sandbox_of
from counterfoil.records import Find, find
from counterfoil.removal import newest_hold
from counterfoil.support import catalogue

_MINUTE: Final = 60
_MINUTES_MAX: Final = 5
# Longer than from any moment to the next cut of its account.
_DAY_MICROS: Final = 24 * 3600 * MICROS


@dataclass(frozen=True, slots=True)
class Way:
    """How to meet a fault: its catalogue code; none where the till itself says it."""

    name: str
    code: str | None


# The faults a till must have words for, by their numbers; the steps of each stand in the catalogue of texts.
WAYS: Final = (
    Way("1", "CF-3117"),
    Way("2", "CF-3118"),
    Way("3", "CF-4101"),
    Way("4", "CF-4102"),
    Way("5a", "CF-2001"),
    Way("5b", "CF-2002"),
    Way("6", "CF-3105"),
    Way("7", "CF-3104"),
    Way("8", "CF-3111"),
    Way("9a", "CF-4003"),
    Way("9b", None),
    Way("10", "CF-8001"),
    Way("11", "CF-3131"),
    Way("12", "CF-3103"),
)


@dataclass(frozen=True, slots=True)
class Met:
    """A row of the page: the words of the fault, the amounts and the steps that bring it."""

    name: str
    told: Explained
    amounts: tuple[Money, ...]
    steps: str


_TABLES: Final = {"scanned": "consumer_code", "shown": SHOWN_CODE, "card": AT_CARD_TERMINAL}


def routes(app: App) -> list[BaseRoute]:
    """Pages that are there only in a demonstration, and the act that pulls the cable."""
    return [
        as_anybody(app, "/till/help/amounts", amounts),
        at_desk(app, "/till/help/offline", None, pull_the_cable),
        at_desk(app, "/till/help/past-the-cut", past_the_cut),
        at_desk(app, "/till/help/held", held),
    ]


async def amounts(guest: Guest) -> Response:
    """The sandbox's amounts and the ways to each fault. Raises Refused CF-1804 outside a demonstration."""
    if not guest.app.demonstration:
        raise NO_SUCH_PAGE()
    told = {name: _amounts(guest, entry) for name, entry in _TABLES.items()}
    offline = guest.app.outage.seconds_left()
    return render(guest, "amounts.html", tables=told, ways=[_met(guest, way) for way in WAYS], offline=offline)


async def pull_the_cable(desk: Desk, form: Form) -> Response:
    """断网: no provider is reached for so many minutes, at most five; 0 plugs it in. Only in a demonstration."""
    if not desk.app.demonstration:
        raise NO_SUCH_PAGE()
    minutes = whole(form.get("minutes", "")) or 0
    desk.app.outage.begin(min(minutes, _MINUTES_MAX) * _MINUTE)
    return go("/till/help/amounts")


async def past_the_cut(desk: Desk) -> Response:
    """日切后撤销: the void's page of a payment of this shop, a day old or more, as it was before the cut.

    Only in a demonstration. Where there is no such payment, the records are shown.
    """
    if not desk.app.demonstration:
        raise NO_SUCH_PAGE()
    old = Find(
        shop_id=desk.shop.id,
        entry="consumer_code",
        status=MoneyState.CAPTURED,
        to=desk.now - _DAY_MICROS,
        limit=1,
    )
    found = (await find(desk.app.records, desk.merchant_id, old)).items
    return await as_before_the_cut(desk, found[0]) if found else go("/till/records")


async def held(desk: Desk) -> Response:
    """保全锁定: whether a record under hold could be removed. Only in a demonstration; without a hold, the records."""
    if not desk.app.demonstration:
        raise NO_SUCH_PAGE()
    found = await newest_hold(desk.app.store, desk.merchant_id, in_force=True)
    return go(f"/till/records/{found.payment_id}/remove" if found else "/till/records")


def tricks(manifests: Mapping[str, Manifest]) -> Sequence[ByAmount]:
    """The amounts that play a trick, at the sandboxes the demonstration has."""
    shown = [manifest for manifest in manifests.values() if manifest.demonstrated]
    return [row for manifest in shown for row in sandbox_of(manifest).AMOUNTS]


def _met(guest: Guest, way: Way) -> Met:
    kind = catalogue()[way.code] if way.code else None
    told = explained(kind, guest.language) if kind else _said_here(guest)
    minor = [row.amount_minor for row in tricks(guest.app.manifests) if row.fault and row.fault == way.code]
    return Met(way.name, told, tuple(map(Money, minor)), guest.t(f"help.reach.{way.name}"))


def _said_here(guest: Guest) -> Explained:
    """What the till itself says of 9b, where nothing reaches the catalogue."""
    return Explained("", *(guest.t(f"unreachable.{part}") for part in ("what", "money", "do")))


def _amounts(guest: Guest, entry: str) -> list[tuple[Money, str]]:
    own = [row for row in tricks(guest.app.manifests) if row.entry == entry]
    return [(Money(row.amount_minor), row.zh if guest.language == "zh-CN" else row.en) for row in own]
