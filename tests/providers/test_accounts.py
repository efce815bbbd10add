"""From settings to a connector: what is missing, unknown or wrong is named."""

import json
import subprocess
import sys

import pytest

from counterfoil.basis import Money, Refused
from counterfoil.providers import (
    FAULTS,
    Approved,
    DeclineReason,
    OpenAccount,
    fault_of,
    provider_account,
    scan,
    wallet_of,
)
from counterfoil.providers.open_account import opening
from tests.providers.stage import ROOT, Till, account_row, accounts, section

GOOD = "http://127.0.0.1:9"


def refusal(sections, transport, spool, clock, account=None, **other):
    with pytest.raises(Refused) as refused:
        accounts(sections, transport, spool, clock, **other).connector(account or account_row())
    told = [refused.value.tell(language) for language in ("zh-CN", "en")]
    assert all("{" not in part for words in told for part in (words.what, words.money, words.do))
    return refused.value.kind.code, refused.value.field


async def test_account_without_a_section_is_refused(transport, spool, clock):
    assert refusal({}, transport, spool, clock) == ("CF-4201", None)


@pytest.mark.parametrize("key", [each.key for each in scan()["lakala"].settings if each.required])
async def test_missing_setting_is_named(keys, transport, spool, clock, key):
    for wrong in ({key: ""}, None):
        given = section(keys, GOOD) | (wrong or {})
        if wrong is None:
            del given[key]
        assert refusal({"main": given}, transport, spool, clock) == ("CF-4202", key)


async def test_unknown_setting_is_named(keys, transport, spool, clock):
    given = section(keys, GOOD) | {"seriel_no": "1"}
    assert refusal({"main": given}, transport, spool, clock) == ("CF-4203", "seriel_no")


@pytest.mark.parametrize("key", ["private_key", "platform_certs"])
async def test_key_file_that_cannot_be_read_is_refused(keys, transport, spool, clock, tmp_path, key):
    (tmp_path / "bad.pem").write_text("-----BEGIN NOTHING-----")
    for path in ("/no/such/file.pem", str(tmp_path / "bad.pem")):
        assert refusal({"main": section(keys, GOOD) | {key: path}}, transport, spool, clock) == ("CF-4204", key)


async def test_live_account_refuses_loopback_and_the_demonstration_refuses_live(keys, transport, spool, clock):
    sections = {"main": section(keys, "https://127.0.0.1")}
    live = account_row(environment="live")
    assert refusal(sections, transport, spool, clock, live)[0] == "CF-4205"
    assert refusal(sections, transport, spool, clock, live, demonstration=True)[0] == "CF-4208"


async def test_provider_merchant_number_and_environment_must_be_ours(keys, transport, spool, clock):
    sections = {"main": section(keys, GOOD)}
    assert refusal(sections, transport, spool, clock, account_row(provider="nobody"))[0] == "CF-4206"
    assert refusal(sections, transport, spool, clock, account_row(merchant_no="X"))[0] == "CF-4207"
    assert refusal(sections, transport, spool, clock, account_row(environment="test"))[0] == "CF-4209"


async def test_connector_is_built_once_for_each_version_of_its_row(keys, transport, spool, clock):
    made = accounts({"main": section(keys, GOOD)}, transport, spool, clock)
    assert made.connector(account_row()) is made.connector(account_row())
    assert made.connector(account_row()) is not made.connector(account_row(version=2))


async def test_cash_needs_no_settings(transport, spool, clock):
    account = account_row(provider="cash", name="cash", merchant_no="")
    made = accounts({}, transport, spool, clock)
    assert made.manifest("cash").instant
    assert made.connector(account)


def test_folder_is_imported_only_when_used():
    code = (
        "import sys, json, counterfoil.providers as p; p.scan();"
        "print(json.dumps([name for name in sys.modules if name.startswith('counterfoil.providers.lakala')]))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env={"PYTHONPATH": "src"}
    )
    assert json.loads(ran.stdout) == []


def test_opening_writes_one_row_with_its_fact():
    asked = OpenAccount(
        id="01937b5e-0000-7000-8000-000000000001",
        merchant_id=1,
        provider="lakala",
        name="main",
        environment="sandbox",
        merchant_no="82299900SANDBOX",
    )
    change = opening(scan()["lakala"], asked, change_id="01937b5e-0000-7000-8000-000000000002", at=5)
    (insert,) = change.inserts
    assert set(insert.row) == {column.name for column in provider_account.columns}
    assert (insert.row["state"], insert.row["cut_minute"], insert.row["zone"]) == ("active", 1380, "Asia/Shanghai")
    assert [fact.kind for fact in change.facts] == ["account.opened"]


def test_every_reason_has_a_fault_that_can_be_told():
    for reason in DeclineReason:
        for language in ("zh-CN", "en"):
            told = fault_of(reason)(provider="拉卡拉", amount=Money(3800)).tell(language)
            assert told.what
            assert told.money
            assert told.do


def test_fault_codes_are_of_this_area_and_used_once():
    codes = [kind.code for kind in FAULTS]
    assert len(set(codes)) == len(codes)
    assert all(code.startswith("CF-4") for code in codes)


@pytest.mark.parametrize(
    ("code", "wallet"),
    [
        ("100000000000000000", "wechat"),
        ("159999999999999999", "wechat"),
        ("250000000000000000", "alipay"),
        ("300000000000000000", "alipay"),
        ("2800000000000000", "alipay"),
        ("280000000000000000000000", "alipay"),
        ("6200000000000000000", "unionpay"),
        ("0100000000000000000", "ecny"),
        ("510000000000000000", "other"),
    ],
)
def test_payment_code_tells_its_wallet(code, wallet):
    assert wallet_of(code) == wallet


@pytest.mark.parametrize(
    "code",
    [
        "",
        "13",
        "13456789012345678",
        "1345678901234567890",
        "160000000000000000",
        "240000000000000000",
        "310000000000000000",
        "280000000000000",
        "990000000000000000",
        "https://qr.alipay.com/fkx0000",
        "wxp://f2f0abcdef",
        "13456789012345678x",
        "１３４５６７８９０１２３４５６７８９",
        "134567890123456789\n",
        " 134567890123456789",
    ],
)
def test_what_is_no_payment_code_has_no_wallet(code):
    assert wallet_of(code) is None


async def test_cash_is_approved_at_once(transport, spool, clock):
    account = account_row(provider="cash", name="cash", merchant_no="")
    till = Till(accounts({}, transport, spool, clock).connector(account), clock)
    order_no, outcome = await till.charge(3800)
    assert isinstance(outcome, Approved)
    assert isinstance((await till.leg("void", order_no, 3800))[1], Approved)
    assert (await till.leg("refund", order_no, 3800, 100))[1].returned_minor == 100


def test_an_account_says_how_long_its_codes_live_and_they_are_closed_a_minute_later(transport, spool, clock):
    told = accounts({"main": {"code_minutes": "15", "reverse_after_seconds": "10"}}, transport, spool, clock)
    schedule = told.schedule(account_row())
    assert schedule.code_seconds == 900
    assert schedule.reverse_after == {"consumer_code": 10, "merchant_code": 960, "unknown": 960}


@pytest.mark.parametrize("minutes", ["0", "16", "1.5", "-1", "", "５", "5m"])
def test_a_code_lives_from_1_to_15_minutes(transport, spool, clock, minutes):
    told = accounts({"main": {"code_minutes": minutes}}, transport, spool, clock)
    with pytest.raises(Refused) as refused:
        told.schedule(account_row())
    assert (refused.value.kind.code, refused.value.field) == ("CF-4211", "code_minutes")
