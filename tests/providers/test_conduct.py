"""Every provider's folder passes the conduct kit; a folder without settings for it here fails the first test."""

import asyncio
import importlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.basis import SystemClock, SystemEntropy
from counterfoil.providers import Answer, Approved, Means, NoAnswer, NotSent, Pending, Unknown, Why, read_settings, scan
from counterfoil.providers.lakala.codes import LAKALA, SANDBOX, Said, meaning
from counterfoil.providers.lakala.sandbox import APPID, MERCHANT_NO
from counterfoil.providers.lakala.signing import Signer, read_certificate, read_private_key
from counterfoil.testing import conduct
from tests.providers.stage import section

MANIFESTS = scan()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
MEMBERS = st.fixed_dictionaries(
    {},
    optional={
        "out_trade_no": st.sampled_from([conduct.ORDER_NO, conduct.LEG_NO, "", "1", None, 1]),
        "merchant_no": st.sampled_from([MERCHANT_NO, "X", None]),
        "total_amount": st.sampled_from(["3800", 3800, "3801", 38.0, "-3800", "0", None, "９"]),
        "refund_amount": st.sampled_from(["3800", "1"]),
        "payer_amount": st.sampled_from(["3800", "99999", "x"]),
        "need_query": st.sampled_from(["0", "1", 0, None]),
        "trade_state": st.sampled_from(["SUCCESS", "FAIL", "CLOSE", "DEAL", "REFUND", "NEW", None]),
        "trans_currency": st.sampled_from(["CNY", "USD"]),
    },
)


def wired(name, keys, answer):
    manifest = MANIFESTS[name]
    told = section(keys, "http://127.0.0.1:9") if name == "lakala" else conduct.example_settings(manifest)
    means = Means(
        account_id="a",
        environment="sandbox",
        manifest=manifest,
        settings=read_settings(manifest, "main", "sandbox", told),
        post=conduct.Answers(answer),
        clock=SystemClock(),
        entropy=SystemEntropy(),
    )
    return importlib.import_module(f"{manifest.package}.connector").connector(means)


@pytest.fixture(scope="module")
def platform(keys):
    serial, _ = read_certificate(keys.platform_cert)
    return Signer(APPID, f"{serial:x}", read_private_key(keys.platform_key))


def signed(platform, body, status=200):
    headers = platform.answer_headers("1", "n", body, "t")
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)


@pytest.mark.parametrize("name", MANIFESTS)
@pytest.mark.parametrize("failure", [NotSent("x"), NoAnswer("x")], ids=["not sent", "no answer"])
async def test_broken_wire_ends_in_one_of_four_outcomes(keys, name, failure):
    said = await conduct.outcomes(wired(name, keys, failure), shows=bool(MANIFESTS[name].code_wallets))
    if not MANIFESTS[name].instant:
        why = Why.NOT_SENT if isinstance(failure, NotSent) else Why.NO_ANSWER
        assert {outcome.why for outcome in said.values()} == {why}


@settings(max_examples=40)
@given(body=st.binary(max_size=300), status=st.sampled_from([200, 200, 500, 302]))
def test_unsigned_garbage_is_unknown(keys, body, status):
    asyncio.run(conduct.believes_nothing(wired("lakala", keys, Answer(status, {}, body)), shows=True))


@settings(max_examples=40)
@given(value=JSON)
def test_signed_garbage_is_unknown(keys, platform, value):
    body = json.dumps(value).encode()
    asyncio.run(conduct.believes_nothing(wired("lakala", keys, signed(platform, body)), shows=True))


@settings(max_examples=60)
@given(data=MEMBERS, code=st.sampled_from(["BBS00000", "BBS99999", "SBX77777", "", "000000"]))
def test_signed_yes_counts_only_when_all_of_it_is_about_us(keys, platform, data, code):
    body = json.dumps({"code": code, "resp_data": data}).encode()
    said = asyncio.run(conduct.outcomes(wired("lakala", keys, signed(platform, body)), shows=True))
    assert not isinstance(said["show"], Approved)
    if isinstance(said.pop("close"), Approved):
        assert code == "BBS00000"
        assert (data["out_trade_no"], data["merchant_no"]) == (conduct.ORDER_NO, MERCHANT_NO)
        assert data["trade_state"] in {"FAIL", "CLOSE"}
    for name, outcome in said.items():
        if isinstance(outcome, Approved):
            ours = conduct.ORDER_NO if name in {"charge", "query"} else conduct.LEG_NO
            own = data.get("refund_amount", data.get("total_amount")) if name == "refund" else data["total_amount"]
            assert code == "BBS00000"
            # The real answer to a question about a refund names no merchant.
            whose = data.get("merchant_no", MERCHANT_NO if name == "refund" else None)
            assert (data["out_trade_no"], whose, int(own)) == (ours, MERCHANT_NO, 3800)
            assert data.get("trans_currency") != "USD"
            assert name != "charge" or str(data["need_query"]) == "0"
            assert name != "query" or data["trade_state"] == "SUCCESS"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("https://qr.alipay.com/bax03431ljhokirwl38f00a7", True),
        ("weixin://wxpay/bizpayurl?pr=1", True),
        ("HTTPS://QR.ALIPAY.COM/" + "x" * 490, True),
        ("https://" + "x" * 505, False),
        ("qr.alipay.com/bax", False),
        ("https://qr.alipay.com/收款", False),
        ("https://qr.alipay.com/a b", False),
        ("javascript:alert(1)", False),
        ("https://a\n", False),
        ("", False),
        (None, False),
        (7, False),
    ],
)
async def test_a_code_is_shown_only_if_it_is_one(keys, platform, code, shown):
    data = {"out_trade_no": conduct.ORDER_NO, "merchant_no": MERCHANT_NO, "acc_resp_fields": {"code": code}}
    body = json.dumps({"code": "BBS00000", "resp_data": data}).encode()
    said = (await conduct.outcomes(wired("lakala", keys, signed(platform, body)), shows=True))["show"]
    assert isinstance(said, Pending if shown else Unknown)
    if shown:
        assert said.show == code


@pytest.mark.parametrize("other", [{"merchant_no": "X"}, {"out_trade_no": "X"}, {"total_amount": "3801"}])
async def test_a_code_of_another_order_is_never_shown(keys, platform, other):
    fields = {"code": "https://qr.alipay.com/bax"}
    data = {"out_trade_no": conduct.ORDER_NO, "merchant_no": MERCHANT_NO, "acc_resp_fields": fields, **other}
    body = json.dumps({"code": "BBS00000", "resp_data": data}).encode()
    said = (await conduct.outcomes(wired("lakala", keys, signed(platform, body)), shows=True))["show"]
    assert isinstance(said, Unknown)


async def test_no_amount_is_no_answer_to_a_scanned_code_whatever_stands_beside_it(keys, platform):
    fields = {"code": "https://qr.alipay.com/bax"}
    data = {"out_trade_no": conduct.ORDER_NO, "merchant_no": MERCHANT_NO, "need_query": "0", "acc_resp_fields": fields}
    body = json.dumps({"code": "BBS00000", "resp_data": data}).encode()
    said = await conduct.outcomes(wired("lakala", keys, signed(platform, body)))
    assert isinstance(said["charge"], Unknown)


async def test_signed_yes_with_another_status_than_200_is_unknown(keys, platform):
    data = {"out_trade_no": conduct.ORDER_NO, "merchant_no": MERCHANT_NO, "total_amount": "3800", "need_query": "0"}
    body = json.dumps({"code": "BBS00000", "resp_data": data}).encode()
    yes = await conduct.outcomes(wired("lakala", keys, signed(platform, body)))
    assert isinstance(yes["charge"], Approved)
    await conduct.believes_nothing(wired("lakala", keys, signed(platform, body, status=201)))


@pytest.mark.parametrize("code", [*LAKALA, *SANDBOX])
async def test_refusal_that_is_about_another_number_is_a_mismatch(keys, platform, code):
    body = json.dumps({"code": code, "resp_data": {"out_trade_no": "another"}}).encode()
    said = await conduct.outcomes(wired("lakala", keys, signed(platform, body)), shows=True)
    assert all(isinstance(outcome, Unknown) for outcome in said.values())


@pytest.mark.parametrize("code", SANDBOX)
def test_codes_of_the_sandbox_mean_nothing_to_a_live_account(code):
    assert meaning(code, "live") is None
    assert meaning(code, "sandbox") is SANDBOX[code]


def test_table_of_codes_is_whole():
    told = {"BBS00000", "BBS10000", "BBS11112", "BBS11105", "BPS10034", "BBS00001", "BBS00100", "BBS00101"}
    told |= {"BBS11000", "BBS11106", "BBS11184", "BBS11200", "BBS16111", "RFD11105", "RFD11112", "000100", "000101"}
    assert set(LAKALA) == told
    assert [code for code, meant in LAKALA.items() if meant is Said.OK] == ["BBS00000"]


@pytest.mark.parametrize("code", [*LAKALA, *SANDBOX, "BBS12345"])
async def test_refused_question_says_nothing_about_the_payment(keys, platform, code):
    body = json.dumps({"code": code, "resp_data": {}}).encode()
    said = await conduct.outcomes(wired("lakala", keys, signed(platform, body)))
    assert not isinstance(said["query"], Approved)
    assert type(said["query"]).__name__ in {"Unknown", "Pending"}
