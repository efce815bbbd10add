"""Signatures, held by vectors that were computed from the public description by others' tools."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Secret
from counterfoil.providers.shouqianba.notice import OtherTerminal, hinted_order
from counterfoil.providers.shouqianba.signing import NotSigned, authorization, read_public_key, sign, verify_notice
from counterfoil.providers.shouqianba.wire import Unreadable

ACTIVATION = b'{"app_id":"2026000000000001","code":"12345678","device_id":"TEST-POS-01"}'
PAY = (
    '{"terminal_sn":"100000000000000001","client_sn":"T20260101000001","total_amount":"1000",'
    '"dynamic_id":"281234567890123456","subject":"咖啡","operator":"01"}'
)
KEY = Secret("0123456789abcdef0123456789abcdef")
ESCAPED = json.dumps(json.loads(PAY), separators=(",", ":"))
SPACED = json.dumps(json.loads(PAY), ensure_ascii=False)
NOTICE = (
    '{"sn":"7895000000000001","client_sn":"T20260101000001","client_tsn":"T20260101000001","ctime":"1767225600000",'
    '"status":"SUCCESS","payway":"3","payway_name":"微信","sub_payway":"1","order_status":"PAID","payer_uid":"",'
    '"payer_login":"","trade_no":"4200000000000000000000000001","total_amount":"1000","net_amount":"1000",'
    '"finish_time":"1767225602345","channel_finish_time":"1767225602000","terminal_sn":"100000000000000001",'
    '"subject":"咖啡","operator":"01","reflect":"","payment_list":[{"type":"WALLET_WEIXIN","amount_total":"1000"}]}'
).encode()
NOTICE_KEY = """-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAmfldJWfAh7/pwb5a+Ek4
Zcjatbjjm4jwMeFpkNw23lYGisaUMG7rZdzKPMptmNHzu76Rjw2BzIUpHcAMC7n/
+9TRXaM5OhD9lGWF0ATXwfb0N0rfQt0yYhyahJYfnXqGMvofF84+N5Iji3clOWnu
mntRw8HDj1jmOO1f0Pf3HSwb1hjnCk4RB7BowsVCGQRGp14Bt2cu3led3zGRF57Y
gcygdSU0Pl6YCQ0v1HcgAt2f1+iglICmfT4GvJcs56cAXE6fDsWkSzYtIZgE0w3z
VupneMJofLvRIB0Q9TiYouzMnoIZPgjkPeUO27S5tZnD72mjAeAYmfQjnD9mlqdF
8QIDAQAB
-----END PUBLIC KEY-----"""
SIGNATURE = (
    "Eq1BQhXqAAJCsXhdRd72VpoKZqwX1PsXs4PCtdGCNKFgRYzbyRhIsXK24O18FwqiDU8rwhXY4kLISBalI+OdcO"
    "8uqvxXngQj3K0eT4zQCu5I86dhaJpfSWxLyROUueTTEQwjAVjW+i7I7KvoNUiauvjLDKJ/4l8ti0lGyGnDoasa"
    "+gRWZstnbGzVJYoPRvs7ZFE6Sf+ddpMGknyvYKQXh9Dz90KM2WoiRueuSHxvHxxnQQeZ1PNuY/CEOzZeG9vk8w"
    "SmQV57Tl++wC2ciGlbpgy0TsicKVsSeFJy7wMRl7xyNmB/ioUVm4mVBlw2ekS6iFTvJQKAh/qC/QTQj99r3A=="
)
TERMINAL = "100000000000000001"
HEADER = f"{TERMINAL} {SIGNATURE}"


@pytest.mark.parametrize(
    ("body", "key", "expected"),
    [
        (ACTIVATION, Secret("test-vendor-key-0001"), "e1dc13db665379c88df497aa80450bc3"),
        (PAY.encode(), KEY, "2087ae73a79fb515cd37d22ba9c4bee2"),
        (ESCAPED.encode(), KEY, "d22f26896a45c62d24d281ef191649cd"),
        (SPACED.encode(), KEY, "15624279489ebe70f78a760248a3f934"),
        (b"{}", KEY, "8dcca6487d7c3a711610d51ac80aaf65"),
    ],
    ids=["activation", "pay", "escaped", "spaced", "empty"],
)
def test_a_request_is_signed_as_the_vectors_say(body, key, expected):
    assert sign(body, key) == expected
    assert authorization("1", body, key) == f"1 {expected}"


def test_the_key_stands_behind_the_body():
    assert sign(PAY.encode(), KEY) != "ae94c5a554cf17fa60913a49ca697272"


def test_a_notice_is_verified_as_the_vector_says_in_base64_and_in_hex():
    key = read_public_key(NOTICE_KEY)
    assert len(NOTICE) == 535
    verify_notice(HEADER, NOTICE, key)
    verify_notice(SIGNATURE, NOTICE, key)
    verify_notice(f"{TERMINAL} {base64.b64decode(SIGNATURE).hex()}", NOTICE, key)
    assert hinted_order(HEADER, NOTICE, key, TERMINAL) == "T20260101000001"


def test_the_key_of_notices_is_read_as_the_portal_shows_it():
    bare = "".join(NOTICE_KEY.splitlines()[1:-1])
    for text in (f" {bare}\n", NOTICE_KEY.replace("\n", "")):
        verify_notice(HEADER, NOTICE, read_public_key(text))


@given(at=st.integers(0, 534), bit=st.integers(0, 7))
def test_no_bit_of_a_notice_can_be_turned(at, bit):
    forged = NOTICE[:at] + bytes([NOTICE[at] ^ (1 << bit)]) + NOTICE[at + 1 :]
    with pytest.raises(NotSigned):
        verify_notice(HEADER, forged, read_public_key(NOTICE_KEY))


@pytest.mark.parametrize("header", ["", TERMINAL, f"{TERMINAL} ", f"{TERMINAL} 00", f"{TERMINAL} ****", SIGNATURE[:-8]])
def test_a_notice_without_its_signature_is_refused(header):
    with pytest.raises(NotSigned):
        verify_notice(header, NOTICE, read_public_key(NOTICE_KEY))


def test_a_notice_for_another_terminal_is_no_hint():
    with pytest.raises(OtherTerminal):
        hinted_order(HEADER, NOTICE, read_public_key(NOTICE_KEY), "100000000000000002")


@pytest.fixture(scope="module")
def signer():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"client_sn":7}',
        b'{"client_sn":""}',
        b'{"client_sn":"a\\u0000"}',
        b"\xff",
        b"[" * 5000,
    ],
)
def test_a_signed_notice_that_says_nothing_of_ours_is_unreadable(signer, body):
    key = read_public_key(signer.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())
    header = f"{TERMINAL} {base64.b64encode(signer.sign(body, PKCS1v15(), SHA256())).decode()}"
    with pytest.raises(Unreadable):
        hinted_order(header, body, key, TERMINAL)


def test_a_wrapped_notice_is_read_like_a_flat_one(signer):
    body = json.dumps({"biz_response": {"data": {"client_sn": "A1", "terminal_sn": TERMINAL}}}).encode()
    header = base64.b64encode(signer.sign(body, PKCS1v15(), SHA256())).decode()
    assert hinted_order(header, body, signer.public_key(), TERMINAL) == "A1"
