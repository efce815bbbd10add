"""What stands around every door: headers, limits, the last resort, and what the log says of it."""

from __future__ import annotations

import asyncio
import io
import json
from collections import Counter
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from counterfoil.basis import Ids, SeededEntropy, insist
from counterfoil.doors.log import make_log
from counterfoil.doors.shell import LIMITS, SECURITY, Limits, Surroundings, assemble
from counterfoil.doors.shell.headers import SecurityHeaders
from counterfoil.testing.clock import ManualClock

SECRET = "134567890123456789"


GET = {
    "type": "http",
    "method": "GET",
    "raw_path": b"",
    "query_string": b"",
    "root_path": "",
    "scheme": "http",
    "headers": [],
    "server": ("till", 80),
    "client": ("127.0.0.1", 1),
    "http_version": "1.1",
}


class Shell:
    """A few routes within the shell, called over ASGI."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        clock = ManualClock()
        self.out = io.StringIO()
        self.dropped = Counter[str]()
        self.executed = 0
        routes = [
            Route("/api/v1/echo", self.echo, methods=["POST"]),
            Route("/api/v1/broken", self.broken, methods=["GET"]),
            Route("/api/v1/payments/{payment_id}/proof", self.kept, methods=["POST"]),
            Route("/broken", self.broken, methods=["GET"]),
            Route("/insisting", self.insisting, methods=["GET"]),
            Route("/slow", self.slow, methods=["GET"]),
            Route("/kept", self.kept, methods=["GET"]),
            Route("/pieces", self.pieces, methods=["GET"]),
        ]
        log = make_log(self.out, clock, self.dropped)
        self.web = assemble(
            routes, Surroundings(clock=clock, ids=Ids(clock, SeededEntropy("shell")), log=log, limits=limits)
        )

    async def echo(self, request: Request) -> Response:
        raw = await request.body()
        self.executed += 1
        return PlainTextResponse(str(len(raw)))

    async def broken(self, _request: Request) -> Response:
        auth_code = SECRET
        raise RuntimeError(f"the code was {auth_code}")

    async def insisting(self, _request: Request) -> Response:
        insist(False, "a payment without a shop")  # noqa: FBT003 - the condition
        return PlainTextResponse("")

    async def slow(self, _request: Request) -> Response:
        await asyncio.sleep(30)
        return PlainTextResponse("")

    async def kept(self, _request: Request) -> Response:
        return PlainTextResponse("", headers={"Cache-Control": "max-age=60", "Server": "secret/1.0"})

    async def pieces(self, request: Request) -> Response:
        waits = [float(text) for text in request.query_params["waits"].split(",")]

        async def made() -> AsyncIterator[bytes]:
            for wait in waits:
                await asyncio.sleep(wait)
                yield b"."

        return StreamingResponse(made())

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self.out.getvalue().splitlines()]

    def client(self, scheme: str = "http") -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(self.web), base_url=f"{scheme}://till")


@pytest.fixture
def shell() -> Shell:
    return Shell()


@pytest.mark.parametrize("path", ["/kept", "/broken", "/api/v1/broken", "/nothing", "/api/v1/nothing", "/insisting"])
async def test_every_answer_carries_the_security_headers(shell: Shell, path: str):
    async with shell.client() as client:
        answer = await client.get(path)
    assert {name: answer.headers[name] for name in SECURITY} == SECURITY
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
    assert "strict-transport-security" not in answer.headers
    assert answer.headers["x-request-id"]


async def test_under_tls_browsers_are_told_to_stay_there(shell: Shell):
    async with shell.client("https") as client:
        assert (await client.get("/kept")).headers["strict-transport-security"] == "max-age=31536000"


async def test_under_tls_all_names_below_are_bound_where_somebody_said_so():
    async def hello(_request):
        return PlainTextResponse("hello")

    bound = SecurityHeaders(Starlette(routes=[Route("/", hello)]), subdomains=True)
    for scheme, told in (("https", "max-age=31536000; includeSubDomains"), ("http", None)):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(bound), base_url=f"{scheme}://shop") as client:
            assert (await client.get("/")).headers.get("strict-transport-security") == told


async def test_what_says_nothing_about_caches_is_kept_by_none(shell: Shell):
    async with shell.client() as client:
        assert (await client.get("/nothing")).headers["cache-control"] == "no-store"
        assert (await client.get("/kept")).headers["cache-control"] == "max-age=60"


async def test_an_unknown_exception_is_told_in_words_and_its_message_nowhere(shell: Shell):
    async with shell.client() as client:
        program = await client.get("/api/v1/broken")
        page = await client.get("/broken", headers={"Accept-Language": "zh-CN"})
    assert (program.status_code, program.json()["code"]) == (500, "CF-9001")
    assert (page.status_code, page.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "系统内部出错" in page.text
    assert "CF-9001" in page.text
    written = [line for line in shell.lines() if line["event"] == "fault"]
    assert [line["error"] for line in written] == ["RuntimeError", "RuntimeError"]
    assert "test_shell.py:" in written[0]["lines"]
    for told in (program.text, page.text, shell.out.getvalue()):
        assert SECRET not in told
        assert "Traceback" not in told


async def test_what_was_insisted_on_stands_in_the_log(shell: Shell):
    async with shell.client() as client:
        assert (await client.get("/insisting")).status_code == 500
    assert [line["why"] for line in shell.lines() if line["event"] == "fault"] == ["a payment without a shop"]


async def test_one_line_a_request_without_ids_in_it(shell: Shell):
    async with shell.client() as client:
        await client.get("/api/v1/payments/018f6f5e-7c1a-7cc0-9a57-3b1f0c2d4e5f/proof?auth_code=134567890123456789")
    (line,) = shell.lines()
    assert line["event"] == "request"
    assert (line["method"], line["status"], line["code"]) == ("GET", 405, "CF-1031")
    assert line["path"] == "/api/v1/payments/*/proof"
    assert "018f6f5e" not in json.dumps({**line, "request_id": ""})


@pytest.mark.parametrize("typed", ["horse", "4111 1111 1111 1111", "kept/horse"])
async def test_what_somebody_types_into_an_address_is_not_in_its_line(shell: Shell, typed: str):
    async with shell.client() as client:
        await client.request("HORSE", f"/api/v1/{typed}")
    (line,) = shell.lines()
    assert (line["method"], line["path"]) == ("*", "/api/v1/" + ("kept/*" if "/" in typed else "*"))


async def test_a_wrong_method_names_the_right_ones(shell: Shell):
    async with shell.client() as client:
        answer = await client.get("/api/v1/echo")
    assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (405, "CF-1031", "POST")


@pytest.mark.parametrize(("size", "status"), [(LIMITS.body_bytes, 200), (LIMITS.body_bytes + 1, 413)])
async def test_a_body_may_be_1_mb_and_no_byte_more(shell: Shell, size: int, status: int):
    async def pieces():
        for start in range(0, size, 65536):
            yield b"x" * min(65536, size - start)

    async with shell.client() as client:
        assert (await client.post("/api/v1/echo", content=b"x" * size)).status_code == status
        assert (await client.post("/api/v1/echo", content=pieces())).status_code == status
    assert shell.executed == (2 if status == 200 else 0)


async def test_a_body_that_does_not_arrive_is_not_waited_for():
    shell = Shell(Limits(body_seconds=0.05))

    async def pieces():
        yield b"{"
        await asyncio.sleep(30)

    # httpx sends a body whole before it hears; so the application is called as a server would.
    answered: list[dict] = []
    waited = pieces()

    async def receive() -> dict:
        return {"type": "http.request", "body": await anext(waited), "more_body": True}

    async def send(message: dict) -> None:
        answered.append(message)

    await shell.web({**GET, "method": "POST", "path": "/api/v1/echo"}, receive, send)
    assert answered[0]["status"] == 408
    assert json.loads(answered[1]["body"])["code"] == "CF-1041"
    assert shell.executed == 0


async def test_a_request_that_takes_too_long_is_answered():
    shell = Shell(Limits(read_seconds=0.05))
    async with shell.client() as client:
        answer = await client.get("/slow")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert "CF-1040" in answer.text


async def test_an_answer_in_pieces_has_the_time_anew_for_each_piece():
    shell = Shell(Limits(read_seconds=2))
    async with shell.client() as client:
        whole = await client.get("/pieces?waits=" + ",".join(["0.3"] * 7))
    assert whole.text == "." * 7


async def test_an_answer_whose_next_piece_takes_too_long_is_cut():
    shell = Shell(Limits(read_seconds=2))
    answered: list[dict] = []

    async def receive() -> dict:
        await asyncio.sleep(30)
        return {"type": "http.disconnect"}

    async def send(message: dict) -> None:
        answered.append(message)

    await shell.web({**GET, "path": "/pieces", "query_string": b"waits=0.01,30"}, receive, send)
    assert [message.get("body") for message in answered] == [None, b"."]
    assert shell.lines()[-1]["code"] == "CF-1040"
