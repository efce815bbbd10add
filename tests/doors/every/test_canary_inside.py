"""What comes from inside or from a provider is kept no more than what is typed: the canaries of the other way round.

A provider that says a card number, a track or a CVV where nobody asked, and the files and receipts that we hand out of
such payments.
"""

from __future__ import annotations

import io
import zipfile
from http import HTTPStatus
from uuid import uuid4

import pytest

from counterfoil.basis import without_cards
from counterfoil.testing.house import WECHAT_CODE
from tests.doors.every.canaries import CANARIES, CARD, CVV, PIN_BLOCK, TRACK_2, files_of, found_in
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


@pytest.mark.parametrize("text", [f"card {CARD}", f"card {CARD[:4]} {CARD[4:8]} {CARD[8:12]}-{CARD[12:]}", TRACK_2])
def test_a_canary_in_words_is_one_that_the_masking_knows(text):
    assert found_in({"said": without_cards(text).encode()}, {"card": CARD, "track": TRACK_2[1:30]}) == []
