"""What the office shows: what waits, where help leads, the log, faults for anybody, and paper."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doors.office.conftest import Office
from tests.doors.till.conftest import TEA_HOUSE

PAGES = (
    *("home", "records", "days", "shops", "shops/add", "terminals", "terminals/add", "operators", "operators/add"),
    *("roles", "accounts", "holds", "evidence", "faults", "faults/CF-2001", "settings", "help"),
)


def test_a_new_merchant_is_told_how_to_begin(office: Office):
    office.sign_in(merchant=TEA_HOUSE)
    steps = [one.get_attribute("href") for one in office.page.query_selector_all(".begin a")]
    assert steps == ["/office/terminals", "/office/operators", "/till"]
    assert office.page.query_selector(".chart") is None


def test_a_locked_number_and_a_decline_stand_on_the_home_page_with_their_cause(office: Office, served):
    served.decline()
    for _ in range(5):
        office.sign_in("66", "not the password")
    office.start()
    office.go("/office/home")
    assert "没有人使用的邮箱暂停登录：后台" in office.page.inner_text("section[aria-labelledby=waits]")
    declined = office.page.inner_text(".figures a.figure:last-child strong")
    office.submit(".figures a.figure:last-child")
    assert len(office.page.query_selector_all("tbody tr")) == int(declined) >= 1
    office.go("/office/home")
    office.submit("section[aria-labelledby=waits] .note a")
    assert office.page.inner_text("h1") == "人员"


def test_each_voids_rate_leads_to_that_operators_voids(office: Office):
    office.start()
    office.go("/office/home")
    office.submit("section[aria-labelledby=odd] tbody a.whole")
    assert "status=voided" in office.page.url
    assert "operator=" in office.page.url


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_title_a_crumb_and_help_that_leads_to_its_section(office: Office, path):
    office.start()
    office.go(f"/office/{path}")
    assert office.page.inner_text("h1").strip()
    assert office.page.title().endswith("存根 后台")
    assert office.page.query_selector(".crumbs li a[href='/office/home']")
    _, _, section = (office.page.get_attribute(".crumbs .help", "href") or "").partition("#")
    office.submit(".crumbs .help") if path != "help" else None
    assert office.page.query_selector(f"main section[id='{section}']"), section


def test_the_log_is_drawn_and_its_checkpoints_are_files(office: Office, served):
    served.take(100)
    served.sign()
    office.start()
    office.go("/office/evidence")
    assert office.page.query_selector(".chart .line-today")
    assert "还没有见证人" in office.text()
    with office.page.expect_download() as download:
        office.page.click("section[aria-labelledby=checkpoints] tbody a")
    origin, size, *_ = Path(download.value.path()).read_text("utf-8").splitlines()
    assert origin.endswith(".counterfoil/1")
    assert f"{int(size):,}" == office.page.inner_text("section[aria-labelledby=checkpoints] tbody td:nth-child(2)")
    office.go(f"/office/evidence?before={size}")
    shown = office.page.query_selector_all("section[aria-labelledby=checkpoints] tbody td:nth-child(2)")
    assert all(int(one.inner_text().replace(",", "")) < int(size) for one in shown)


def test_a_number_of_a_record_leads_to_its_proofs(office: Office, served):
    paid = served.take(4321)
    office.start()
    office.go("/office/evidence")
    office.page.fill("#number", paid.order_no)
    office.submit("form[action='/office/evidence/record'] button")
    assert office.page.url.endswith(f"/office/records/{paid.id}")


def test_a_fault_is_explained_to_anybody_in_both_languages(office: Office):
    office.go("/office/faults/CF-2001")
    assert [one.get_attribute("lang") for one in office.page.query_selector_all("article")] == ["zh-CN", "en"]
    office.go("/office/faults?q=PASSWORD")
    assert "CF-2005" in office.text()
    office.go("/office/faults?q=密码")
    assert "CF-2005" in office.text()
    office.start()
    office.go("/office/shops/00000000-0000-4000-8000-000000000000")
    office.submit("main a[href='/office/faults/CF-2009']")
    assert "CF-2009" in office.page.inner_text("h1")


@pytest.mark.parametrize("path", ["home", "operators", "evidence", "faults/CF-2001"])
def test_on_paper_is_the_page_without_what_one_presses(office: Office, path):
    office.start()
    office.go(f"/office/{path}")
    office.page.emulate_media(media="print")
    assert office.page.is_visible("h1")
    pressed = "nav.side, header.bar, footer, main form, main button, .crumbs"
    assert not any(one.is_visible() for one in office.page.query_selector_all(pressed))


def test_who_may_do_what_is_the_table_the_program_goes_by(office: Office):
    office.start("99")
    office.go("/office/roles")
    rows = [one.inner_text().split() for one in office.page.query_selector_all(".roles tbody tr")]
    void = next(row for row in rows if row[0] == "撤销")
    names = ("收银员", "主管", "店长", "财务", "管理员", "审计员", "合规")
    may = dict(zip(names, ("不可以", "可以", "可以", "不可以", "可以", "不可以", "不可以"), strict=True))
    assert void[1:] == list(may.values())
    heads = office.page.inner_text(".roles thead")
    assert all(name in heads for name in may)
