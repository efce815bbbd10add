"""The pages of activity and of API keys: what they show, where they lead, their files, and what people type."""

from __future__ import annotations

import csv
import io
import os
import re

import httpx

from counterfoil.evidence import registry
from counterfoil.locale import LANGUAGES, names
from tests.doors.office.conftest import Office


def test_every_kind_of_fact_has_words_in_both_languages():
    for language in LANGUAGES:
        assert [tag for tag in registry() if f"activity.kind.{tag}" not in names(language)] == []


def rows(office: Office, path: str) -> list[list[str]]:
    answer = office.context.request.get(office.url + path)
    assert answer.ok, answer.text()
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == ("text/csv; charset=utf-8", "no-store")
    return list(csv.reader(io.StringIO(answer.body().decode("utf-8-sig"))))


def pictures(office: Office, name: str) -> None:
    folder = os.environ.get("COUNTERFOIL_SHOTS")
    if not folder:
        return
    for width, height in ((1440, 900), (390, 844)):
        office.page.set_viewport_size({"width": width, "height": height})
        office.page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
    office.page.set_viewport_size({"width": 1440, "height": 900})


def test_who_did_what_leads_to_its_object_and_to_its_proof(office: Office, served):
    served.take(2750)
    office.start()
    office.go("/office/activity?act=payments")
    pictures(office, "activity")
    assert "收款成功" in office.text()
    assert "27.50" in office.text()
    office.submit(".acts tbody tr:first-child td:nth-child(3) a")
    assert re.search("/office/records/[0-9a-f-]{36}", office.page.url)
    office.go("/office/activity?act=payments")
    office.submit(".acts tbody tr:first-child td:last-child a")
    assert "/office/evidence/entry?position=" in office.page.url
    office.go("/office/activity?act=sign_in")
    assert "登录" in office.text()
    assert "收款成功" not in office.page.inner_text(".acts")
    assert rows(office, "/office/activity/export?act=payments")[1][3] == "收款成功"
    office.go("/office/activity?act=records")
    assert "导出活动记录" in office.text()


def test_what_is_typed_into_the_address_is_refused_or_finds_nothing(office: Office, served):
    office.start()
    office.go("/office/activity?from=2026-02-31")
    assert "CF-1806" in office.text()
    office.go("/office/activity/people?from=2026-02-02&to=2026-02-01")
    assert "CF-1806" in office.text()
    office.go("/office/activity?person=<b>&act=<i>&place=nowhere&before=x")
    assert office.page.is_visible(".sheet .blank")


def test_people_are_compared_in_a_picture_a_table_and_a_file(office: Office, served):
    served.take(1100)
    office.start()
    office.go("/office/activity/people")
    pictures(office, "people")
    assert office.page.query_selector(".chart.people .bar-today")
    table = rows(office, "/office/activity/people/export")
    assert table[0][:3] == ["人员", "收款", "撤销"]
    assert any(row[1] != "0" for row in table[1:])


def test_a_key_is_made_after_it_was_confirmed_shown_once_and_switched_off_at_once(office: Office, served):
    office.start()
    office.go("/office/api-keys/add")
    pictures(office, "key-form")
    office.page.fill("#label", "小程序点单")
    office.page.fill("#networks", "127.0.0.0/8")
    office.confirm("form[action$='/api-keys/add'] button.primary")
    pictures(office, "key-made")
    secret = office.page.inner_text("[data-secret] .copy > span")
    bearer = {"Authorization": f"Bearer {secret}"}
    assert secret.startswith("cf_1_")
    assert httpx.get(f"{served.url}/api/v1/payments", headers=bearer).status_code == 200
    office.submit("main a.button.primary")
    pictures(office, "key")
    assert secret not in office.page.content()
    office.submit("form[action$='/off'] button")
    refused = httpx.get(f"{served.url}/api/v1/payments", headers=bearer)
    assert (refused.status_code, refused.json()["code"]) == (401, "CF-2004")
    office.go("/office/api-keys")
    pictures(office, "keys")
    assert "已停用" in office.text()


def test_a_key_that_cannot_be_made_is_refused_with_what_was_typed(office: Office, served):
    office.start()
    office.go("/office/api-keys/add")
    office.page.fill("#label", "小程序点单")
    office.page.fill("#networks", "192.168.1.7/24")
    office.submit("form[action$='/api-keys/add'] button.primary")
    assert "CF-2123" in office.text()
    assert office.page.input_value("#networks") == "192.168.1.7/24"
