"""Records beside their list, by keyboard too; saved filters, columns, prepared files and the picture of a receipt."""

from __future__ import annotations

import re

from tests.doors.office.conftest import Office

OPEN = "#side:not([hidden]) .timeline"


def test_a_row_opens_beside_the_list_and_back_closes_it(office: Office):
    office.start()
    office.go("/office/records")
    list_url = office.page.url
    row = office.page.query_selector_all("tbody tr")[1].get_attribute("data-row")
    office.page.click("tbody tr:nth-child(2) a.whole")
    office.page.wait_for_selector(OPEN)
    assert office.page.url.endswith(f"?open={row}")
    assert office.page.evaluate("document.activeElement.matches('[data-side-head]')")
    office.page.click("#side a[hx-get]")
    office.page.wait_for_selector("#side .steps .note.good")
    shared = office.page.url
    office.page.go_back()
    office.page.wait_for_selector("#side[hidden]", state="attached")
    assert office.page.url == list_url
    office.go(shared.removeprefix(office.url))
    assert office.page.is_visible(OPEN)


def test_rows_are_walked_opened_and_closed_by_keyboard(office: Office):
    office.start()
    office.go("/office/records")
    keys = office.page.keyboard
    focused = "document.activeElement.closest('[data-row]')?.dataset.row"
    rows = [one.get_attribute("data-row") for one in office.page.query_selector_all("tbody tr")]
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    assert office.page.evaluate(focused) == rows[1]
    keys.press("ArrowUp")
    assert office.page.evaluate(focused) == rows[0]
    keys.press("Enter")
    office.page.wait_for_selector(OPEN)
    office.page.click("[data-step='1']")
    office.page.wait_for_url(f"**open={rows[1]}")
    keys.press("Escape")
    assert office.page.is_hidden("#side")
    assert office.page.evaluate(focused) == rows[1]


def test_the_side_page_fills_a_phone(office: Office):
    office.start()
    office.page.set_viewport_size({"width": 390, "height": 844})
    office.go("/office/records")
    office.page.click("tbody tr:first-child a.whole")
    office.page.wait_for_selector(OPEN)
    assert office.page.evaluate("document.querySelector('#side').getBoundingClientRect().width") == 390
    assert office.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_filter_is_saved_as_a_tab_renamed_deleted_and_brought_back(office: Office):
    office.start()
    office.go("/office/records?wallet=cash&min=10")
    office.page.click("details.menu:not(.right) summary")
    office.page.fill("form[action$='/saved'] input[name=name]", "现金 <b>")
    office.submit("form[action$='/saved'] button")
    assert office.page.inner_text("a.kept[aria-current]") == "现金 <b>"
    office.page.click("details.menu:not(.right) summary")
    office.page.fill("form[action$='/rename'] input[name=name]", "现金大额")
    office.submit("form[action$='/rename'] button")
    office.go("/office/records")
    office.submit("a.kept:has-text('现金大额')")
    assert "wallet=cash" in office.page.url
    office.page.click("details.menu:not(.right) summary")
    office.submit("form[action$='/drop'] button")
    assert office.page.query_selector("a.kept") is None
    office.submit("form.note button")
    assert office.page.inner_text("a.kept") == "现金大额"
    office.page.click("details.menu:not(.right) summary")
    office.submit("form[action$='/drop'] button")


def test_columns_are_chosen_ordered_and_kept(office: Office):
    def heads():
        return [one.inner_text() for one in office.page.query_selector_all("thead th")]

    office.start()
    office.page.set_viewport_size({"width": 1440, "height": 900})
    office.go("/office/records")
    usual = heads()
    office.page.click("details.menu.right summary")
    office.submit("button[name=add][value=provider]")
    assert heads() == [*usual, "支付服务商"]
    office.submit("button[name=up][value=state]")
    office.submit("button[name=drop][value=order]")
    office.go("/office/records")
    assert heads()[:4] == ["时间", "金额", "状态", "方式"]
    assert "商户单号" not in heads()


def test_a_large_export_is_prepared_found_again_and_the_owners_alone(office: Office, served):
    office.start()
    office.go("/office/exports")
    assert "还没有导出文件" in office.text()
    office.post("/office/records/export", format="xlsx", wallet="cash")
    office.go("/office/exports")
    office.page.wait_for_selector("#exports a[download]")
    link = office.page.get_attribute("#exports a[download]", "href") or ""
    answer = office.context.request.get(office.url + link)
    assert answer.body().startswith(b"PK")
    assert "no-store" in answer.headers["cache-control"]
    office.submit("#exports form button")
    assert office.context.request.get(office.url + link).status == 404


def test_a_receipt_is_a_picture_for_the_customer(office: Office):
    office.start()
    office.go("/office/records")
    payment_id = office.page.get_attribute("tbody tr", "data-row")
    office.go(f"/office/payments/{payment_id}/receipt")
    with office.page.expect_download() as saved:
        office.page.click("[data-picture]")
    assert re.fullmatch(r"receipt-\d+\.png", saved.value.suggested_filename)
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    picture = office.context.request.get(f"{office.url}/office/payments/{payment_id}/receipt.svg?paper=58")
    assert picture.headers["content-type"] == "image/svg+xml; charset=utf-8"
    assert "本凭证不作为发票" in picture.text()
    assert office.context.request.get(f"{office.url}/office/payments/{payment_id}/receipt.svg?leg=x").status == 404
