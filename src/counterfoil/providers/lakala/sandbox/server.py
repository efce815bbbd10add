"""The sandbox's HTTP side: signatures in and out, the tricks, and the control endpoint."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from counterfoil.basis import MICROS, Clock, Entropy
from counterfoil.providers import Cut, Transport, is_loopback, serving
from counterfoil.providers.lakala.sandbox import calls, counter, envelope, page, payer, reads, refunds, said
from counterfoil.providers.lakala.sandbox.callers import Callers, Registered, claimed_appid
from counterfoil.providers.lakala.sandbox.envelope import Answer, Said
from counterfoil.providers.lakala.sandbox.held import hold
from counterfoil.providers.lakala.sandbox.keys import SandboxKeys
from counterfoil.providers.lakala.sandbox.ledger import WAITING, Filled, Ledger, Trade
from counterfoil.providers.lakala.sandbox.notices import Notices, NoticeTrick, way_out
from counterfoil.providers.lakala.sandbox.trick import Trick
from counterfoil.providers.lakala.signing import NotSigned, Signer, read_certificate, read_private_key
from counterfoil.providers.lakala.sm4 import NotEncrypted, Sm4

APPID: Final = "OP99000001"
MERCHANT_NO: Final = "82299900SANDBOX"
TERM_NO: Final = said.TERM_NO
_CALL: Final = re.compile("/v[23]/.*")
_BODY_MAX: Final = 1 << 20
_FILL_MAX: Final = 256 << 20
KNOWN: Final[Mapping[str, Callable[[Ledger, calls.Asked], calls.Told]]] = {
    "/api/v3/labs/trans/micropay": calls.micropay,
    "/api/v3/labs/trans/preorder": calls.preorder,
    "/api/v3/labs/query/tradequery": calls.tradequery,
    "/api/v3/labs/relation/revoked": calls.revoked,
    "/api/v3/labs/relation/close": calls.close,
    "/api/v3/labs/relation/refund": calls.refund,
    **refunds.CALLS,
    **counter.CALLS,
    **reads.CALLS,
}
# Their bodies come, and are answered, encrypted with the merchant's SM4 key.
_ENCRYPTED: Final = frozenset(
    {
        "/api/v3/labs/trans/micropay_encry",
        "/api/v3/labs/trans/preorder_encry",
        "/api/v3/ccss/counter/order/special_create_encry",
        "/api/v3/ccss/counter/order/create_encry",
    }
)

# What asks moves nothing, and uses up no trick.
_ACTS: Final = frozenset(KNOWN) - {
    "/api/v3/lams/trade/trade_refund_query",
    "/api/v3/labs/query/tradequery",
    "/api/v3/labs/query/idmrefundquery",
    "/api/v3/rfd/refund_front/refund_query",
    "/api/v3/rfd/refund_front/refund_fee",
    "/api/v3/ccss/counter/order/query",
    *reads.CALLS,
}
_CHARGING: Final = frozenset({"/api/v3/labs/trans/micropay", "/api/v3/labs/trans/preorder", *counter.CALLS})


class Control(msgspec.Struct, forbid_unknown_fields=True):
    """What ``POST /_control`` may say. ``mode`` plays for every call until it is set to null; absent: unchanged.

    ``scan_seconds`` null: a shown code is paid on its page only. ``sm4_answers`` false: what came encrypted is answered
    plainly. ``window_seconds``: how far a request's time may be off, its nonce counting once; null looks at neither.
    """

    next: list[Trick] = []
    notices: list[NoticeTrick] = []
    mode: Trick | msgspec.UnsetType | None = msgspec.UNSET
    late_seconds: float | None = None
    password_seconds: float | None = None
    scan_seconds: float | msgspec.UnsetType | None = msgspec.UNSET
    sm4_answers: bool | None = None
    window_seconds: float | msgspec.UnsetType | None = msgspec.UNSET


class SendNotice(msgspec.Struct, forbid_unknown_fields=True):
    """``POST /_control/notice``: tell of a trade once more, now."""

    order_no: str
    merchant_no: str = MERCHANT_NO
    trick: NoticeTrick | None = None


class PayStatic(msgspec.Struct, forbid_unknown_fields=True):
    """``POST /_control/static``: a payment by the printed code, told to ``notify_url``."""

    amount_minor: int
    notify_url: str
    merchant_no: str = MERCHANT_NO


class Sandbox:
    """One sandbox: its books, its key, the merchants it knows, and what it was told to do next."""

    def __init__(
        self,
        keys: SandboxKeys,
        *,
        clock: Clock,
        entropy: Entropy,
        state_path: Path | None = None,
        new_transport: Callable[[], Transport] = way_out,
        callers: Callers | None = None,
    ) -> None:
        """``state_path``: the journal of the ledger; None forgets at the end. ``new_transport``: how notices go out.

        ``callers``: who may call beside the merchant of ``keys``.
        """
        self.ledger = Ledger(state_path, on_paid=self._paid)
        self.late_seconds = 12.0
        self.password_seconds = 8.0
        self.scan_seconds: float | None = 6.0
        self.mode: Trick | None = None
        self.sm4: Sm4 | None = None
        self.sm4_answers = True
        self.base_url = ""
        self.callers = callers or Callers()
        self.next: deque[Trick] = deque()
        # Said by each answer beside what it should: a provider may one day say what nobody asked for.
        self.beside: dict[str, Any] = {}
        self._clock = clock
        self._entropy = entropy
        serial, _ = read_certificate(keys.platform_cert)
        self._platform = Signer("", f"{serial:x}", read_private_key(keys.platform_key))
        self.notices = Notices(self._platform, clock=clock, entropy=entropy, new_transport=new_transport)
        self._waiting: set[asyncio.Task[None]] = set()
        self.callers.register(Registered(APPID, keys.serial_no, read_certificate(keys.merchant_cert)[1]))

    def register(self, merchant: Registered) -> None:
        """Let another merchant's signatures in."""
        self.callers.register(merchant)

    @property
    def busy(self) -> bool:
        """Whether a customer is waited for, or a notice is still being told."""
        return bool(self._waiting) or self.notices.busy

    def _paid(self, trade: Trade) -> None:
        if trade.notify_url:
            self.notices.begin(trade)

    def _wake(self, trade: Trade) -> None:
        """Look at a trade whose customer will pay when that moment comes: its notice waits for nobody's question."""
        if trade.turns_at is None or not trade.notify_url:
            return
        task = asyncio.get_running_loop().create_task(self._turned(trade))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _turned(self, trade: Trade) -> None:
        while trade.turns_at is not None and trade.state in WAITING and trade.turns_at > self._clock.now():
            await self._clock.sleep(max(0.05, (trade.turns_at - self._clock.now()) / MICROS))
        self.ledger.turn(trade, self._clock.now())

    async def close(self) -> None:
        """End what goes on beside the calls, and close the books."""
        for task in tuple(self._waiting):
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)
        await self.notices.close()
        self.ledger.close()

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/_control", self._control, methods=["POST"]),
                Route("/_control/fill", self._fill, methods=["POST"]),
                Route("/_control/notice", self._send_notice, methods=["POST"]),
                Route("/_control/static", self._pay_static, methods=["POST"]),
                Route("/_control/ledger", self._show_ledger, methods=["GET"]),
                *page.routes(self),
                *payer.routes(self.ledger, self._clock),
                Route("/{path:path}", self._call, methods=["POST"]),
            ]
        )

    async def _call(self, request: Request) -> Response:
        """One call of the protocol: 1 raw bytes, 2 signature, 3 tricks, 4 the ledger, 5 the signed answer."""
        raw, now = await _raw(request, _BODY_MAX), self._clock.now()
        path = _path(request.url.path)
        authorization = request.headers.get("authorization", "")
        try:
            signed = self.callers.known(authorization, raw, now)
        except NotSigned:
            appid = claimed_appid(authorization) or APPID
            return self._answer(calls.Told("BBS11200", "验签失败"), appid, Said(data=None))
        encrypted = path in _ENCRYPTED
        path = path.removesuffix("_encry") if encrypted else path
        asked = envelope.read(path, self._plain(raw) if encrypted else raw)
        trick = self._trick(path, asked.data)
        if trick is Trick.CUT_BEFORE:
            return Cut()
        told = self._decide(path, asked.data, trick, self.base_url or f"{request.url.scheme}://{request.url.netloc}")
        if trick is Trick.LATE:
            await self._clock.sleep(self.late_seconds)
        if trick is Trick.CUT_AFTER:
            return Cut()
        forged = trick is Trick.WRONG_SIGNATURE
        told = envelope.twisted(told, trick)
        return self._answer(told, signed.appid, asked, encrypted=encrypted, forged=forged)

    def _plain(self, raw: bytes) -> bytes:
        try:
            return b"" if self.sm4 is None else self.sm4.decrypt(raw)
        except NotEncrypted:
            return b""

    def _trick(self, path: str, data: Mapping[str, Any] | None) -> Trick | None:
        """The mode, else the next one asked for (a query takes none), else what the amount says."""
        if self.mode is not None:
            return self.mode
        if path in _ACTS and self.next:
            return self.next.popleft()
        return calls.trick_by_amount(path, data or {})

    def _decide(self, path: str, data: Mapping[str, Any] | None, trick: Trick | None, base_url: str) -> calls.Told:
        if path not in KNOWN:
            return calls.Told("SBX90501", "沙箱不提供此接口")
        if data is None:
            return calls.Told("BBS11000", "报文校验失败")
        if trick is Trick.TROUBLE or _silent(self.ledger, data):
            return calls.Told("BBS00001", "系统异常")
        now = self._clock.now()
        asked = calls.Asked(data, now, trick, self.password_seconds, self.scan_seconds, base_url)
        try:
            hold(path, data)
            told = KNOWN[path](self.ledger, asked)
        except calls.Wrong as wrong:
            told = wrong.told
        order_no = str(data.get("out_trade_no") or data.get("out_order_no"))
        made = self.ledger.find(str(data.get("merchant_no")), order_no=order_no)
        if made is not None and path in _CHARGING:
            self._wake(made)
        return told

    def _answer(
        self, told: calls.Told, appid: str, asked: Said, *, encrypted: bool = False, forged: bool = False
    ) -> Response:
        now = self._clock.now()
        body = envelope.written(told, now, asked, self.beside)
        if encrypted and self.sm4 is not None and self.sm4_answers:
            body = self.sm4.encrypt(body)
        signed = body + b" " if forged else body
        nonce = self._entropy.bytes(6).hex()
        traceid = self._entropy.bytes(8).hex()
        return Answer(
            body, replace(self._platform, appid=appid).answer_headers(str(now // MICROS), nonce, signed, traceid)
        )

    async def _control(self, request: Request) -> Response:
        if not _from_here(request):
            return Response(status_code=404)
        try:
            asked = msgspec.json.decode(await _raw(request, _BODY_MAX), type=Control)
        except msgspec.MsgspecError as error:
            return JSONResponse({"error": str(error)}, 400)
        self.next.extend(asked.next)
        self.notices.next.extend(asked.notices)
        if asked.mode is not msgspec.UNSET:
            self.mode = asked.mode
        self.late_seconds = asked.late_seconds if asked.late_seconds is not None else self.late_seconds
        self.password_seconds = asked.password_seconds if asked.password_seconds is not None else self.password_seconds
        if asked.scan_seconds is not msgspec.UNSET:
            self.scan_seconds = asked.scan_seconds
        if asked.window_seconds is not msgspec.UNSET:
            self.callers.window_seconds = asked.window_seconds
        self.sm4_answers = self.sm4_answers if asked.sm4_answers is None else asked.sm4_answers
        return JSONResponse({"next": list(self.next), "mode": self.mode})

    async def _fill(self, request: Request) -> Response:
        if not _from_here(request):
            return Response(status_code=404)
        try:
            entries = msgspec.json.decode(await _raw(request, _FILL_MAX), type=list[Filled])
        except msgspec.MsgspecError as error:
            return JSONResponse({"error": str(error)}, 400)
        merchant_no = request.query_params.get("merchant_no", MERCHANT_NO)
        return JSONResponse({"new": self.ledger.fill(merchant_no, entries)})

    async def _send_notice(self, request: Request) -> Response:
        if not _from_here(request):
            return Response(status_code=404)
        try:
            asked = msgspec.json.decode(await _raw(request, _BODY_MAX), type=SendNotice)
        except msgspec.MsgspecError as error:
            return JSONResponse({"error": str(error)}, 400)
        trade = self.ledger.find(asked.merchant_no, order_no=asked.order_no)
        if trade is None or not trade.notify_url:
            return JSONResponse({"error": "no such trade, or one that named no address"}, 404)
        return JSONResponse({"success": await self.notices.send(trade, asked.trick)})

    async def _pay_static(self, request: Request) -> Response:
        if not _from_here(request):
            return Response(status_code=404)
        try:
            asked = msgspec.json.decode(await _raw(request, _BODY_MAX), type=PayStatic)
        except msgspec.MsgspecError as error:
            return JSONResponse({"error": str(error)}, 400)
        trade = self.printed_code_paid(asked.amount_minor, asked.notify_url, asked.merchant_no)
        return JSONResponse({"order_no": trade.order_no})

    def printed_code_paid(self, amount_minor: int, notify_url: str = "", merchant_no: str = MERCHANT_NO) -> Trade:
        """Somebody pays by the printed code; it is told to ``notify_url`` where there is one."""
        digits, now = str(int.from_bytes(self._entropy.bytes(8), "big")).rjust(20, "0"), self._clock.now()
        return calls.static_code(self.ledger, merchant_no, amount_minor, now=now, notify_url=notify_url, digits=digits)

    async def _show_ledger(self, request: Request) -> Response:
        if not _from_here(request):
            return Response(status_code=404)
        wanted = request.query_params.get("order_no")
        trades = [trade for trade in self.ledger.trades() if wanted in {None, trade.order_no, trade.origin}]
        return Response(msgspec.json.encode({"trades": trades}), media_type="application/json")


@contextlib.asynccontextmanager
async def running_sandbox(sandbox: Sandbox, *, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve while the block runs; gives the base URL (``base_url`` of an account). Port 0 takes a free one."""
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise ValueError("the sandbox listens on loopback only")
    try:
        async with serving(sandbox.app(), port=port, case_kept=True) as url:
            sandbox.base_url = url
            yield url
    finally:
        await sandbox.close()


async def serve_sandbox(
    host: str,
    port: int,
    *,
    keys: SandboxKeys,
    state_path: Path,
    clock: Clock,
    entropy: Entropy,
    fill: Iterable[Filled] = (),
    ready: Callable[[str], None] = lambda _url: None,
) -> None:
    """Serve until cancelled; ``ready`` is told the base URL. For ``counterfoil sandbox lakala``."""
    sandbox = Sandbox(keys, clock=clock, entropy=entropy, state_path=state_path)
    sandbox.ledger.fill(MERCHANT_NO, fill)
    async with running_sandbox(sandbox, host=host, port=port) as url:
        ready(url)
        await asyncio.Event().wait()


def _silent(ledger: Ledger, data: Mapping[str, Any]) -> bool:
    """Whether the call is about a charge that the ledger was filled with as silent."""
    named = (str(data.get(name) or "") for name in ("out_trade_no", "origin_out_trade_no"))
    trades = (ledger.find(str(data.get("merchant_no")), order_no=order_no) for order_no in named if order_no)
    return any(trade is not None and trade.trick == Trick.TROUBLE for trade in trades)


def _path(path: str) -> str:
    """``/api/v3/…``, whatever stands before the version.

    The test host has ``/sit/api`` there, a client behind a gateway of its own something else; one joins an address that
    ends with ``/api/`` and a path that begins with a slash; one that is told only where the sandbox is leaves it out.
    """
    called = _CALL.search(path)
    return f"/api{called.group()}" if called else path


async def _raw(request: Request, most: int) -> bytes:
    """The body's exact bytes, whether chunked or counted; cut off beyond ``most``, which then verifies nothing."""
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > most:
            break
    return bytes(raw)


def _from_here(request: Request) -> bool:
    """Whether a program on this machine asks, and no page in a browser."""
    return request.client is not None and is_loopback(request.client.host) and "origin" not in request.headers
