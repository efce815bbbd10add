"""The sandbox's HTTP side: signatures in, answers out, the tricks, and the control endpoint."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections import deque
from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from counterfoil.basis import MICROS, Clock, Entropy, Money
from counterfoil.providers import Cut, is_loopback
from counterfoil.providers.shouqianba.sandbox import calls, page
from counterfoil.providers.shouqianba.sandbox.ledger import Code, Ledger, Order, Terminal
from counterfoil.providers.shouqianba.sandbox.notices import Notices, NoticeTrick
from counterfoil.providers.shouqianba.sandbox.trick import SHOWN, Trick, trick_of

VENDOR_SN: Final = "91800000000"
VENDOR_KEY: Final = "5a4d0b0c5a4d0b0c5a4d0b0c5a4d0b0c"
APP_ID: Final = "2026000000000001"
ACTIVATION_CODE: Final = "12345678"
TERMINAL_SN: Final = "100000000000000001"
DEVICE_ID: Final = "TEST-POS-01"
_BODY_MAX: Final = 1 << 20
_CODES_MAX: Final = 100
_UPAY: Final[Mapping[str, Callable[[Ledger, calls.Asked], calls.Told]]] = {
    "/upay/v2/pay": calls.pay,
    "/upay/v2/precreate": calls.precreate,
    "/upay/v2/query": calls.query,
    "/upay/v2/refund": calls.refund,
    "/upay/v2/revoke": calls.revoke,
    "/upay/v2/cancel": calls.cancel,
}
_ENTRIES: Final = {"/upay/v2/pay": "consumer_code", "/upay/v2/precreate": SHOWN}
_WORDS: Final = {"ILLEGAL_SIGN": "签名错误", "INVALID_PARAMS": "参数错误", "INVALID_TERMINAL": "终端错误"}
_PAGE: Final = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>沙箱付款 · Sandbox payment</title></head>
<body><p>收钱吧沙箱：没有真钱<br>Shouqianba's sandbox: no real money</p><h1>{amount}</h1>{rest}</body></html>"""
_FORM: Final = '<form method="post"><button>付款 · Pay</button></form>'


class Control(msgspec.Struct, forbid_unknown_fields=True):
    """What ``POST /_control`` may say. ``mode`` plays for every call until it is set to null; absent: unchanged.

    ``activate`` and ``checkin``: how the next ones go, ``cut_before`` or ``cut_after``. ``codes``: so many activation
    codes are made. ``device_once``: no device is activated twice. ``old_key_dies``: after a check-in the key
    before it signs check-ins only, as one text of Shouqianba's says. ``notices``: how the next notices go.
    """

    next: list[Trick] = []
    activate: list[Trick] = []
    checkin: list[Trick] = []
    notices: list[NoticeTrick] = []
    mode: Trick | msgspec.UnsetType | None = msgspec.UNSET
    codes: int = 0
    device_once: bool | None = None
    old_key_dies: bool | None = None
    late_seconds: float | None = None
    wait_seconds: float | None = None
    scan_seconds: float | msgspec.UnsetType | None = msgspec.UNSET


class Sandbox:
    """One sandbox: its books, and what it was told to do next."""

    def __init__(self, *, clock: Clock, entropy: Entropy, notices: Notices, state_path: Path | None = None) -> None:
        """``state_path``: the journal of the ledger; None forgets at the end."""
        self.ledger = Ledger(state_path, on_paid=notices.begin)
        self.notices = notices
        self.late_seconds = 12.0
        self.wait_seconds = 8.0
        self.scan_seconds: float | None = 6.0
        self.device_once = False
        self.old_key_dies = False
        self.mode: Trick | None = None
        # Said by each answer beside what it should: a provider may one day say what nobody asked for.
        self.beside: dict[str, Any] = {}
        self.next: deque[Trick] = deque()
        self.activate: deque[Trick] = deque()
        self.checkin: deque[Trick] = deque()
        self.checkins = 0
        self._clock = clock
        self._entropy = entropy
        self._waiting: set[asyncio.Task[None]] = set()
        if TERMINAL_SN not in self.ledger.terminals:
            self._new_terminal(TERMINAL_SN, DEVICE_ID)

    @property
    def busy(self) -> bool:
        """Whether a customer is waited for, or a notice is still being told."""
        return bool(self._waiting) or self.notices.busy

    @property
    def terminal(self) -> Terminal:
        """The terminal that is there from the start."""
        return self.ledger.terminals[TERMINAL_SN]

    @property
    def next_device(self) -> str:
        """A device number that no terminal has yet."""
        return f"TEST-POS-{len(self.ledger.terminals) + 1:02}"

    @property
    def activation(self) -> Mapping[str, str]:
        """What an activation is entered with, by field, but for the address and the device."""
        return {"vendor_sn": VENDOR_SN, "vendor_key": VENDOR_KEY, "app_id": APP_ID, "code": ACTIVATION_CODE}

    async def close(self) -> None:
        """End what goes on beside the calls, and close the books."""
        for task in tuple(self._waiting):
            task.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)
        await self.notices.close()
        self.ledger.close()

    def _wake(self, said: Mapping[str, Any]) -> None:
        """Look at an order whose customer will pay when that moment comes: its notice waits for nobody's question."""
        order = self.ledger.find(client_sn=str(said.get("client_sn")))
        if order is None or order.turns_at is None or not order.notify_url:
            return
        task = asyncio.get_running_loop().create_task(self._turned(order))
        self._waiting.add(task)
        task.add_done_callback(self._waiting.discard)

    async def _turned(self, order: Order) -> None:
        while order.order_status == "CREATED" and (left := (order.turns_at or 0) - self._clock.now()) > 0:
            await self._clock.sleep(max(0.05, left / MICROS))
        self.ledger.turn(order, self._clock.now())

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/_control", self._control, methods=["POST"]),
                Route("/_control/ledger", self._show_ledger, methods=["GET"]),
                *page.routes(self),
                Route("/pay/{sn}", self._shown_code, methods=["GET", "POST"]),
                Route("/terminal/activate", self._activate, methods=["POST"]),
                Route("/terminal/checkin", self._check_in, methods=["POST"]),
                Route("/terminal/uploadLog", self._upload_log, methods=["POST"]),
                Route("/{path:path}", self._call, methods=["POST"]),
            ]
        )

    async def _activate(self, request: Request) -> Response:
        """激活: another terminal for each call, and one use of its code."""
        raw = await _raw(request)
        trick = self.activate.popleft() if self.activate else None
        if _signer(request, raw, lambda sn: [VENDOR_KEY] if sn == VENDOR_SN else []) is None:
            return self._not_taken("ILLEGAL_SIGN")
        said = _members(raw)
        code, device_id = str(said.get("code") or ""), str(said.get("device_id") or "")
        # The owner's older text knows none, and its Python demonstration sends none.
        if said.get("app_id", APP_ID) != APP_ID:
            return self._not_taken("INVALID_PARAMS", "app_id")
        if not self._may_use(code):
            return self._not_taken("INVALID_PARAMS", "code")
        seen = {terminal.device_id for terminal in self.ledger.terminals.values()}
        if not device_id or (self.device_once and device_id in seen):
            return self._not_taken("INVALID_PARAMS", "device_id")
        if trick is Trick.CUT_BEFORE:
            return Cut()
        self._use(code)
        terminal = self._new_terminal(str(int(TERMINAL_SN) + len(self.ledger.terminals)), device_id)
        return Cut() if trick is Trick.CUT_AFTER else self._keys_told(terminal, "ACTIVATE_SUCCESS")

    def new_code(self) -> str:
        """An activation code of eight digits for one terminal."""
        code = str(int.from_bytes(self._entropy.bytes(8)) % 10**8).zfill(8)
        self.ledger.save(Code(code=code, left=1))
        return code

    def _may_use(self, code: str) -> bool:
        return code == ACTIVATION_CODE or (code in self.ledger.codes and self.ledger.codes[code].left > 0)

    def _use(self, code: str) -> None:
        if code in self.ledger.codes:
            self.ledger.save(Code(code=code, left=self.ledger.codes[code].left - 1))

    async def _check_in(self, request: Request) -> Response:
        """签到: the current key, or the one before it, gets a new one."""
        raw = await _raw(request)
        trick = self.checkin.popleft() if self.checkin else None
        terminal = self._terminal(_signer(request, raw, lambda sn: self._keys_of(sn, trading=False)))
        if terminal is None:
            return self._not_taken("ILLEGAL_SIGN")
        if _members(raw).get("terminal_sn") != terminal.sn:
            return self._not_taken("INVALID_TERMINAL")
        if trick is Trick.CUT_BEFORE:
            return Cut()
        signed = _sign_of(request)
        used = terminal.current if signed == _md5(raw, terminal.current) else terminal.last
        terminal.last, terminal.current = used, self._entropy.bytes(16).hex()
        self.checkins += 1
        self.ledger.save(terminal)
        return Cut() if trick is Trick.CUT_AFTER else self._keys_told(terminal, "TERMINAL_CHECKIN_SUCCESS")

    async def _upload_log(self, request: Request) -> Response:
        """上传日志: a terminal's log, of whatever bytes; thrown away."""
        raw = await _raw(request)
        if _signer(request, raw, lambda sn: self._keys_of(sn, trading=True)) is None:
            return self._not_taken("ILLEGAL_SIGN")
        return self._answer("200", error_code="SUCCESS", error_message="ok")

    async def _call(self, request: Request) -> Response:
        """One call of the protocol: 1 raw bytes, 2 signature, 3 tricks, 4 the ledger, 5 the answer."""
        raw, path = await _raw(request), request.url.path
        terminal = self._terminal(_signer(request, raw, lambda sn: self._keys_of(sn, trading=True)))
        if terminal is None:
            return self._not_taken("ILLEGAL_SIGN")
        said = _members(raw)
        if path not in _UPAY or said.get("terminal_sn") != terminal.sn:
            return self._not_taken("INVALID_PARAMS" if path not in _UPAY else "INVALID_TERMINAL")
        trick = self._trick(path, said)
        if trick is Trick.CUT_BEFORE:
            return Cut()
        if trick is Trick.TROUBLE:
            return self._answer("500", error_code="UNKNOWN_SYSTEM_ERROR", error_message="系统错误")
        base_url = f"http://{request.url.netloc}"
        asked = calls.Asked(said, self._clock.now(), trick, self.wait_seconds, self.scan_seconds, base_url)
        try:
            told = _UPAY[path](self.ledger, asked)
        except calls.Wrong as wrong:
            return self._not_taken("INVALID_PARAMS", str(wrong))
        if path in _ENTRIES:
            self._wake(said)
        if trick is Trick.LATE:
            await self._clock.sleep(self.late_seconds)
        return Cut() if trick is Trick.CUT_AFTER else self._taken(_twisted(told, trick))

    def _taken(self, told: calls.Told) -> Response:
        words = calls.WORDS.get(told.error_code, told.error_code)
        inner: dict[str, Any] = {"result_code": told.result_code, "error_code": told.error_code, "error_message": words}
        if told.data is not None:
            # Left out where there is none, as the owner's texts print it: its newest clients stumble over a null.
            inner["data"] = {**told.data, **self.beside}
        return self._answer("200", error_code="", error_message="", biz_response={**inner, **self.beside})

    def _not_taken(self, code: str, field: str = "") -> Response:
        return self._answer("400", error_code=code, error_message=f"{_WORDS[code]} {field}".strip())

    def _keys_told(self, terminal: Terminal, word: str) -> Response:
        """Number and key, flat as they were seen and in ``data`` as the owner's newer notes and clients have them."""
        told = {"terminal_sn": terminal.sn, "terminal_key": terminal.current, "merchant_sn": "", "store_sn": ""}
        inner = {"result_code": word, **told, "data": {**told, **self.beside}}
        return self._answer("200", biz_response={**inner, **self.beside})

    def _answer(self, result_code: str, **said: Any) -> Response:
        return JSONResponse({"result_code": result_code, **said, **self.beside})

    def _trick(self, path: str, said: Mapping[str, Any]) -> Trick | None:
        """The mode, else the next one asked for (a query takes none), else what the amount says."""
        if self.mode is not None:
            return self.mode
        if not path.endswith("/query") and self.next:
            return self.next.popleft()
        return trick_of(said.get("total_amount"), _ENTRIES[path]) if path in _ENTRIES else None

    def _keys_of(self, sn: str, *, trading: bool) -> list[str]:
        terminal = self.ledger.terminals.get(sn)
        if terminal is None:
            return []
        last = [] if (trading and self.old_key_dies) or not terminal.last else [terminal.last]
        return [terminal.current, *last]

    def _terminal(self, sn: str | None) -> Terminal | None:
        return None if sn is None else self.ledger.terminals.get(sn)

    def _new_terminal(self, sn: str, device_id: str) -> Terminal:
        key = self._entropy.bytes(16).hex()
        terminal = Terminal(sn=sn, first=key, current=key, device_id=device_id)
        self.ledger.save(terminal)
        return terminal

    async def _shown_code(self, request: Request) -> Response:
        """The customer's side of a shown code."""
        order, now = self.ledger.find(sn=request.path_params["sn"]), self._clock.now()
        if order is None or order.scanned:
            return Response(status_code=404)
        if request.method == "POST":
            calls.customer_pays(self.ledger, order, now)
        state = self.ledger.turn(order, now).order_status
        ended = "<h2>收款码已失效 · The code has ended</h2>"
        rest = {"CREATED": _FORM, "PAID": "<h2>已付款 · Paid</h2>"}.get(state, ended)
        return HTMLResponse(_PAGE.format(amount=escape(str(Money(order.total))), rest=rest))

    async def _control(self, request: Request) -> Response:
        if not _from_here(request):
            return Response(status_code=404)
        try:
            asked = msgspec.json.decode(await _raw(request), type=Control)
        except msgspec.MsgspecError as error:
            return JSONResponse({"error": str(error)}, 400)
        self.next.extend(asked.next)
        self.activate.extend(asked.activate)
        self.checkin.extend(asked.checkin)
        self.notices.next.extend(asked.notices)
        if asked.mode is not msgspec.UNSET:
            self.mode = asked.mode
        if asked.scan_seconds is not msgspec.UNSET:
            self.scan_seconds = asked.scan_seconds
        for name in ("device_once", "old_key_dies", "late_seconds", "wait_seconds"):
            if (told := getattr(asked, name)) is not None:
                setattr(self, name, told)
        codes = [self.new_code() for _ in range(min(asked.codes, _CODES_MAX))]
        return JSONResponse({"next": list(self.next), "mode": self.mode, "codes": codes})

    async def _show_ledger(self, request: Request) -> Response:
        if not _from_here(request):
            return Response(status_code=404)
        return Response(msgspec.json.encode({"orders": list(self.ledger.orders())}), media_type="application/json")


def _twisted(told: calls.Told, trick: Trick | None) -> calls.Told:
    """An answer that does not say what was done."""
    data = told.data or {}
    match trick:
        case Trick.UNLISTED_CODE:
            return calls.Told("SANDBOX_UNLISTED", "SANDBOX_UNLISTED", data)
        case Trick.OTHER_AMOUNT:
            return calls.Told(told.result_code, told.error_code, {**data, "total_amount": "1"})
        case Trick.OTHER_CURRENCY:
            return calls.Told(told.result_code, told.error_code, {**data, "currency": "USD"})
    return told


def _signer(request: Request, raw: bytes, keys_of: Callable[[str], list[str]]) -> str | None:
    """Who signed: the number in the header, where one of its keys gives the MD5. Hex in either case."""
    number, _, sign = request.headers.get("authorization", "").strip().partition(" ")
    held = [hmac.compare_digest(sign.strip().lower(), _md5(raw, key)) for key in keys_of(number)]
    return number if any(held) else None


def _sign_of(request: Request) -> str:
    return request.headers.get("authorization", "").strip().partition(" ")[2].strip().lower()


def _md5(raw: bytes, key: str) -> str:
    return hashlib.md5(raw + key.encode(), usedforsecurity=False).hexdigest()


def _members(raw: bytes) -> Mapping[str, Any]:
    """The members of a request; a null one is as good as none."""
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return {name: value for name, value in said.items() if value is not None} if isinstance(said, dict) else {}


async def _raw(request: Request) -> bytes:
    """The body's exact bytes; cut off beyond a megabyte, which then verifies nothing."""
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > _BODY_MAX:
            break
    return bytes(raw)


def _from_here(request: Request) -> bool:
    """Whether a program on this machine asks, and no page in a browser."""
    return request.client is not None and is_loopback(request.client.host) and "origin" not in request.headers
