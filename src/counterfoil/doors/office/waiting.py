"""待处理: what waits for a person, with what is known, what the provider said last, and the next steps there are.

Two lists, each with pages of its own, so that what only a person can decide hides nothing that is still open. A button
never says that money came: it asks, or undoes. What a provider does not answer stays open here. Behind the payments
stand the provider's notices that fit none (``notices``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.notices import listed as notices_listed
from counterfoil.doors.office.pages import render
from counterfoil.doors.office.resolving import ways_on
from counterfoil.doors.office.said import SAID, told
from counterfoil.doors.office.things import id_in
from counterfoil.doors.place import hold_act
from counterfoil.doors.screen.cookies import whole
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.looks import Look, Mark, look_of, mark_of, provider_name
from counterfoil.doors.screen.pages import go, link, status_of, tell
from counterfoil.doors.screen.provider_code import code_said
from counterfoil.payments import MoneyState, Payment, WithdrawAsk, ask_now, leg_is_lost, payment_for, resolve, withdraw
from counterfoil.people import Permission, demand_somewhere, terminals
from counterfoil.records import Queued, Record, queue, view

SHOWN: Final = 10
WAIT_SECONDS: Final = 8.0
_LISTS: Final = ("person", "checked")
_OPEN: Final = frozenset({MoneyState.SENT, MoneyState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One of them. ``said``: what the provider, or the lack of its answer, said last; ``steps``: names of what to do.

    ``ways_on``: where the statement's line is entered, for each thing it may say, with its words.
    ``code``: the provider's own code for it and what that means, where it gave one.
    """

    payment: Payment
    mark: Mark
    look: Look
    where: str
    provider: str
    said: str
    said_at: int
    code: str
    todo: str
    steps: tuple[str, ...]
    ways_on: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One of the two lists, at one page of it: ``name`` in the address, how many there are, and the ways on."""

    name: str
    rows: tuple[Waiting, ...]
    count: int
    page: int
    pages: int
    back: str | None
    on: str | None


def routes(app: App) -> list[BaseRoute]:
    """The list, and what can be done about one of them."""
    return [at_desk(app, "/office/waiting", listed), at_desk(app, "/office/waiting/{id}", None, act)]


async def listed(desk: Desk) -> Response:
    """What only a person can decide first, then what is still being checked, the newest of both; then the notices."""
    return await _page(desk)


async def act(desk: Desk, form: Form) -> Response:
    """Ask again, or withdraw."""
    demand_somewhere(desk.actor, Permission.READ)
    means, payment_id, what = desk.app.payments, id_in(desk), form.get("do", "")
    try:
        if what == "ask":
            demand_somewhere(desk.actor, Permission.WITHDRAW)
            found = await payment_for(means, desk.actor, payment_id, Permission.WITHDRAW)
            await resolve(means, desk.merchant_id, found.id, WAIT_SECONDS)
            return go("/office/waiting", done="asked", **_said(_pages(desk)))
        if what == "withdraw":
            await hold_act(desk.app, desk.request, desk.merchant_id, Permission.WITHDRAW)
            ask = WithdrawAsk(id=desk.app.ids.uuid(), payment_id=payment_id, wait_seconds=WAIT_SECONDS)
            await withdraw(means, desk.actor, ask)
            return go("/office/waiting", done="withdrawn", **_said(_pages(desk)))
        outcome = await ask_now(means, desk.actor, payment_id)
    except Fault as fault:
        desk.note("withdraw" if what == "withdraw" else "ask_about", fault)
        return await _page(desk, fault)
    return await _page(desk, answer=(payment_id, told(desk, outcome)))


async def _page(desk: Desk, fault: Fault | None = None, answer: tuple[str, str] = ("", "")) -> Response:
    demand_somewhere(desk.actor, Permission.READ)
    waits = await queue(desk.app.records, desk.merchant_id)
    both = zip(_LISTS, (waits.for_a_person, waits.checked), strict=True)
    pages = _pages(desk)
    lists = [await _listed(desk, name, all_, pages) for name, all_ in both]
    notices = await notices_listed(desk)
    return render(
        desk,
        "waiting.html",
        status_of(fault),
        lists=[one for one in lists if one.count],
        count=sum(one.count for one in lists) + notices.count,
        notices=notices,
        here=link("", **_said(pages)),
        answered=answer[0],
        answer=answer[1],
        **tell(desk, fault),
    )


def _pages(desk: Desk) -> dict[str, int]:
    """The page of each list that the address names."""
    return {name: whole(desk.request.query_params.get(name, "")) or 1 for name in _LISTS}


def _said(pages: dict[str, int]) -> dict[str, str]:
    return {name: str(page) for name, page in pages.items() if page > 1}


async def _listed(desk: Desk, name: str, all_: Sequence[Queued], pages: dict[str, int]) -> Listed:
    """The page of one list that the address names; the other list stays where it is."""
    seen = [one for one in all_ if desk.actor.may(Permission.READ, one.shop_id)]
    last = max(1, -(-len(seen) // SHOWN))
    page = min(max(pages[name], 1), last)
    places = {one.id: f"{shop.name} · {one.number}" for one, shop in await terminals(desk.app.store, desk.merchant_id)}
    found = [await view(desk.app.records, desk.merchant_id, one.id) for one in seen[(page - 1) * SHOWN : page * SHOWN]]

    def at(number: int) -> str:
        return link("/office/waiting", **_said({**pages, name: number}))

    return Listed(
        name=name,
        rows=tuple(_waiting(desk, one, places) for one in found if one is not None),
        count=len(seen),
        page=page,
        pages=last,
        back=at(page - 1) if page > 1 else None,
        on=at(page + 1) if page < last else None,
    )


def _waiting(desk: Desk, found: Record, places: dict[str, str]) -> Waiting:
    payment, events = found.payment, found.events
    last = next((event for event in reversed(events) if event.body.get("why")), None)
    why = str(last.body["why"]) if last is not None else ""
    code = str(last.body.get("code") or "") if last is not None else ""
    return Waiting(
        payment=payment,
        mark=mark_of(desk, payment),
        look=look_of(desk, payment),
        where=places.get(payment.terminal_id or "", "—"),
        provider=provider_name(desk, payment),
        said=desk.t(f"office.waiting.said.{why if why in SAID else 'other' if why else 'nothing'}"),
        said_at=last.at if last is not None else payment.taken_at,
        code=code_said(desk, payment, code) if code != why else "",
        todo=desk.t(f"office.waiting.todo.{_sort(payment, desk.now)}"),
        steps=_steps(desk, payment),
        ways_on=ways_on(desk, payment),
    )


def _sort(payment: Payment, now: int) -> str:
    """By what is to be done about it."""
    if payment.money in _OPEN:
        return "open"
    if payment.money is MoneyState.MANUAL:
        return "stuck" if payment.captured_at is None else "late"
    if any(leg_is_lost(leg, now) for leg in payment.legs):
        return "lost"
    return "reversing" if payment.money is MoneyState.REVERSING else "back"


def _steps(desk: Desk, payment: Payment) -> tuple[str, ...]:
    if not desk.actor.may(Permission.WITHDRAW, payment.shop_id):
        return ("look",) if payment.money is MoneyState.MANUAL else ()
    if payment.money in _OPEN:
        return ("ask", "withdraw")
    if payment.money is MoneyState.MANUAL:
        return ("look",)
    return ("ask",) if payment.in_flight or payment.row["due_at"] is not None else ()
