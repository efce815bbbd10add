"""The page of business days: what it sums, where each day leads, its file, and what people type into it."""

from __future__ import annotations

import csv
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from counterfoil.basis import Money
from tests.doors.office.conftest import Office
from tests.doors.till.conftest import TEA_HOUSE


def cells(office: Office, row: str) -> list[str]:
    return [one.inner_text().strip() for one in office.page.query_selector_all(f"{row} > *")]


def test_today_is_what_its_records_come_to(office: Office, served):
    paid = served.take(2750)
    office.start()
    office.go("/office/days")
    _, payments, gross, voided, refunded, net = cells(office, ".day-sums tbody tr:first-child")
    assert cells(office, ".day-sums tfoot tr") == ["合计", payments, gross, voided, refunded, net]
    assert net in office.page.inner_text(".sums .most")
    assert office.page.query_selector(".chart .bar-today")
    office.submit(".day-sums tbody tr:first-child a.whole")
    assert parse_qs(urlsplit(office.page.url).query) == {"from": [paid.business_day], "to": [paid.business_day]}
    assert office.page.inner_text(".sums dd:first-of-type").split() == [gross, payments, "笔"]


def test_shop_and_wallet_narrow_the_sums_and_go_along(office: Office, served):
    paid = served.take(100)
    whole = f"/office/days?from={paid.business_day}&to={paid.business_day}"
    office.start()
    office.go(f"{whole}&wallet=cash")
    cash = cells(office, ".day-sums tfoot tr")
    office.go(f"{whole}&shop={paid.shop_id}&method=cash")
    assert cells(office, ".day-sums tfoot tr") == cash
    href = office.page.get_attribute(".day-sums tbody a.whole", "href") or ""
    assert {"shop", "method"} <= parse_qs(urlsplit(href).query).keys()
    office.page.select_option("select[name=wallet]", "ecny")
    office.submit("form.sentence button")
    assert office.page.is_visible(".sheet .blank")
    office.go(f"{whole}&shop=00000000-0000-7000-8000-000000000000")
    assert office.page.is_visible(".sheet .blank")


def test_a_long_time_is_shown_by_month_and_each_month_leads_to_its_days(office: Office, served):
    day = served.take(100).business_day
    office.start()
    office.go(f"/office/days?from={int(day[:4]) - 1}-12-01&to={day}")
    month = cells(office, ".day-sums tr.month")
    assert month[0] == f"{day[:4]}年{int(day[5:7])}月"
    assert month[1:] == cells(office, ".day-sums tfoot tr")[1:]
    office.submit(".day-sums tr.month a")
    assert parse_qs(urlsplit(office.page.url).query)["from"] == [f"{day[:7]}-01"]
    assert cells(office, ".day-sums tfoot tr")[1:] == month[1:]


def test_whole_months_are_one_click_away(office: Office):
    office.start()
    office.go("/office/days")
    for at in range(1, 6):
        office.submit(f".heading .days a:nth-child({at})")
        assert office.page.get_attribute(f".heading .days a:nth-child({at})", "aria-current") == "true"
    office.go("/office/days?from=2026-03-05&to=2026-03-06")
    office.submit("nav.row a.button")
    assert [office.page.input_value(f"input[name={name}]") for name in ("from", "to")] == ["2026-02-01", "2026-02-28"]


def test_the_file_holds_the_days_of_the_page_and_the_log_says_who_took_it(office: Office, served):
    day = served.take(4200).business_day
    office.start()
    office.go("/office/days")
    total = cells(office, ".day-sums tfoot tr")
    with office.page.expect_download() as download:
        office.page.click("main a[download]")
    assert download.value.suggested_filename.endswith(f"{day}.csv")
    head, *rows = csv.reader(Path(download.value.path()).read_text("utf-8-sig").splitlines())
    assert head[0] == "营业日"
    assert rows[-1][0] == day
    assert str(Money(sum(Money.parse(row[2]).minor for row in rows))) == total[2]
    assert f"{sum(int(row[1]) for row in rows):,}" == total[1]
    office.go("/office/operators")
    office.submit("tbody tr:has-text('99') a.whole")
    assert "导出营业日合计" in office.text()


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2026-11-22&to=2026-11-21", "CF-3201"),
        ("from=2024-01-01&to=2026-01-01", "CF-3210"),
        ("from=1970-01-01&to=2999-12-31", "CF-3210"),
        ("from=2026-02-30", "CF-1806"),
        ("from=9999-01-01", "CF-1806"),
        ("to=٢٠٢٦-١١-٢٢", "CF-1806"),
        ("from=２０２６-11-22", "CF-1806"),
        ("from=%3Cscript%3Ealert(1)%3C/script%3E", "CF-1806"),
        ("from=2026-11-22%00", "CF-1806"),
        ("shop=%3Cb%3Enowhere", "CF-3203"),
        ("wallet=gold", "CF-3203"),
        ("method=' OR 1=1 --", "CF-3203"),
    ],
)
def test_what_makes_no_sense_is_said_above_the_form_it_was_typed_in(office: Office, query, code):
    office.start()
    answer = office.context.request.get(f"{office.url}/office/days?{query}")
    assert answer.status == 422
    told = answer.text().split("<main", 1)[1]
    assert code in told
    assert 'name="from"' in told
    assert not any(bad in told for bad in ("<script>alert", "<b>", "day-sums"))
    assert office.context.request.get(f"{office.url}/office/days/export?{query}").status == 422


def test_the_ends_of_time_are_answered(office: Office):
    office.start()
    for query in ("to=1970-01-01", "from=2999-12-31", "from=2998-12-31&to=2999-12-31", "from=&to=&shop=&wallet="):
        assert office.context.request.get(f"{office.url}/office/days?{query}").status == 200, query


def test_a_merchant_without_payments_is_told_so_and_a_supervisor_may_look(office: Office):
    office.sign_in("00", merchant=TEA_HOUSE)
    office.go("/office/days")
    assert office.page.is_visible(".sheet .blank")
    assert office.page.query_selector("main a[download]") is None


def test_on_a_phone_the_page_is_no_wider_than_the_screen(office: Office):
    office.start()
    office.page.set_viewport_size({"width": 390, "height": 844})
    for query in ("", "?from=2025-06-01"):
        office.go(f"/office/days{query}")
        assert office.wide() <= 0
