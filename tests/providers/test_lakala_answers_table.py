"""Every call of Lakala's sandbox, by table: which members its answer must have and of what type, and what it refuses.

The members, types and lengths are those of the documents, and where a real answer is public, that answer's.
"""

from __future__ import annotations

import pytest

from counterfoil.providers.lakala.fields import FIELDS
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, TERM_NO
from counterfoil.providers.lakala.sandbox.held import HELD, LAMS_QUERY, LAMS_REFUND
from counterfoil.providers.lakala.sandbox.server import KNOWN
from counterfoil.providers.lakala.wire import from_wire_time
from tests.providers.wire_client import LOCATED, PLACE, WECHAT_CODE, WireClient

LABS, RFD, CCSS = "/api/v3/labs", "/api/v3/rfd/refund_front", "/api/v3/ccss/counter/order"


def texts(limits: str) -> dict[str, tuple[type, int]]:
    """``name:most`` of members that are texts."""
    pairs = (each.split(":") for each in limits.split())
    return {name: (str, int(most)) for name, most in pairs}


def numbers(names: str) -> dict[str, tuple[type, int]]:
    return dict.fromkeys(names.split(), (int, 12))


_TRADE = texts("merchant_no:32 out_trade_no:32 trade_no:32 log_no:14")
_SETTLED = texts("settle_merchant_no:32 settle_term_no:32")
_AMOUNTS = texts("total_amount:12 payer_amount:12 acc_settle_amount:12 trade_time:14 account_type:16 acc_trade_no:48")
_FOUND = _TRADE | _AMOUNTS | _SETTLED | texts("trade_state:16 trade_state_desc:256 trade_main_type:16 trade_req_date:8")
_FOUND |= texts("user_id1:64 user_id2:64 bank_type:128 card_type:16")
_UNDONE = _TRADE | texts("acc_trade_no:48 account_type:16 total_amount:12 trade_time:14 origin_trade_no:32")
_UNDONE |= texts("origin_out_trade_no:64")
_REFUNDED = _UNDONE | texts("refund_amount:12 payer_amount:12 up_coupon_info:512 trade_info:512")
_IDEMPOTENT = {name: kind for name, kind in _REFUNDED.items() if name != "out_trade_no"} | texts(
    "out_refund_order_no:32"
)
_ORDER = texts("merchant_no:32 channel_id:32 out_order_no:32 pay_order_no:64 order_efficient_time:14")
_CREATED = _ORDER | texts("order_create_time:14 total_amount:12 counter_url:256")
_ASKED = _ORDER | texts("term_no:16 order_status:2 order_create_time:14 order_info:100") | numbers("total_amount")
_LISTED = texts(
    "trade_no:32 log_No:14 trade_type:16 trade_status:2 busi_type:16 trade_time:14 acc_trade_no:32 acc_type:2"
)
_LISTED |= texts("trade_ref_no:12 client_batch_no:6 client_seq_no:6") | numbers("trade_amount payer_amount")
_READ = texts("merCupNo:32 orderNo:64")
_PAID = _TRADE | _AMOUNTS | _SETTLED | texts("need_query:1 card_type:16 remark:128") | {"acc_resp_fields": (dict, 0)}

# Path: what the code of success is, and what its answer must have.
ANSWERS = {
    f"{LABS}/trans/micropay": (
        "BBS00000",
        _TRADE | _AMOUNTS | _SETTLED | texts("need_query:1 card_type:16 remark:128"),
    ),
    f"{LABS}/trans/preorder": ("BBS00000", _TRADE | _SETTLED | {"acc_resp_fields": (dict, 0)}),
    f"{LABS}/query/tradequery": ("BBS00000", _FOUND),
    f"{LABS}/relation/close": ("BBS00000", texts("origin_out_trade_no:32 origin_trade_no:32 trade_time:14")),
    f"{LABS}/relation/revoked": ("BBS00000", _UNDONE),
    f"{LABS}/relation/refund": ("BBS00000", _REFUNDED | texts("up_iss_addn_data:8000")),
    f"{LABS}/relation/idmrefund": ("BBS00000", _IDEMPOTENT),
    f"{LABS}/query/idmrefundquery": ("BBS00000", _FOUND | texts("out_refund_order_no:32")),
    f"{RFD}/refund": ("000000", _REFUNDED | texts("trade_state:16 refund_type:4 channel_ret_desc:64 origin_log_no:14")),
    f"{RFD}/refund_query": (
        "000000",
        texts("out_trade_no:32 trade_no:32 log_no:14 trade_time:14 trade_state:16 refund_amount:12 payer_amount:12")
        | texts("account_type:16 pay_mode:2 crd_no:16 origin_trade_no:32 origin_out_trade_no:32 origin_log_no:14")
        | texts("origin_total_amount:12 channel_ret_desc:64"),
    ),
    f"{RFD}/refund_fee": ("000000", texts("merchant_no:32 origin_out_trade_no:32 refund_amount:12")),
    LAMS_REFUND: ("000000", texts("log_no:14 trade_time:14 out_trade_no:32 refund_amount:12 origin_trade_no:32")),
    LAMS_QUERY: ("000000", {"refund_list": (list, 0)}),
    f"{CCSS}/special_create": ("000000", _CREATED),
    f"{CCSS}/create": ("000000", _CREATED),
    f"{CCSS}/query": ("000000", _ASKED | {"order_trade_info_list": (list, 0)}),
    f"{CCSS}/close": ("000000", _ORDER | texts("order_status:2")),
    **{path: ("000000", _READ) for path in FIELDS if path.startswith("/api/v2/mcqs/")},
}


@pytest.fixture
def client(url, keys):
    return WireClient.of(url, keys)


_HERE = PLACE | LOCATED
_ORDERED = {"merchant_no": MERCHANT_NO, "out_order_no": "NEW", "total_amount": 200, "order_info": "测试订单"}
_ORDERED |= {"order_efficient_time": "20261126120000", "counter_param": '{"pay_mode":"CARD"}'}
_REFUND = _HERE | {"out_trade_no": "NEW", "refund_amount": "800", "origin_out_trade_no": "PAID"}
_IDEM = {name: value for name, value in _REFUND.items() if name != "out_trade_no"} | {"out_refund_order_no": "NEW"}
_LAMS = _REFUND | {"origin_biz_type": "3", "origin_trade_date": "20261125"}
_SHOWN = _HERE | {"out_trade_no": "NEW", "account_type": "ALIPAY", "trans_type": "41", "total_amount": "3800"}
# Path: the data of a request that is taken. NEW is a fresh number, PAID that of a charge that was paid.
TAKEN = {
    f"{LABS}/trans/micropay": _HERE | {"out_trade_no": "NEW", "auth_code": WECHAT_CODE, "total_amount": "3800"},
    f"{LABS}/trans/preorder": _SHOWN,
    f"{LABS}/query/tradequery": PLACE | {"out_trade_no": "PAID"},
    f"{LABS}/relation/close": _HERE | {"origin_out_trade_no": "NEW"},
    f"{LABS}/relation/revoked": _HERE | {"out_trade_no": "NEW", "origin_out_trade_no": "PAID"},
    f"{LABS}/relation/refund": _REFUND,
    f"{LABS}/relation/idmrefund": _IDEM,
    f"{LABS}/query/idmrefundquery": PLACE | {"out_refund_order_no": "NEW"},
    f"{RFD}/refund": _REFUND,
    f"{RFD}/refund_query": PLACE | {"out_trade_no": "NEW"},
    f"{RFD}/refund_fee": PLACE | {"refund_amount": "800", "origin_out_trade_no": "PAID"},
    LAMS_REFUND: _LAMS,
    LAMS_QUERY: _LAMS,
    f"{CCSS}/special_create": _ORDERED,
    f"{CCSS}/create": _ORDERED,
    f"{CCSS}/query": {"merchant_no": MERCHANT_NO, "out_order_no": "NEW"},
    f"{CCSS}/close": {"merchant_no": MERCHANT_NO, "out_order_no": "NEW"},
}
_READS = {"merCupNo": MERCHANT_NO, "termNo": TERM_NO, "orderNo": "2026010112000012345678"}
# Path: what is called before it, about the same numbers.
BEFORE = {
    f"{LABS}/relation/close": (f"{LABS}/trans/preorder", _SHOWN),
    f"{LABS}/query/idmrefundquery": (f"{LABS}/relation/idmrefund", _IDEM),
    f"{RFD}/refund_query": (f"{RFD}/refund", _REFUND),
    LAMS_QUERY: (LAMS_REFUND, _LAMS),
    f"{CCSS}/query": (f"{CCSS}/special_create", _ORDERED),
    f"{CCSS}/close": (f"{CCSS}/special_create", _ORDERED),
}


@pytest.fixture
def good(client, clock):
    """The data of a request to ``path`` that the sandbox takes: what it is about was made before."""

    async def made(path: str) -> dict:
        numbers_of = {"NEW": client.number(), "PAID": await client.paid()}

        def filled(data: dict) -> dict:
            return {name: numbers_of.get(value, value) if type(value) is str else value for name, value in data.items()}

        if path in BEFORE:
            before, data = BEFORE[path]
            assert (await client.call(before, filled(data))).code in {"BBS00000", "000000"}
        if path == f"{CCSS}/query":
            clock.forward(7)
        return filled(TAKEN.get(path, _READS))

    return made


def test_the_table_has_every_call():
    assert set(ANSWERS) == set(KNOWN)


@pytest.mark.parametrize("path", sorted(ANSWERS))
async def test_an_answer_has_every_member_of_its_type_in_its_envelope(client, good, path):
    code, members = ANSWERS[path]
    got = await client.call(path, await good(path))
    assert (got.status, got.code) == (200, code)
    assert isinstance(got.said["msg"], str)
    assert from_wire_time(got.said["resp_time"]) is not None
    held(got.data, members)
    for trade in got.data.get("order_trade_info_list", ()):
        held(trade, _LISTED)
    for refund in got.data.get("refund_list", ()):
        held(refund, texts("trade_state:16 log_no:14 trade_no:32 out_trade_no:32 trade_time:14 refund_amount:12"))


def held(data: dict, members: dict[str, tuple[type, int]]) -> None:
    for name, (kind, most) in members.items():
        assert type(data.get(name)) is kind, f"{name} is {data.get(name)!r}"
        assert not most or len(str(data[name])) <= most, f"{name} has {len(str(data[name]))} characters"


@pytest.mark.parametrize("path", sorted(ANSWERS))
async def test_a_field_beyond_its_limit_is_refused_by_name(client, good, sandbox, path):
    data = await good(path)
    before = sum(1 for _ in sandbox.ledger.trades())
    code = "SBX90107" if path.startswith(CCSS) else "BBS11000"
    for field in HELD[path]:
        if field.name == "refund_reason":
            continue
        for wrong in [None] * field.must + ["1" * (field.most + 1)] * bool(field.most) + ["１"] * field.digits:
            got = await client.call(path, replaced(data, field.name, wrong))
            if field.name == "location_info.location":
                continue
            assert (got.status, got.code, got.said["msg"]) == (200, code, f"{field.name} 校验失败"), wrong
    if "location_info.location" not in {field.name for field in HELD[path]}:
        assert sum(1 for _ in sandbox.ledger.trades()) == before


def replaced(data: dict, name: str, value: str | None) -> dict:
    outer, _, inner = name.partition(".")
    return {**data, outer: {**data.get(outer, {}), inner: value} if inner else value}


@pytest.mark.parametrize("path", sorted(ANSWERS))
async def test_what_is_no_request_is_refused_and_signed(client, path):
    for body in (b"", b"[]", b'{"req_data":[]}', b"\xff", b"[" * 5000):
        got = await client.post(path, body)
        assert (got.status, got.code) == (200, "BBS11000")
        assert got.headers["lklapi-signature"]


async def test_a_call_that_is_not_offered_says_so(client):
    got = await client.call(f"{LABS}/query/getfaceauthinfo", PLACE)
    assert (got.status, got.code) == (200, "SBX90501")
