"""Everybody who may stand before a door, signed in, and one of each thing that an address can name.

Three places: a shop of the merchant asked about, another shop of it with a person and a channel of its own, and another
merchant. People: each role held everywhere and in the one shop only; for each permission somebody who holds it and what
the door itself needs and nothing else, and somebody who holds all but it; nobody; and API keys.
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette

from counterfoil import people
from counterfoil.basis import MICROS, Money, SystemClock
from counterfoil.channels import METHODS, set_route
from counterfoil.doors.log import make_log
from counterfoil.doors.web import make_web
from counterfoil.evidence import newest_of
from counterfoil.payments import TakeAsk, take
from counterfoil.people import ALLOWED, Actor, At, Held, NewMerchant, NewPerson, NewShop, NewTerminal, Permission
from counterfoil.people import Role as Roles
from counterfoil.providers import OpenAccount, accounts_of_provider, open_account
from counterfoil.removal import REASONS, PlaceHold, place_hold
from counterfoil.second_person import Asking, ask_somebody
from counterfoil.store import Change
from counterfoil.testing.house import MERCHANT_NO, House, furnish, open_house

OWN, SHOP, FOREIGN = "own", "other shop", "other merchant"
PLACES = (OWN, SHOP, FOREIGN)
HOST = "http://pos.example"
# What lets somebody stand at the door at all, beside what each of its pages asks for.
ENTRY = {"office": frozenset({Permission.OFFICE}), "till": frozenset[Permission]()}


class ShiftedClock(SystemClock):
    """The machine's clock, put forward or back by as much as a test says."""

    shift_seconds = 0.0

    def now(self) -> int:
        return super().now() + int(self.shift_seconds * MICROS)


@dataclass(frozen=True)
class Somebody:
    """Who asks: a name to be told by, what they hold, and the cookies or the key they show. ``held`` None: nobody."""

    name: str
    held: Held | None
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    person_id: str = ""


@dataclass
class Everybody:
    """The house, its web without a socket, who there is at each door, and the ids of things by place."""

    house: House
    web: Starlette
    log: io.StringIO
    clock: ShiftedClock
    standing: dict[str, list[Somebody]] = field(default_factory=dict)
    things: dict[str, dict[str, str]] = field(default_factory=dict)
    # API keys by the scopes they have, and those of one shop; "" is nobody's.
    keys: dict[str, str] = field(default_factory=dict)

    def client(self, **more: Any) -> httpx.AsyncClient:
        """A caller on this machine who keeps no cookies between requests but those it is given."""
        transport = httpx.ASGITransport(self.web, client=("127.0.0.1", 50000))
        return httpx.AsyncClient(**{"transport": transport, "base_url": HOST, "timeout": 60} | more)

    def administrator(self, merchant_id: int = 1) -> Actor:
        """Who sets up the rest."""
        known = self.things[OWN if merchant_id == 1 else FOREIGN]
        return Actor(
            merchant_id=merchant_id,
            person_id=known["administrator"],
            permissions=ALLOWED[Roles.ADMINISTRATOR],
            auth="test",
        )

    async def session(self, name: str, person_id: str, at: At, auth: str, merchant_id: int = 1) -> Somebody:
        """A session of that person, proven as ``auth`` says."""
        app = self.house.app
        who = await people.person(app.store, merchant_id, person_id)
        held = await people.held_by(app.store, merchant_id, person_id)
        part, made = people.begin_session(app.people, who, held, at, language="en", now=app.clock.now(), auth=auth)
        change = Change(change_id=app.ids.uuid(), merchant_id=merchant_id, inserts=part.inserts, facts=part.facts)
        await app.store.commit(change)
        cookie = "cf_session" if at.terminal_id else "cf_office"
        return Somebody(name, held, {cookie: made.token.reveal()}, made.session.csrf, person_id)

    async def anew(self, who: Somebody) -> Somebody:
        """The same person with another session, for what ends the one that asks."""
        at_till = "cf_session" in who.cookies
        at = At(self.things[OWN]["terminal"], self.things[OWN]["shop"]) if at_till else people.IN_OFFICE
        return await self.session(who.name, who.person_id, at, "pin+term" if at_till else "pin+passkey")

    async def sit(self, name: str, person_id: str) -> None:
        """Let them sign in at both doors: in the office, and at the till of the own shop."""
        at = At(self.things[OWN]["terminal"], self.things[OWN]["shop"])
        self.standing["office"].append(await self.session(name, person_id, people.IN_OFFICE, "pin+passkey"))
        self.standing["till"].append(await self.session(name, person_id, at, "pin+term"))


@asynccontextmanager
async def everybody(folder: Path) -> AsyncIterator[Everybody]:
    """Open the house and let everybody in."""
    clock, log = ShiftedClock(), io.StringIO()
    async with open_house(folder, clock=clock) as house:
        app = house.app
        made = Everybody(house, make_web(app, make_log(log, clock)), log, clock)
        await furnish(app, (2,))
        second = NewShop(name="Second shop", terminals=(NewTerminal(number="T03", label="3"),))
        await people.open_merchant(app.people, NewMerchant(merchant_id=1, name="Merchant 1", shops=(second,)))
        for place, merchant_id, terminal in ((OWN, 1, 0), (SHOP, 1, -1), (FOREIGN, 2, 0)):
            made.things[place] = await _place(app, merchant_id, terminal)
        for place in PLACES:
            made.things[place] |= await _things(made, place)
        await app.signer.sign_all()
        await _let_in(made)
        made.keys = await _keys(made)
        yield made


async def _place(app: Any, merchant_id: int, terminal: int) -> dict[str, str]:
    staff = {one.number: one.id for one in await people.persons(app.store, merchant_id)}
    where, shop = (await people.terminals(app.store, merchant_id))[terminal]
    account = (await accounts_of_provider(app.store, merchant_id, "lakala"))[0]
    return {
        "merchant": str(merchant_id),
        "shop": shop.id,
        "terminal": where.id,
        "administrator": staff["99"],
        "person": staff["00"],
        "account": account["id"],
    }


async def _things(made: Everybody, place: str) -> dict[str, str]:
    """A payment in cash of that place, a hold on another, an own role, a role somebody has, a request and a key."""
    app, known = made.house.app, made.things[place]
    merchant_id = int(known["merchant"])
    actor = made.administrator(merchant_id)
    paid, kept = [await _paid(made, place, actor) for _ in range(2)]
    asked = PlaceHold(id=app.ids.uuid(), payment_id=kept, reason=REASONS[0], reference=None)
    await place_hold(app.people, actor, asked)
    role = await people.make_role(app.people, actor, f"role {place}", frozenset({Permission.READ}))
    if place == SHOP:
        known |= await _of_its_own(made, actor)
    leaf = (await newest_of(app.store, merchant_id, paid, 1, None))[0][0]
    granted = await people.grants_of(app.store, merchant_id, known["person"])
    key, _ = await people.make_key(
        app.people, actor, label=place, owner_id=actor.person_id, scopes=people.SCOPES_DEFAULT
    )
    return {
        "payment": paid,
        "hold": asked.id,
        "role": role.id,
        "grant": granted[0].id,
        "position": str(leaf),
        "key": key.id,
        "request": await _asked_for(made, place, actor, paid),
    }


async def _of_its_own(made: Everybody, actor: Actor) -> dict[str, str]:
    """Of the other shop alone: somebody who works there, and the channel that takes its payments."""
    app, known = made.house.app, made.things[SHOP]
    opened = OpenAccount(
        id=app.ids.uuid(),
        merchant_id=1,
        provider="lakala",
        name="second",
        environment="sandbox",
        merchant_no=MERCHANT_NO,
    )
    await open_account(app.store, app.clock, app.ids, app.manifests["lakala"], opened)
    for method in METHODS:
        if method in app.manifests["lakala"].methods:
            for scope, account in (("merchant", known["account"]), (f"shop:{known['shop']}", opened.id)):
                await set_route(app.people, app.accounts, actor, scope, method, (account,))
    person = await _hired(made, "somebody of the other shop", Roles.CASHIER.value, known["shop"])
    return {"person": person, "account": opened.id}


async def _asked_for(made: Everybody, place: str, actor: Actor, payment_id: str) -> str:
    """Somebody asked to be allowed to refund a part of it."""
    app, known = made.house.app, made.things[place]
    request_id = app.ids.uuid()
    what = {"payment": payment_id, "leg": request_id, "amount_minor": 100}
    asking = Asking(
        id=request_id,
        act=people.Act.REFUND,
        deed=people.Deed(act="refund", merchant_id=actor.merchant_id, by=actor.person_id, what=what),
        form={"kind": "refund", "amount": "1.00", "reason": "TEST"},
        path={"id": payment_id, "leg": request_id},
        language="en",
        amount_minor=100,
        shop_id=known["shop"],
    )
    return (await ask_somebody(app.factors, actor, asking)).id


async def _paid(made: Everybody, place: str, actor: Actor) -> str:
    known = made.things[place]
    asked = TakeAsk(
        id=made.house.app.ids.uuid(),
        shop_id=known["shop"],
        terminal_id=known["terminal"],
        method="cash",
        entry="keyed",
        amount=Money(3800),
    )
    await take(made.house.app.payments, replace(actor, terminal_id=known["terminal"], here=known["shop"]), asked)
    return asked.id


async def _let_in(made: Everybody) -> None:
    made.standing = {door: [Somebody("nobody", None)] for door in ENTRY}
    for role in Roles:
        for where, shop_id in (("everywhere", None), ("in the shop", made.things[OWN]["shop"])):
            person_id = await _hired(made, f"{role.value} {where}", role.value, shop_id)
            await made.sit(f"{role.value} {where}", person_id)
    for permission in Permission:
        for name, held in (
            (f"only {permission.value}", frozenset({permission, Permission.OFFICE})),
            (f"all but {permission.value}", frozenset(Permission) - {permission}),
        ):
            role = await people.make_role(made.house.app.people, made.administrator(), name, held)
            await made.sit(name, await _hired(made, name, role.id, None))


async def _keys(made: Everybody) -> dict[str, str]:
    """A key a scope, one of all scopes, the same for the own shop only, and one whose owner may nothing with it."""
    app, actor = made.house.app, made.administrator()
    shop, auditor = frozenset({made.things[OWN]["shop"]}), await _hired(made, "key owner", "auditor", None)
    asked = {
        **{scope: ((scope,), None, actor.person_id) for scope in people.SCOPES},
        **{f"{scope} in the shop": ((scope,), shop, actor.person_id) for scope in people.SCOPES},
        "all": (tuple(people.SCOPES), None, actor.person_id),
        "all in the shop": (tuple(people.SCOPES), shop, actor.person_id),
        "all of an auditor": (tuple(people.SCOPES), None, auditor),
    }
    found = {"": ""}
    for name, (scopes, shop_ids, owner) in asked.items():
        _, key = await people.make_key(app.people, actor, label=name, owner_id=owner, scopes=scopes, shop_ids=shop_ids)
        found[name] = key.reveal()
    return found


async def _hired(made: Everybody, name: str, role: str, shop_id: str | None) -> str:
    email = f"{name.replace(' ', '.')}@example.com"
    new = NewPerson(number=None, name=name, role=role, email=email, shop_id=shop_id)
    return (await people.add_operator(made.house.app.people, made.administrator(), new)).id
