"""What is sent to the socket itself: requests that two readers could understand as two things."""

from __future__ import annotations

import contextlib
import socket
from urllib.parse import urlsplit

import pytest

from tests.doors.api.house import House

HEAD = b"POST /api/v1/payments HTTP/1.1\r\nHost: till\r\nContent-Type: application/json\r\n"
WIRES = {
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
    "a length and chunks": HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a length that is none": HEAD + b"Content-Length: two\r\n\r\n{}",
    "a length below nothing": HEAD + b"Content-Length: -2\r\n\r\n{}",
    "a length without end": HEAD + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n{}",
    "chunks of no size": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "an encoding nobody knows": HEAD + b"Transfer-Encoding: chunkedd\r\n\r\n0\r\n\r\n",
    "a header without a name": HEAD + b": x\r\n\r\n",
    "a space before the colon": HEAD + b"Content-Length : 2\r\n\r\n{}",
    "a NUL in a header": HEAD + b"X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}",
    "no request at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "a method of its own": b"TRACE /api/v1/payments HTTP/1.1\r\nHost: till\r\n\r\n",
    "an address outside": b"GET http://169.254.169.254/latest HTTP/1.1\r\nHost: till\r\n\r\n",
    "a way up": b"GET /static/../../../../etc/passwd HTTP/1.1\r\nHost: till\r\n\r\n",
    "a way up, encoded": b"GET /evidence/1/tile/%2e%2e/%2e%2e/keys HTTP/1.1\r\nHost: till\r\n\r\n",
    "a header without end": HEAD + b"X-A: " + b"a" * 200_000 + b"\r\n\r\n",
}


@pytest.mark.parametrize("name", WIRES)
def test_what_can_be_read_two_ways_is_refused(house: House, name: str):
    parts = urlsplit(house.url)
    with house.unchanged(), socket.create_connection((parts.hostname, parts.port), 5) as wire:
        wire.sendall(WIRES[name])
        with contextlib.suppress(OSError):  # it may have hung up on us already, which is as good an answer
            wire.shutdown(socket.SHUT_WR)
        answer = _all(wire)
    status = answer.split(b" ", 2)[1] if answer else b"closed"
    assert status == b"closed" or b"400" <= status < b"500", answer[:200]
    assert b"root:" not in answer


def test_a_head_without_end_is_cut_off(house: House):
    parts = urlsplit(house.url)
    head = b"GET /healthz HTTP/1.1\r\nHost: till\r\nX-A: " + b"a" * 100_000_000
    with socket.create_connection((parts.hostname, parts.port), 5) as wire, pytest.raises(ConnectionError):
        wire.sendall(head)


def test_a_large_body_in_one_piece_with_its_head_is_no_large_head(house: House):
    body = b'{"bill_ref": "' + b"x" * 200_000 + b'"}'
    request = HEAD + b"Connection: close\r\nAuthorization: Bearer " + house.keys["all"].encode()
    request += b"\r\nContent-Length: " + str(len(body)).encode() + b"\r\n\r\n" + body
    parts = urlsplit(house.url)
    with socket.create_connection((parts.hostname, parts.port), 5) as wire:
        wire.sendall(request)
        assert b"CF-10" in _all(wire)


def test_requests_follow_each_other_on_one_connection(house: House):
    parts = urlsplit(house.url)
    with socket.create_connection((parts.hostname, parts.port), 5) as wire:
        wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: till\r\n\r\n" * 20)
        wire.sendall(b"GET /healthz HTTP/1.1\r\nHost: till\r\nConnection: close\r\n\r\n")
        assert _all(wire).count(b"HTTP/1.1 200 OK") == 21


def test_reading_the_head_alone_is_offered_wherever_reading_is(house: House):
    for path in ("/api/v1/payments", "/api/docs", "/healthz"):
        answer = house.client.head(path)
        assert (answer.status_code, answer.content) == (200, b"")


def _all(wire: socket.socket) -> bytes:
    got = b""
    while len(got) < 100_000:
        try:
            piece = wire.recv(65536)
        except ConnectionError:
            return got
        if not piece:
            return got
        got += piece
    return got
