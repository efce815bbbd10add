"""No secret is kept anywhere: known ones go through every flow, then everything that is kept is searched for them.

What may hold one, and why: the page on which a code app or an API key is shown for the first time, and nothing else.
A private key that was accepted is kept sealed, a password and a key as a digest. What people write in their own words
(names, reasons, saved searches) is kept as they wrote it, unless it reads as a card number: that is refused.
"""

from __future__ import annotations

import io
import re
from contextlib import asynccontextmanager
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
import structlog

from counterfoil import people
from counterfoil.basis import Secret
from counterfoil.doors.log import configure_log, make_log
from counterfoil.doors.web import make_web
from counterfoil.factors import code_at, step_at
from counterfoil.people import NewPerson, Role
from counterfoil.testing.house import MERCHANT, open_house
from tests.doors.every.canaries import (
    CANARIES,
    CARD,
    CVV,
    PASSWORD,
    PEM,
    PHONE,
    PIN_BLOCK,
    TRACK_2,
    encodings,
    files_of,
    found_in,
    store_of,
)
from tests.doors.every.standing import HOST, OWN, Everybody, Somebody, _place, _things

# As it stands on the card, too.
IN_GROUPS = " ".join(CARD[at : at + 4] for at in range(0, len(CARD), 4))
GIVEN = Secret("typed by whoever made them")
TYPED = (CARD, IN_GROUPS, TRACK_2, PIN_BLOCK, CVV, PASSWORD, PHONE)

SETTINGS = {"private_key": PEM, "merchant_no": "1"}


class Flows:
    """The ways in from outside, each taken with every canary; what was answered is kept to be searched too."""

    def __init__(self, made: Everybody, office: Somebody, till: Somebody, keys: dict[str, str]) -> None:
        self.made, self.office, self.till, self.keys = made, office, till, keys
        self.answers: dict[str, bytes] = {}
        self.ids = made.things[OWN]

    async def ask(self, client: httpx.AsyncClient, method: str, path: str, who: Somebody | None = None, **more):
        cookies = {**(who.cookies if who else {}), "cf_guest": "5" * 32}
        headers = {"Origin": HOST, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        if "data" in more:
            more["data"] = {"csrf": who.csrf if who else "5" * 32, **more["data"]}
        answer = await client.request(method, path, headers=headers | more.pop("headers", {}), **more)
        assert answer.status_code < 500, (path, answer.text)
        self.answers[f"{len(self.answers)} {method} {path[:60]}"] = answer.content
        return answer

    def all(self):
        """All but what people write in their own words."""
        return (self.sign_ins, self.payments, self.searches, self.addresses, self.settings, self.notices)

    async def sign_ins(self, client: httpx.AsyncClient, typed: str) -> None:
        terminal = self.ids["terminal"]
        await self.ask(client, "POST", "/office/at/1", data={"email": "x@example.com", "password": typed})
        await self.ask(
            client, "POST", "/office/at/1/reset", data={"email": "x@example.com", "code": typed, "new": typed}
        )
        form = {"terminal": terminal, "number": "01", "password": typed}
        await self.ask(client, "POST", "/till/at/1", data=form)
        await self.ask(client, "POST", "/till/at/1/lift", data={**form, "locked_number": "01"})
        await self.ask(client, "POST", "/office/at/1/passkey", data={"credential": typed, "ticket": typed})

    async def payments(self, client: httpx.AsyncClient, typed: str) -> None:
        till, payment, shop = self.till, self.ids["payment"], self.ids["shop"]
        await self.ask(client, "POST", f"/till/take/{uuid4()}", till, data={"amount": "38.00", "code": typed})
        await self.ask(client, "POST", "/till/take", till, data={"amount": typed, "code": typed})
        back = f"/till/records/{payment}/back/{uuid4()}"
        await self.ask(client, "POST", back, till, data={"amount": "1", "reason": typed, "password": typed})
        body = {"id": str(uuid4()), "shop_id": shop, "terminal_id": self.ids["terminal"], "amount_minor": 100}
        body |= {"method": "qr", "entry": "consumer_code", "currency": "CNY", "auth_code": typed}
        for key in self.keys.values():
            bearer = {"Authorization": f"Bearer {key}"}
            await self.ask(client, "POST", "/api/v1/payments", json=body, headers=bearer)
            await self.ask(client, "POST", "/api/v1/payments", json=body | {"card_number": typed}, headers=bearer)
            await self.ask(client, "POST", "/api/v1/payments", json=body | {"id": typed}, headers=bearer)
        await self.ask(client, "GET", "/api/v1/payments", headers={"Authorization": f"Bearer {typed.strip()}"})

    async def searches(self, client: httpx.AsyncClient, typed: str) -> None:
        for who, base in ((self.till, "/till"), (self.office, "/office")):
            asked = {"number": typed, "from": typed, "after": typed, "q": typed}
            await self.ask(client, "GET", f"{base}/records", who, params=asked)
            await self.ask(client, "GET", f"{base}/records/export", who, params={"number": typed, "status": "all"})
        await self.ask(client, "GET", "/till/find", self.till, params={"q": typed, "number": typed, "amount": typed})
        await self.ask(client, "GET", "/office/evidence/record", self.office, params={"number": typed})
        await self.ask(client, "GET", "/office/holds", self.office, params={"number": typed})
        await self.ask(client, "GET", "/office/operators", self.office, params={"q": typed})

    async def addresses(self, client: httpx.AsyncClient, typed: str) -> None:
        """Where an id or a name of ours stands in an address, and where nothing of ours does."""
        said = quote(typed, safe="")
        for path, who in (
            (f"/{said}", None),
            (f"/till/records/{said}", self.till),
            (f"/office/records/{said}", self.office),
            (f"/office/{said}/{said}", self.office),
            (f"/static/{said}", None),
            (f"/evidence/1/tile/{said}", None),
        ):
            await self.ask(client, "GET", path, who)
        bearer = {"Authorization": f"Bearer {self.keys['all']}"}
        for path in (f"/api/v1/payments/{said}", f"/api/v1/{said}"):
            await self.ask(client, "GET", path, headers=bearer)
        await self.ask(client, "POST", f"/notices/1/{said}/{said}", content=b"{}")

    async def settings(self, client: httpx.AsyncClient, typed: str) -> None:
        account = self.ids["account"]
        for act in ("settings", "switch", "check"):
            form = {**SETTINGS, "reason": typed, "unknown": typed}
            await self.ask(client, "POST", f"/office/accounts/{account}/{act}", self.office, data=form)
        await self.ask(client, "POST", "/office/networks/office/try", self.office, data={"networks": typed})
        await self.ask(client, "POST", "/office/me/add", self.office, data={"factor": typed, "password": typed})

    async def texts(self, client: httpx.AsyncClient, typed: str) -> None:
        """What people write in their own words, and is kept: a card number is refused there."""
        for who, base in ((self.till, "/till"), (self.office, "/office")):
            form = {"name": typed[:20], "query": f"number={typed}"}
            await self.ask(client, "POST", f"{base}/records/saved", who, data=form)
        payment, shop = self.ids["payment"], self.ids["shop"]
        await self.ask(client, "POST", f"/office/shops/{shop}/name", self.office, data={"name": typed})
        await self.ask(client, "POST", f"/office/records/{payment}/hold", self.office, data={"reference": typed})
        form = {"amount": "1", "reason": "OTHER", "reason_text": typed, "note": typed}
        await self.ask(client, "POST", f"/till/records/{payment}/back/{uuid4()}", self.till, data=form)
        body = {"id": str(uuid4()), "amount_minor": 1, "reason": "OTHER", "reason_text": typed}
        bearer = {"Authorization": f"Bearer {self.keys['all']}"}
        await self.ask(client, "POST", f"/api/v1/payments/{payment}/refunds", json=body, headers=bearer)

    async def enrol_code_app(self, client: httpx.AsyncClient, page: str) -> str:
        """Set up the app that the page shows; its secret."""
        secret = re.search(r'<code class="digest"[^>]*>([A-Z2-7 ]+)</code>', page)[1].replace(" ", "")
        ticket = re.search(r'name="ticket" value="([^"]+)"', page)[1]
        form = {"ticket": ticket, "code": code_at(secret, step_at(self.made.house.app.clock.now()))}
        await self.ask(client, "POST", "/office/second/app", self.office, data=form)
        return secret

    async def notices(self, client: httpx.AsyncClient, typed: str) -> None:
        path = f"/notices/1/{self.ids['account']}/{uuid4()}"
        await self.ask(client, "POST", path, content=typed, headers={"X-Card": typed, "Authorization": typed})


@asynccontextmanager
async def flowing(tmp_path, clock=None, database=None):
    log = io.StringIO()
    async with open_house(tmp_path, clock=clock, database=database) as house:
        configure_log(log, house.app.clock)
        made = Everybody(house, make_web(house.app, make_log(log, house.app.clock)), log, house.app.clock)
        made.things[OWN] = await _place(house.app, 1, 0)
        made.things[OWN] |= await _things(made, OWN)
        person = await people.add_operator(
            house.app.people,
            made.administrator(),
            NewPerson(
                number="77",
                name="Canary",
                role=Role.ADMINISTRATOR,
                password=GIVEN,
                email="canary@example.com",
                office_password=Secret(PASSWORD),
            ),
        )
        await _sets_their_own(house)
        made.standing = {"office": [], "till": []}
        await made.sit("canary", person.id)
        _, key = await people.make_key(
            house.app.people, made.administrator(), label="c", owner_id=person.id, scopes=tuple(people.SCOPES)
        )
        flows = Flows(made, made.standing["office"][0], made.standing["till"][0], {"all": key.reveal()})
        yield flows, log, key.reveal()
        structlog.reset_defaults()


async def _sets_their_own(house):
    """As everybody does at their first sign-in; before that a till lets them do nothing else."""
    begun = await people.sign_in(
        house.app.people, merchant_id=MERCHANT, terminal_id=house.terminal_ids[0], number="77", password=GIVEN
    )
    await people.finish_password(house.app.people, begun.session, Secret(PASSWORD))


async def test_no_secret_is_found_in_anything_that_is_kept(tmp_path, store_address):
    async with flowing(tmp_path, database=store_address) as (flows, log, key), flows.made.client() as client:
        for typed in TYPED:
            for flow in (
                flows.sign_ins,
                flows.payments,
                flows.searches,
                flows.addresses,
                flows.settings,
                flows.notices,
            ):
                await flow(client, typed)
            if typed in (CARD, IN_GROUPS, TRACK_2):
                await flows.texts(client, typed)
        signed = {"email": "canary@example.com", "password": PASSWORD}
        entered = await flows.ask(client, "POST", "/office/at/1", data=signed)
        assert entered.status_code == 303, entered.text
        shown = await flows.ask(client, "GET", "/office/second/app", flows.office)
        await flows.made.house.app.signer.sign_all()
        # Behind cf_1_: the secret may have such a sign itself, and what is behind its last one is found by chance.
        secrets = {
            **CANARIES,
            "card number in groups": IN_GROUPS,
            "API key": key,
            "API key's secret": key.split("_", 2)[2],
        }
        tokens = {name: value for who in (flows.office, flows.till) for name, value in who.cookies.items()}
        secrets |= {f"session {name}": value.split(".", 1)[1] for name, value in tokens.items()}
        secrets["code app"] = await flows.enrol_code_app(client, shown.text)
        kept = {**store_of(store_address, tmp_path), "the log": log.getvalue().encode()}
        assert len(kept) > 3
        assert log.getvalue().count("\n") > len(TYPED)
        assert found_in(kept, secrets) == []
    # Once more when everything was written back and closed.
    assert found_in(store_of(store_address, tmp_path), secrets) == []


async def test_no_secret_comes_back_on_a_page_that_did_not_ask_to_show_it(tmp_path):
    async with flowing(tmp_path) as (flows, _log, key), flows.made.client() as client:
        for flow in (flows.sign_ins, flows.notices):
            await flow(client, PASSWORD)
        await flows.ask(
            client, "POST", f"/office/accounts/{flows.ids['account']}/settings", flows.office, data=SETTINGS
        )
        secrets = {name: CANARIES[name] for name in ("password", "private key")} | {"API key": key}
        assert found_in(flows.answers, secrets) == []


@pytest.mark.parametrize("how", [how for how, _ in encodings(CARD)])
def test_a_card_number_that_was_kept_would_be_found(tmp_path, how):
    needle = dict(encodings(CARD))[how]
    (tmp_path / "store.db").write_bytes(b"page" + needle + b"page")
    assert found_in(files_of(tmp_path), {"card": CARD})
