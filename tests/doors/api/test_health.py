"""Whether the server is well, and the addresses anybody may ask for."""

from __future__ import annotations

from tests.doors.api.house import House


def test_a_living_server_says_so(house: House):
    assert house.client.get("/healthz").json() == {"status": "ok"}


def test_a_ready_server_names_its_parts(house: House):
    answer = house.client.get("/readyz")
    assert answer.status_code == 200, answer.text
    assert answer.json() == {"ready": True, "parts": {"store": "ok", "worker": "ok", "evidence": "ok"}}


def test_a_server_whose_open_payments_nobody_looks_after_is_not_ready(house: House):
    payment = house.take(6605, wait_seconds=0).json()
    assert payment["in_flight"]
    before = house.clock.shift_seconds
    house.clock.shift_seconds += 3600
    answer = house.client.get("/readyz")
    house.clock.shift_seconds = before
    assert answer.status_code == 503
    assert answer.json()["parts"]["worker"] == "late"


def test_the_front_address_leads_to_the_till(house: House):
    answer = house.client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/till")


def test_an_address_for_people_is_refused_with_a_page(house: House):
    answer = house.client.get("/nothing")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "CF-1030" in answer.text


def test_the_server_does_not_say_what_it_is(house: House):
    assert "server" not in house.client.get("/healthz").headers


def test_nothing_a_caller_sends_in_secret_stands_in_the_log(house: House):
    house.take(4321)
    written = house.log.getvalue()
    assert '"path":' in written
    for secret in ("134567890123456789", *house.keys.values()):
        assert secret not in written


def test_what_the_store_does_is_told_to_this_machine(house: House):
    house.take(3800)
    answer = house.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    told = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert int(told['counterfoil_store_total{process="1",what="changes"}']) >= 2
    assert float(told['counterfoil_commit_seconds{process="1",quantile="0.99"}']) > 0
    assert told['counterfoil_commit_waiting{process="1"}'] == "0"


def test_whoever_asks_for_metrics_through_a_proxy_is_told_there_are_none(house: House):
    for header in ("X-Forwarded-For", "Forwarded", "Via"):
        assert house.client.get("/metrics", headers={header: "203.0.113.9"}).status_code == 404
