"""Legal holds in the office: placed on a record, listed, and lifted by two administrators."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from counterfoil.basis import Secret
from counterfoil.people import NewPerson, Role, add_operator, begin_reset, finish_reset
from counterfoil.removal import PlaceHold, place_hold
from counterfoil.testing.house import EMAILS, PASSWORD
from tests.doors.office.conftest import Office
from tests.doors.tampered import TAMPERED
from tests.doors.till.conftest import Served
from tests.doors.till.steps import Till


def another_administrator(served: Served, number: str) -> None:
    app = served.house.app
    known = {"password": Secret(PASSWORD), "email": f"{number}@example.com"}
    new = NewPerson(number=number, name="某甲", role=Role.ADMINISTRATOR, **known)
    boss = served.house.actor(Role.ADMINISTRATOR)
    added = served.run(add_operator(app.people, boss, new))
    code = served.run(begin_reset(app.people, boss, added.id))
    told = {"merchant_id": 1, "email": known["email"], "code": code.reveal()}
    served.run(finish_reset(app.people, **told, new=Secret(PASSWORD)))


def test_a_hold_is_placed_on_a_record_and_lifted_by_a_second_administrator(office: Office, served, chromium):
    office.start()
    office.go("/office/holds")
    assert "没有保全锁定的记录" in office.text()
    another_administrator(served, "77")
    payment_id = served.take(6123).id
    record = f"/office/records/{payment_id}"
    office.go(record)
    office.submit("a[href$='/hold']")
    assert "CF-8005" in office.post(f"{record}/hold", reason="")
    assert "CF-8007" in office.post(f"{record}/hold", reason="AUDIT", reference="长" * 65)
    office.page.select_option("#reason", "COURT_ORDER")
    office.page.fill("#reference", "（2026）沪0101民初417号")
    office.confirm("form[action$='/hold'] button.primary")
    assert "锁定已生效" in office.text()
    assert "沪0101民初417号" in office.text()
    hold = office.page.url.removeprefix(office.url).split("?")[0]
    office.go("/office/holds")
    row = office.page.inner_text("tbody tr")
    for told in ("BQ-0001", "¥61.23", "法院要求", "终端管理员 99", "锁定中"):
        assert told in row
    office.go(hold)
    office.confirm("form[action$='/ask'] button")
    assert "须由另一位管理员解除" in office.text()
    assert "CF-8004" in office.post_and_confirm(f"{hold}/lift", email="99@example.com", password=PASSWORD)
    assert "CF-2032" in office.post_and_confirm(f"{hold}/lift", email="77@example.com", password="not this one 1")
    assert "CF-2021" in office.post_and_confirm(f"{hold}/lift", email="00@example.com", password=PASSWORD)

    till = Till.open(chromium, served.url)
    till.sign_in("01")
    till.go(f"/till/records/{payment_id}")
    assert "保全锁定 BQ-0001" in till.page.inner_text("main")
    till.submit("a[href$='/remove']")
    told = till.page.inner_text("main")
    assert "这条记录已保全锁定，不能删除" in told
    assert "锁定编号 BQ-0001" in told
    assert "CF-8001" in told
    till.submit("main a.primary")
    assert till.page.url.endswith(payment_id)

    other = Office.open(chromium, served.url)
    other.sign_in("77")
    other.go(hold)
    other.page.fill("#email", "77@example.com")
    other.page.fill("#password", PASSWORD)
    other.confirm("form[action$='/lift'] button")
    assert "锁定已解除" in other.page.inner_text("main")
    other.close()
    till.go(f"/till/records/{payment_id}/remove")
    told = till.page.inner_text("main")
    assert "这笔钱还在店里" in told
    assert "没有保全锁定" in told
    till.close()


def placed(served: Served, reason: str = "AUDIT", *, payment_id: str = "") -> str:
    """The id of a hold that was placed before."""
    app = served.house.app
    asked = PlaceHold(id=app.ids.uuid(), payment_id=payment_id or served.take(700).id, reason=reason)
    served.run(place_hold(app.people, served.house.actor(Role.ADMINISTRATOR), asked))
    return asked.id


def test_the_list_goes_on_page_by_page_and_is_asked_by_number_or_state(office: Office, served):
    payment_id = served.take(700).id
    ids = [placed(served, payment_id=payment_id) for _ in range(51)]
    office.start()
    office.go("/office/holds")
    shown = [one.get_attribute("href") for one in office.page.query_selector_all("tbody a.whole")]
    assert shown == [f"/office/holds/{each}" for each in ids[:0:-1]]
    office.submit("a[rel=next]")
    assert office.page.get_attribute("tbody tr:first-child a.whole", "href") == f"/office/holds/{ids[0]}"
    name = office.page.inner_text("tbody tr:first-child a.whole")
    office.submit("main nav.row a:not([rel])")
    assert office.page.get_attribute("tbody tr:first-child a.whole", "href") == f"/office/holds/{ids[-1]}"
    office.page.fill("main input[name=number]", f" {name.lower()} ")
    office.submit("main form[role=search] button")
    assert [one.inner_text() for one in office.page.query_selector_all("tbody a.whole")] == [name]
    office.page.select_option("select[name=state]", "lifting")
    office.submit("main form[role=search] button")
    assert office.page.query_selector("tbody") is None
    assert office.page.input_value("main input[name=number]") == f"{name.lower()}"
    office.go("/office/holds?state=held")
    assert len(office.page.query_selector_all("tbody tr")) == 50
    office.submit("a[rel=next]")
    assert "state=held" in office.page.url
    token = parse_qs(urlsplit(office.page.url).query)["after"][0]
    changed = [urlencode({"state": "held", "after": change(token)}) for change in TAMPERED.values()]
    for query in (*changed, urlencode({"after": token}), urlencode({"state": "lifting", "after": token})):
        assert office.page.goto(f"{office.url}/office/holds?{query}").status == 422, query[:80]
        assert "CF-3202" in office.text()
        assert office.page.query_selector("tbody") is None


@pytest.mark.parametrize(
    "query", ["number=x", "number=" + "9" * 99, "number=%3Cb%3E", "number=BQ-999999", "state=lifting"]
)
def test_a_question_without_an_answer_is_an_empty_list(office: Office, query):
    office.start()
    assert office.page.goto(f"{office.url}/office/holds?{query}").status == 200
    assert "没有" in office.page.inner_text("main .blank")


def test_a_form_sent_again_places_one_hold_and_sent_with_another_reason_none(office: Office, served):
    payment_id = served.take(810).id
    record = f"/office/records/{payment_id}/hold"
    office.start()
    office.go(record)
    hold_id = office.page.get_attribute("input[name=hold_id]", "value") or ""
    fields = {"hold_id": hold_id, "reason": "DISPUTE", "reference": "2026-417"}
    for _ in range(2):
        assert "2026-417" in office.post_and_confirm(record, **fields)
    assert "CF-8008" in office.post_and_confirm(record, **{**fields, "reason": "AUDIT"})
    assert "CF-8008" in office.post_and_confirm(record, **{**fields, "reference": "2026-418"})
    office.go(f"/office/records/{payment_id}")
    assert office.text().count("保全锁定 BQ-") == 1


def test_asking_pressed_twice_is_asked_once_and_a_wrong_password_keeps_the_number(office: Office, served):
    hold = f"/office/holds/{placed(served)}"
    office.start()
    office.go(hold)
    for _ in range(2):
        assert "CF-" not in office.post_and_confirm(f"{hold}/ask").split("<main", 1)[1]
    office.go(hold)
    office.page.fill("#email", "78@example.com")
    office.page.fill("#password", "not this one 1")
    office.confirm("form[action$='/lift'] button")
    assert "CF-2032" in office.text()
    assert office.page.input_value("#email") == "78@example.com"
    assert office.page.input_value("#password") == ""


def test_a_supervisor_sees_holds_and_may_neither_place_nor_lift(office: Office, served):
    hold = f"/office/holds/{placed(served)}"
    record = f"/office/records/{served.take(900).id}"
    office.start("00")
    office.go("/office/holds")
    assert office.page.query_selector("tbody a.whole")
    office.go(record)
    assert office.page.query_selector("a[href$='/hold']") is None
    office.go(f"{record}/hold")
    assert "CF-2021" in office.text()
    office.go(hold)
    assert office.page.query_selector("form[action$='/ask'], form[action$='/lift']") is None
    assert "CF-2021" in office.post(f"{record}/hold", reason="AUDIT")
    assert "CF-2021" in office.post(f"{hold}/ask")
    administrator = {"email": EMAILS[Role.ADMINISTRATOR], "password": PASSWORD}
    assert "CF-2021" in office.post(f"{hold}/lift", **administrator)


def test_a_hold_of_another_merchant_is_not_there(office: Office, served):
    hold = f"/office/holds/{placed(served)}"
    office.sign_in(merchant=2)
    assert office.page.goto(office.url + hold).status == 404
    assert "CF-8002" in office.post(f"{hold}/ask")
    assert "CF-8002" in office.post(f"{hold}/lift", email="99@example.com", password=PASSWORD)
    office.go("/office/holds")
    assert office.page.query_selector("tbody") is None
