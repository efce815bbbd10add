"""The same way of a payment over PostgreSQL: what the engines hand out differs, the answers do not."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from tests.doors.api.house import running


def test_a_payments_whole_way_over_postgresql(postgres_address: str, tmp_path: Path):
    with running(tmp_path, database=postgres_address) as house:
        asked = house.asked(3800, bill_ref="桌 7")
        first = house.client.post("/api/v1/payments", json=asked)
        assert first.status_code == 201, first.text
        assert house.client.post("/api/v1/payments", json=asked).json() == first.json()
        path = f"/api/v1/payments/{asked['id']}"
        refund = {"id": str(uuid4()), "amount_minor": 800, "reason": "PRICE", "reason_text": "少了一件"}
        assert house.client.post(f"{path}/refunds", json=refund).json()["refunded_minor"] == 800
        other = house.take(3900).json()
        void = house.client.post(f"/api/v1/payments/{other['id']}/void", json={"id": str(uuid4()), "reason": "TEST"})
        assert void.json()["state"]["money"] == "voided"
        page = house.client.get("/api/v1/payments", params={"limit": 1}).json()
        assert [each["id"] for each in page["items"]] == [other["id"]]
        last = house.client.get("/api/v1/payments", params={"limit": 1, "after": page["next"]}).json()
        assert ([each["id"] for each in last["items"]], last["next"]) == ([asked["id"]], None)
        kinds = [event["kind"] for event in house.client.get(f"{path}/record").json()["events"]]
        assert kinds[:2] == ["txn.sent", "txn.captured"]
        house.do(house.app.signer.sign_all())
        assert house.client.get(f"{path}/proof").text.startswith("c2sp.org/tlog-proof@v1\n")
        with house.unchanged():
            nul = house.client.get("/api/v1/payments", params={"number": "1\0"})
            assert nul.json()["code"] == "CF-1010"
            wide = house.client.get("/api/v1/payments", params={"number": "999999", "amount_max": 10**15})
            assert wide.json()["items"] == []
        assert house.client.get("/readyz").json()["ready"]
