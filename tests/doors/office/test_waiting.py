"""待处理: nothing open hides behind what waits for a person, and what waits is settled by the statement's line."""

from __future__ import annotations

import pytest

from counterfoil.doors.office.waiting import SHOWN
from counterfoil.payments import MoneyState, Payment, WithdrawAsk, take, withdraw
from counterfoil.providers.lakala.sandbox import Trick
from counterfoil.second_person import find_requests
from tests.doors.office.conftest import Office
from tests.doors.till.conftest import Served

# Paid as its shown code was closed.
PAID_AS_CLOSED = 6622


async def _for_a_person(house) -> Payment:
    ask = house.shown_payment(PAID_AS_CLOSED, wait_seconds=20)
    await take(house.app.payments, house.actor(), ask)
    back = WithdrawAsk(id=house.app.ids.uuid(), payment_id=ask.id, wait_seconds=20)
    return await withdraw(house.app.payments, house.actor(), back)


@pytest.fixture(scope="module")
def waiting(served: Served) -> list[Payment]:
    """More of them than stand on one page."""
    found = [served.run(_for_a_person(served.house)) for _ in range(SHOWN + 1)]
    assert {one.money for one in found} == {MoneyState.MANUAL}
    return found


def test_nothing_open_hides_behind_what_only_a_person_can_decide(
    office: Office, served: Served, waiting: list[Payment]
):
    served.house.sandbox.mode = Trick.WRONG_SIGNATURE
    try:
        open_ = served.scan(4567, wait_seconds=1)
        office.start()
        office.go("/office/waiting")
        assert office.page.inner_text("#person").endswith(str(len(waiting)))
        assert office.page.inner_text("#checked").endswith("1")
        assert len(office.page.query_selector_all("section[aria-labelledby=person] > section")) == SHOWN
        assert "¥45.67" in office.page.inner_text("section[aria-labelledby=checked]")
        office.submit("section[aria-labelledby=person] a[rel=next]")
        assert len(office.page.query_selector_all("section[aria-labelledby=person] > section")) == 1
        # A question asked on the second page is answered there.
        office.submit("section[aria-labelledby=person] button")
        assert office.page.query_selector("section[aria-labelledby=person] [role=status]")
        assert office.page.query_selector(f"form[action*='/waiting/{open_.id}']")
        office.go("/office/waiting?person=99&checked=x")
        assert office.page.query_selector("section[aria-labelledby=person] a[rel=prev]")
    finally:
        served.house.sandbox.mode = None


def test_the_statements_line_is_copied_shown_and_becomes_a_request(
    office: Office, served: Served, waiting: list[Payment]
):
    payment = waiting[0]
    office.start()
    path = f"/office/waiting/{payment.id}/statement"
    office.go("/office/waiting?person=2")
    office.submit(f"a[href='{path}?finding=given_back']")
    assert office.page.input_value("#finding") == "given_back"
    assert not office.page.query_selector("option[value=none_came]")
    office.page.fill("#number", "T-77")
    office.page.fill("#day", payment.business_day)
    office.page.fill("#amount", "66.21")
    office.page.fill("#line", "T-77 退款 66.22 张三")
    office.submit("form[action$='/statement'] button.primary")
    assert "CF-3171" in office.text()
    assert office.page.input_value("#line") == "T-77 退款 66.22 张三"
    office.complaints.clear()
    office.page.fill("#amount", "66.22")
    office.confirm("form[action$='/statement'] button.primary")
    assert "/office/requests/" in office.page.url
    assert "T-77 退款 66.22 张三" in office.text()
    (asked,) = served.run(find_requests(served.house.app.store, 1)).items
    assert (asked.act, asked.amount_minor, asked.persons) == ("resolve_payment", PAID_AS_CLOSED, 1)
    assert served.payment(payment.id).money is MoneyState.MANUAL
