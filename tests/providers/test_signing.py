"""Lakala's signatures, held by vectors: a real answer, captured requests, a notice."""

import json

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.providers.lakala.sandbox import Registered
from counterfoil.providers.lakala.signing import (
    NotSigned,
    Signer,
    parse_authorization,
    read_certificate,
    serial_number,
    verify_answer,
    verify_notice,
    verify_request,
)
from tests.providers.stage import VECTORS

APPID = "OP00000003"
SERIAL = "00dfba8194c41b84cf"
REQUESTS = sorted((VECTORS / "requests").glob("*.http"))
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def real_answer():
    folder = VECTORS / "real-sit-answer"
    lines = (folder / "headers.txt").read_text().splitlines()
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines if line)}
    serial, key = read_certificate(folder / "platform_cert_1745381c327.pem")
    return headers, (folder / "body.json").read_bytes(), {serial: key}


def captured(path):
    head, _, body = path.read_bytes().partition(b"\r\n\r\n")
    if not body:
        head, _, body = path.read_bytes().partition(b"\n\n")
    first, *lines = head.decode().splitlines()
    return first.split()[1], dict(line.split(": ", 1) for line in lines), body


def merchant_key():
    certificate = x509.load_pem_x509_certificate((VECTORS / "requests" / "merchant_cert.pem").read_bytes())
    return certificate.public_key()


def test_real_answer_of_lakalas_test_host_verifies():
    headers, body, certificates = real_answer()
    verify_answer(headers, body, certificates, APPID)


def test_any_flipped_byte_of_the_real_answer_is_refused():
    headers, body, certificates = real_answer()
    for at in range(len(body)):
        flipped = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        with pytest.raises(NotSigned):
            verify_answer(headers, flipped, certificates, APPID)


@pytest.mark.parametrize("name", ["lklapi-serial", "lklapi-timestamp", "lklapi-nonce", "lklapi-signature"])
def test_real_answer_with_another_header_is_refused(name):
    headers, body, certificates = real_answer()
    with pytest.raises(NotSigned):
        verify_answer({**headers, name: "1" + headers[name]}, body, certificates, APPID)
    with pytest.raises(NotSigned):
        verify_answer({key: value for key, value in headers.items() if key != name}, body, certificates, APPID)


def test_answer_signed_for_another_appid_is_refused():
    headers, body, certificates = real_answer()
    with pytest.raises(NotSigned):
        verify_answer(headers, body, certificates, "OP00000004")


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
def test_captured_request_verifies_and_a_changed_one_does_not(path):
    _, headers, body = captured(path)
    signed = parse_authorization(headers["Authorization"])
    assert (signed.appid, signed.serial_no) == (APPID, SERIAL)
    assert len(signed.nonce_str) in {12, 32}
    verify_request(signed, body, merchant_key())
    with pytest.raises(NotSigned):
        verify_request(signed, body + b" ", merchant_key())


def test_there_are_captured_requests_of_both_clients():
    assert {path.name[:8] for path in REQUESTS} == {"client-a", "client-b"}


@pytest.mark.parametrize("path", REQUESTS, ids=lambda path: path.stem)
async def test_sandbox_accepts_the_signature_of_a_captured_request(path, sandbox, url):
    sandbox.register(Registered(APPID, SERIAL, merchant_key()))
    target, headers, body = captured(path)
    async with httpcore.AsyncConnectionPool() as pool:
        answer = await pool.request("POST", url + target, headers=list(headers.items()), content=body)
    assert answer.status == 200
    names = {name.decode().lower() for name, _ in answer.headers}
    assert {f"lklapi-{name}" for name in ("appid", "serial", "timestamp", "nonce", "signature", "traceid")} <= names
    assert json.loads(answer.content)["code"] != "BBS11200"


async def test_sandbox_reads_a_chunked_body(sandbox, url):
    sandbox.register(Registered(APPID, SERIAL, merchant_key()))
    target, headers, body = captured(VECTORS / "requests" / "client-b-v3_labs_trans_micropay.http")

    async def pieces():
        for at in range(0, len(body), 50):
            yield body[at : at + 50]

    async with httpcore.AsyncConnectionPool() as pool:
        answer = await pool.request(
            "POST", url + target, headers=[*headers.items(), ("Transfer-Encoding", "chunked")], content=pieces()
        )
    assert json.loads(answer.content)["code"] == "BBS00000"


def test_notice_verifies_and_a_changed_one_does_not():
    serial, key = read_certificate(VECTORS / "notice" / "notify_cert.pem")
    header = (VECTORS / "notice" / "authorization.txt").read_text().strip()
    body = (VECTORS / "notice" / "body.json").read_bytes()
    verify_notice(header, body, {serial: key})
    for at in range(len(body)):
        with pytest.raises(NotSigned):
            verify_notice(header, body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :], {serial: key})


def test_what_we_sign_is_what_we_parse():
    signer = Signer(APPID, SERIAL, KEY)
    signed = parse_authorization(signer.authorization("1795381127", "abcdefghijkl", b"{}"))
    verify_request(signed, b"{}", KEY.public_key())


@settings(max_examples=60)
@given(
    order=st.permutations(["appid", "serial_no", "timestamp", "nonce_str", "signature"]),
    quotes=st.lists(st.sampled_from("\"'"), min_size=5, max_size=5),
    spaces=st.sampled_from(["", " ", "  "]),
)
def test_authorization_is_read_in_any_order_and_with_either_quote(order, quotes, spaces):
    values = {name: f"v-{name}" for name in order}
    pairs = [f"{name}={quote}{values[name]}{quote}" for name, quote in zip(order, quotes, strict=True)]
    signed = parse_authorization(f"LKLAPI-SHA256withRSA {f',{spaces}'.join(pairs)}")
    assert {name: getattr(signed, name) for name in order} == values


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_a_header_that_is_none_is_refused(text):
    for header in (text, f"LKLAPI-SHA256withRSA {text}"):
        with pytest.raises(NotSigned):
            parse_authorization(header)


@pytest.mark.parametrize(
    "header",
    [
        'LKLAPI-SHA256withRSA timestamp="1",nonce_str="2",signature="3",timestamp="4"',
        'LKLAPI-SHA256withRSA timestamp="1",nonce_str="2"',
        'LKLAPI-SHA256withRSA timestamp="1" nonce_str="2" signature="3"',
        'LKLAPI-SM3withSM2 timestamp="1",nonce_str="2",signature="3"',
        'LKLAPI-SHA256withRSA timestamp="1\',nonce_str="2",signature="3"',
        'LKLAPI-SHA256withRSA timestamp="1",nonce_str="2",signature="3",',
    ],
)
def test_a_crooked_header_is_refused(header):
    with pytest.raises(NotSigned):
        parse_authorization(header)


def test_serials_are_compared_as_numbers():
    assert serial_number("00dfba8194c41b84cf") == serial_number("DFBA8194C41B84CF")
    with pytest.raises(NotSigned):
        serial_number("0x10")
