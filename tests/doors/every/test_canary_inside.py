"""What comes from inside or from a provider is kept no more than what is typed: the canaries of the other way round.

A provider that says a card number, a track or a CVV where nobody asked; the files and receipts that we hand out of such
payments; and a crash in the middle of a flow, wherever it may happen, with the secrets in the variables around it.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from uuid import uuid4

import pytest

from counterfoil.basis import without_cards
from counterfoil.testing.house import PASSWORD as HOUSE_PASSWORD
from counterfoil.testing.house import WECHAT_CODE
from tests.doors.every.canaries import CANARIES, CARD, CVV, PASSWORD, PEM, PIN_BLOCK, TRACK_2, files_of, found_in
from tests.doors.every.standing import ShiftedClock
from tests.doors.every.test_canary import Flows, flowing

# Where nobody asked for it: in members of no name we know, in one that is shown to support, and as a number.
SPILT = {
    "pan": CARD,
    "card_no": f"4761 7390 0101 0010 / {CVV}",
    "track2": TRACK_2,
    "icc_data": {"pin_block": PIN_BLOCK, "deep": [CARD, int(CARD)]},
    "cvv2": CVV,
    "remark": f"card {CARD}",
    "msg": f"declined, card {CARD}",
    "trade_state_desc": f"track {TRACK_2[1:]}",
    "payer_account_no": CARD,
    "card_type": int(CARD),
}
KEPT_OUT = {name: CANARIES[name] for name in ("card number", "track 2", "PIN block", "CVV")}


@dataclass
class Break:
    """``left``: at which call of the clock the request breaks; ``reached``: whether it did."""

    left: int
    text: str
    reached: bool = False


BREAK: ContextVar[Break | None] = ContextVar("break", default=None)


class BreakingClock(ShiftedClock):
    """Breaks in whatever a request runs, as a bug there would, and says a secret in its message."""

    def now(self) -> int:
        due = BREAK.get()
        if due is not None and not due.reached:
            due.left -= 1
            if due.left == 0:
                due.reached = True
                raise RuntimeError(f"broke while it held {due.text}")
        return super().now()


@contextmanager
def breaking(at: int, text: str) -> Iterator[Break]:
    """Whatever is asked inside breaks at that call of the clock."""
    due = Break(at, text)
    token = BREAK.set(due)
    try:
        yield due
    finally:
        BREAK.reset(token)


async def taken(flows: Flows, client, method: str = "qr") -> str:
    body = {"id": str(uuid4()), "shop_id": flows.ids["shop"], "terminal_id": flows.ids["terminal"]}
    body |= {"amount_minor": 3800, "currency": "CNY", "method": method, "entry": "consumer_code"}
    body |= {"auth_code": WECHAT_CODE, "wait_seconds": 10}
    bearer = {"Authorization": f"Bearer {flows.keys['all']}"}
    await flows.ask(client, "POST", "/api/v1/payments", json=body, headers=bearer)
    return body["id"]


async def handed_out(flows: Flows, client, payment: str) -> dict[str, bytes]:
    """Every file and receipt that somebody can take away of it; what is inside a workbook is looked at as it is."""
    bearer = {"Authorization": f"Bearer {flows.keys['all']}"}
    found = {}
    for path, who in (
        ("/office/records/export?format=csv&status=all", flows.office),
        ("/office/records/export?format=xlsx&status=all", flows.office),
        ("/till/records/export?format=csv&status=all", flows.till),
        ("/office/days/export", flows.office),
        ("/office/activity/export", flows.office),
        ("/office/activity/people/export", flows.office),
        (f"/office/records/{payment}", flows.office),
        (f"/office/payments/{payment}/receipt", flows.office),
        (f"/office/payments/{payment}/receipt.svg", flows.office),
        (f"/till/payments/{payment}/receipt", flows.till),
        (f"/api/v1/payments/{payment}", None),
        (f"/api/v1/payments/{payment}/receipt?paper=58", None),
        (f"/api/v1/payments/{payment}/receipt?paper=80&lang=zh-CN", None),
        ("/api/v1/payments/export?format=csv", None),
        ("/api/v1/payments/export?format=xlsx", None),
    ):
        answer = await flows.ask(client, "GET", path, who, headers={} if who else bearer)
        assert answer.status_code == HTTPStatus.OK, (path, answer.text)
        found[path] = answer.content
        if answer.content.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
                found |= {f"{path} {name}": book.read(name) for name in book.namelist()}
    return found


async def test_what_a_provider_says_unasked_is_kept_nowhere_and_handed_out_in_no_file(tmp_path):
    async with flowing(tmp_path) as (flows, log, _key), flows.made.client() as client:
        house = flows.made.house
        house.sandbox.beside = SPILT
        payment = await taken(flows, client)
        bearer = {"Authorization": f"Bearer {flows.keys['all']}"}
        refund = {"id": str(uuid4()), "amount_minor": 100, "reason": "PRICE"}
        await flows.ask(client, "POST", f"/api/v1/payments/{payment}/refunds", json=refund, headers=bearer)
        await flows.ask(client, "POST", f"/office/accounts/{flows.ids['account']}/check", flows.office, data={})
        await house.app.signer.sign_all()
        out = await handed_out(flows, client, payment)
        assert len(out) > 15
        assert b"38.00" in out["/api/v1/payments/export?format=csv"]
        assert found_in({**out, **flows.answers}, KEPT_OUT) == []
    kept = {**files_of(tmp_path / "data"), "the log": log.getvalue().encode()}
    spool = b"".join(content for path, content in kept.items() if "exchange-" in path)
    assert b"resp_data" in spool
    assert b"declined, card ***" in spool
    assert found_in(kept, KEPT_OUT) == []


async def steps(flows: Flows, client) -> dict[str, tuple]:
    """Each flow in which somebody hands over a secret: what is sent, by whom, with which of them."""
    ids = flows.ids
    code = {"amount": "38.00", "code": WECHAT_CODE}
    body = {"shop_id": ids["shop"], "terminal_id": ids["terminal"], "amount_minor": 100, "method": "qr"}
    body |= {"entry": "consumer_code", "currency": "CNY", "auth_code": WECHAT_CODE}
    settings = {"private_key": PEM, "merchant_no": "1"}
    new = {"number": "44", "name": "x", "role": "cashier", "password": PASSWORD}
    sign_in = {"terminal": ids["terminal"], "number": "77", "password": PASSWORD}
    bearer = {"Authorization": f"Bearer {flows.keys['all']}"}
    return {
        "till sign-in": ("/till/at/1", None, {"data": sign_in}),
        "office sign-in": ("/office/at/1", None, {"data": {"email": "canary@example.com", "password": PASSWORD}}),
        "payment": ("/till/take/{fresh}", flows.till, {"data": code}),
        "payment by a program": ("/api/v1/payments", None, {"json": body, "headers": bearer}),
        "settings": (f"/office/accounts/{ids['account']}/settings", flows.office, {"data": settings}),
        "somebody new": ("/office/operators/add", flows.office, {"data": new}),
        "own password": ("/office/me/add", flows.office, {"data": {"factor": "app", "password": PASSWORD}}),
    }


async def test_a_crash_in_the_middle_of_a_flow_tells_nobody_what_it_held(tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    secrets = {
        "payment code": WECHAT_CODE,
        "password": PASSWORD,
        "another password": HOUSE_PASSWORD,
        "private key": CANARIES["private key"],
    }
    async with flowing(tmp_path, clock=BreakingClock()) as (flows, log, key), flows.made.client() as client:
        secrets["API key"] = key.split("_", 2)[2]
        broken: dict[str, int] = {}
        for name, (path, who, sent) in (await steps(flows, client)).items():
            for at in range(1, 40):
                with breaking(at, f"{PASSWORD} {WECHAT_CODE} {key} {PEM}") as due:
                    if "json" in sent:
                        sent["json"]["id"] = str(uuid4())
                    await crashing(flows, client, path.replace("{fresh}", str(uuid4())), who, sent)
                if not due.reached:
                    break
                broken[name] = at
        assert broken.keys() == (await steps(flows, client)).keys()
        assert '"event": "fault"' in log.getvalue()
        assert '"error": "RuntimeError"' in log.getvalue()
        await flows.made.house.app.signer.sign_all()
        told = {"the log": log.getvalue().encode(), "other logs": caplog.text.encode()}
    written = capfd.readouterr()
    told |= {"standard output": written.out.encode(), "standard error": written.err.encode()}
    assert found_in({**told, **flows.answers}, secrets) == []
    assert found_in(files_of(tmp_path / "data"), secrets) == []


async def crashing(flows: Flows, client, path: str, who, sent: dict) -> None:
    """Send it; that it broke is said in three sentences, and nothing beside."""
    cookies = {**(who.cookies if who else {}), "cf_guest": "5" * 32}
    headers = {
        "Origin": "http://pos.example",
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
    }
    more = {**sent, "headers": headers | sent.get("headers", {})}
    if "data" in sent:
        more["data"] = {"csrf": who.csrf if who else "5" * 32, **sent["data"]}
    answer = await client.post(path, **more)
    flows.answers[f"{len(flows.answers)} broken {path[:60]}"] = answer.content
    if answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR:
        assert re.search(r"CF-9\d{3}", answer.text), answer.text


@pytest.mark.parametrize("text", [f"card {CARD}", f"card {CARD[:4]} {CARD[4:8]} {CARD[8:12]}-{CARD[12:]}", TRACK_2])
def test_a_canary_in_words_is_one_that_the_masking_knows(text):
    assert found_in({"said": without_cards(text).encode()}, {"card": CARD, "track": TRACK_2[1:30]}) == []
