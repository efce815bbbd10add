"""Where the past happens and who is there, read anew when that changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from counterfoil.basis import local_time
from counterfoil.demo.act import Sale, Undo
from counterfoil.demo.cast import MERCHANT_ID, STAND_IN, operator_number, supervisor_number, terminal_number
from counterfoil.demo.circumstances import leave
from counterfoil.demo.shops import ZONE
from counterfoil.payments import Means, Place, Route, place_of, route_of
from counterfoil.people import ALLOWED, Actor, Role, persons, terminals
from counterfoil.providers import accounts_of_provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Places by terminal number, ids of persons by theirs, the two accounts, and a shop's supervisor's day off."""

    places: dict[str, Place]
    persons: dict[str, str]
    cash: Route
    lakala: Route
    day_off: tuple[int, date]

    def place(self, sale: Sale) -> Place:
        """The terminal of a sale."""
        return self.places[terminal_number(sale.shop, sale.terminal)]

    def route(self, sale: Sale) -> Route:
        """The account of a sale."""
        return self.cash if sale.wallet == "cash" else self.lakala

    def cashier(self, sale: Sale, operator: int) -> Actor:
        """The ``operator``-th of the shop, at the terminal of the sale."""
        return Actor(
            merchant_id=MERCHANT_ID,
            person_id=self.persons[operator_number(sale.shop, operator)],
            permissions=ALLOWED[Role.CASHIER],
            auth="pin+term",
            terminal_id=self.place(sale).terminal_id,
        )

    def allowed(self, undo: Undo) -> Actor:
        """Who undoes a sale, with the supervisor who allows it; an administrator stands in for one who is off."""
        cashier = self.cashier(undo.sale, undo.operator)
        is_off = self.day_off == (undo.sale.shop, local_time(undo.at, ZONE).date())
        approver = self.persons[STAND_IN if is_off else supervisor_number(undo.sale.shop)]
        return replace(cashier, permissions=ALLOWED[Role.SUPERVISOR], approver_id=approver)


async def read_scene(means: Means, today: date) -> Scene:
    """The scene as it is now."""
    found = await terminals(means.store, MERCHANT_ID)
    return Scene(
        places={each.number: await place_of(means, MERCHANT_ID, each.id) for each, _ in found},
        persons={each.number: each.id for each in await persons(means.store, MERCHANT_ID) if each.number},
        cash=await _route(means, "cash"),
        lakala=await _route(means, "lakala"),
        day_off=leave(today),
    )


async def _route(means: Means, provider: str) -> Route:
    """The account at the provider, also while it is deactivated: nobody pays then."""
    (account,) = await accounts_of_provider(means.store, MERCHANT_ID, provider)
    return await route_of(means, MERCHANT_ID, account["id"])
