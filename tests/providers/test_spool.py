"""The spool: masks all that is not listed, stays bounded, never disturbs."""

import json
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.providers import Exchange, Spool
from counterfoil.providers.spool import HIDDEN, masked_line
from tests.providers.stage import CODE, NOON

SHOWABLE = frozenset({"req_data", "resp_data", "order_no", "msg", "items"})
NAMES = st.sampled_from(["req_data", "order_no", "msg", "items", "auth_code", "openid", "user", "13800138000"])
SECRET = st.text(string.ascii_letters + string.digits, min_size=6, max_size=20).map(lambda text: f"canary{text}")


def exchange(request, answer=None):
    return Exchange(
        at=NOON,
        account_id="a",
        url="http://127.0.0.1/x",
        request=json.dumps(request).encode(),
        end="answered",
        status=200,
        headers={"Lklapi-Traceid": "t", "Set-Cookie": "canary"},
        answer=json.dumps(answer).encode(),
    )


def trees(leaves):
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
        max_leaves=12,
    )


def visible(value, *, listed=False, top=True):
    """The leaves an allow-list lets through, said a second way."""
    if isinstance(value, dict):
        if not (listed or top):
            return
        for name, inner in value.items():
            yield from visible(inner, listed=name in SHOWABLE, top=False)
    elif isinstance(value, list):
        if listed:
            for inner in value:
                yield from visible(inner, listed=True, top=False)
    elif listed:
        yield value


@settings(max_examples=60)
@given(trees(SECRET))
def test_only_listed_members_are_written(answer):
    line = masked_line(exchange({}, answer), SHOWABLE)
    allowed = set(visible(answer))
    written = json.dumps(json.loads(line))
    for leaf in _leaves(answer):
        if not any(leaf in shown for shown in allowed):
            assert leaf not in written


def _leaves(value):
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value


@settings(max_examples=60)
@given(SECRET)
def test_what_was_hidden_in_the_request_stays_hidden_in_the_answer(secret):
    line = masked_line(exchange({"auth_code": secret}, {"msg": f"付款码 {secret} 无效"}), SHOWABLE)
    assert secret not in line.decode()
    assert json.loads(line)["answer"]["msg"] == f"付款码 {HIDDEN} 无效"


def test_auth_code_is_never_shown_even_when_listed():
    line = masked_line(exchange({"auth_code": "134567890123456789"}, {}), SHOWABLE | {"auth_code"})
    assert b"134567890123456789" not in line


def test_listed_members_and_headers_are_shown_and_names_that_are_numbers_are_not():
    said = json.loads(masked_line(exchange({"order_no": "1", "13800138000": "x"}, {"openid": "o"}), SHOWABLE))
    assert said["request"] == {"order_no": "1", HIDDEN: HIDDEN}
    assert said["answer"] == {"openid": HIDDEN}
    assert said["headers"] == {}
    assert said["at"].startswith("2026-11-25T")


@settings(max_examples=60)
@given(st.binary(max_size=200))
def test_bytes_that_are_no_json_are_hidden_whole(raw):
    made = Exchange(at=0, account_id="a", url="u", request=b"canary" + raw, end="NoAnswer: x")
    assert json.loads(masked_line(made, SHOWABLE))["request"] == HIDDEN


def test_deep_and_long_exchanges_stay_small():
    deep = json.loads("[" * 300 + "]" * 300)
    for answer in ({"items": deep}, {"items": ["x" * 5000] * 5000}):
        assert len(masked_line(exchange({}, answer), SHOWABLE)) <= 65536


def test_ring_is_bounded_in_size_and_count_and_goes_on_after_a_restart(tmp_path):
    for _ in range(3):
        spool = Spool(tmp_path, file_bytes_max=2000, files_max=3)
        for at in range(100):
            spool.note(exchange({"order_no": str(at)}), SHOWABLE)
        spool.close()
        assert spool.dropped == 0
        files = sorted(tmp_path.iterdir())
        assert len(files) == 3
        assert all(file.stat().st_size <= 2000 for file in files)
        last = json.loads(files[-1].read_text().splitlines()[-1])
        assert last["request"]["order_no"] == "99"


def test_what_cannot_be_written_is_dropped_and_counted(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    spool = Spool(blocked / "spool")
    spool.note(exchange({}), SHOWABLE)
    spool.close()
    assert spool.dropped == 1


async def test_exchange_of_a_payment_is_spooled_without_its_code(till, spool, tmp_path):
    order_no, _ = await till.charge(3800)
    spool.close()
    (file,) = (tmp_path / "spool").iterdir()
    (line,) = file.read_text().splitlines()
    said = json.loads(line)
    assert CODE not in line
    assert said["request"]["req_data"]["auth_code"] == HIDDEN
    assert said["request"]["req_data"]["out_trade_no"] == order_no
    assert said["answer"]["resp_data"]["total_amount"] == "3800"
    assert said["headers"]["lklapi-traceid"]
