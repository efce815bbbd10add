"""Where a folder is tried: an account, the way out, which can be told to lie, and calls as ``payments`` makes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from counterfoil.basis import MICROS, Money, Secret, SystemClock, SystemEntropy
from counterfoil.providers import (
    AT_TERMINAL,
    Accounts,
    Answer,
    Answered,
    Booked,
    Charge,
    Leg,
    Manifest,
    NoAnswer,
    NotSent,
    Outage,
    Outcome,
    Pace,
    Query,
    Sandbox,
    Spool,
    Transport,
    sandbox_of,
)
from counterfoil.testing.conduct.canned import AMOUNT, NOON
from counterfoil.testing.conduct.examples import NOWHERE, example_settings
from counterfoil.testing.conduct.hearing import Hearing, hearing

SHOWN: Final = "merchant_code"
SCANNED: Final = "consumer_code"
CODES: Final[Mapping[str, str]] = {
    "wechat": "134567890123456789",
    "alipay": "284567890123456789",
    "unionpay": "6245678901234567890",
    "ecny": "0145678901234567890",
    "other": "514567890123456789",
}
# A late answer comes after the way out has given up, and both are quick enough to be tried often.
_READ_SECONDS: Final = 1.0
PACE: Final = Pace(late_seconds=1.6, wait_seconds=8.0, scan_seconds=6.0)
_NAME: Final = "main"


class NoonClock:
    """Stands at noon in Asia/Shanghai, far from any cut, and moves only when told; sleeping takes real time."""

    def __init__(self) -> None:
        """Stand still."""
        self._micros = NOON
        self._real = SystemClock()

    def now(self) -> int:
        """UTC, in microseconds since 1970."""
        return self._micros

    def monotonic(self) -> float:
        """Real seconds."""
        return self._real.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait, really."""
        await asyncio.sleep(seconds)

    def forward(self, seconds: float) -> None:
        """Go on by so much."""
        self._micros += int(seconds * MICROS)


class Wire(Transport):
    """The way out as it is, but ``alter`` may change an answer, ``twice`` sends a request twice, ``canned`` answers.

    ``carries``: how many more requests find a way out; None: all.
    """

    def __init__(self, canned: Answer | NotSent | NoAnswer | None = None) -> None:
        """``canned``: nothing is sent; this is the answer, or is raised."""
        super().__init__(
            commit_open=lambda: False, connect_seconds=1, read_seconds=_READ_SECONDS, total_seconds=4, loopback=True
        )
        self.canned = canned
        self.alter: Callable[[Answer], Answer] = lambda answer: answer
        self.twice = False
        self.carries: int | None = None
        self.asked = 0
        self.last: Answer | None = None

    async def post(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        read_seconds: float | None = None,  # noqa: ARG002 - nobody is waited for longer here
    ) -> Answer:
        """POST, as it was told to. Raises NotSent or NoAnswer."""
        self.asked += 1
        if isinstance(self.canned, Answer):
            return self.canned
        if self.canned is not None:
            raise self.canned
        if self.carries is not None:
            if self.carries == 0:
                raise NotSent("no way out")
            self.carries -= 1
        if self.twice:
            await super().post(url, headers, body)
        self.last = await super().post(url, headers, body)
        return self.alter(self.last)


@dataclass
class Desk:
    """An account of a provider, and calls to its connector with fresh numbers."""

    manifest: Manifest
    accounts: Accounts
    wire: Wire
    clock: NoonClock
    spool: Spool
    spool_folder: Path
    row: dict[str, Any]
    entropy: SystemEntropy = field(default_factory=SystemEntropy)

    @property
    def entry(self) -> str:
        """How money is taken here: a scanned code, else the first way there is."""
        return SCANNED if SCANNED in self.manifest.entries else self.manifest.entries[0]

    def number(self) -> str:
        """A fresh order number: 24 digits."""
        return f"261125{int.from_bytes(self.entropy.bytes(8), 'big') % 10**18:018d}"

    async def charge(self, order_no: str, amount: Money = AMOUNT, *, entry: str | None = None) -> Outcome:
        """Take ``amount``; with entry ``merchant_code``, ask for a code to show; with ``unknown``, for a card."""
        entry = entry or self.entry
        manifest = self.manifest
        wallet = {SHOWN: manifest.code_wallets[:1], AT_TERMINAL: ("bank_card",)}.get(entry, manifest.wallets)[0]
        code = CODES.get(wallet) if entry == SCANNED else None
        call = Charge(
            order_no=order_no,
            amount=amount,
            entry=entry,
            auth_code=None if code is None else Secret(code),
            subject="商品",
            asked_at=self.clock.now(),
            wallet=wallet,
            code_seconds=manifest.schedule.code_seconds if entry in {SHOWN, AT_TERMINAL} else 0,
        )
        return self._said(await self._connector().charge(call))

    async def query(
        self, order_no: str, amount: Money = AMOUNT, *, kind: str = "charge", entry: str | None = None
    ) -> Outcome:
        """Ask what became of a number."""
        asked_at, entry = self.clock.now(), entry or self.entry
        call = Query(order_no=order_no, amount=amount, kind=kind, asked_at=asked_at, entry=entry)
        return self._said(await self._connector().query(call))

    async def void(self, order_no: str, origin: str) -> Outcome:
        """Void a charge of the usual amount."""
        return self._said(await self._connector().void(self._leg(order_no, origin)))

    async def reverse(self, order_no: str, origin: str, *, entry: str | None = None) -> Outcome:
        """Undo a charge of the usual amount, whatever became of it."""
        return self._said(await self._connector().reverse(self._leg(order_no, origin, entry=entry)))

    async def refund(
        self,
        order_no: str,
        origin: str,
        amount: Money = AMOUNT,
        *,
        entry: str | None = None,
        trade_no: str | None = None,
    ) -> Outcome:
        """Give back ``amount`` of a charge of the usual amount, which the provider calls ``trade_no``."""
        leg = replace(self._leg(order_no, origin, amount, entry=entry), origin_trade_no=trade_no)
        return self._said(await self._connector().refund(leg))

    async def fee(self, origin: str) -> Mapping[str, Any]:
        """What a refund of a charge of the usual amount would give back of the fee."""
        said: Mapping[str, Any] = await self._connector().refund_fee(self._leg("", origin))
        return said

    def spooled(self) -> bytes:
        """Everything that was written of what was said; nothing is written after this."""
        self.spool.close()
        return b"".join(path.read_bytes() for path in sorted(self.spool_folder.rglob("*")) if path.is_file())

    def _leg(self, order_no: str, origin: str, amount: Money = AMOUNT, *, entry: str | None = None) -> Leg:
        return Leg(
            order_no=order_no,
            origin_order_no=origin,
            origin_trade_no=None,
            origin_amount=AMOUNT,
            amount=amount,
            reason="TEST",
            origin_asked_at=self.clock.now(),
            origin_entry=entry or self.entry,
        )

    def _connector(self) -> Any:
        return self.accounts.connector(self.row)

    def _said(self, answered: Answered) -> Outcome:
        """The outcome; a new state of the account is kept, as ``providers`` keeps it."""
        if answered.new_account_state is not None:
            self.row = self.row | {"sealed_state": answered.new_account_state, "version": self.row["version"] + 1}
        return answered.outcome


@dataclass
class Stage(Desk):
    """A desk at the folder's own sandbox."""

    sandbox: Sandbox = field(kw_only=True)
    ear: Hearing = field(kw_only=True)

    def booked(self, order_no: str) -> list[Booked]:
        """What the sandbox's books say of a charge: it, and what went back of it."""
        return [line for line in self.sandbox.books() if order_no in {line.order_no, line.origin}]

    def held(self, order_no: str) -> int:
        """The minor units that the provider holds for a charge: taken, less what went back."""
        return sum(line.amount_minor * (1 if line.kind == "taken" else -1) for line in self.booked(order_no))


@asynccontextmanager
async def open_desk(
    manifest: Manifest, folder: Path, *, canned: Answer | NotSent | NoAnswer | None = None, url: str = NOWHERE
) -> AsyncIterator[Desk]:
    """A desk without a sandbox; everything asked is answered with ``canned``, or, without one, by who is at ``url``."""
    settings = example_settings(manifest, url)
    wire, clock, spool_folder = Wire(canned), NoonClock(), folder / f"{manifest.id}.spool"
    row = _row(manifest, settings.get("merchant_no", ""))
    async with _way_out(wire, spool_folder) as spool:
        accounts = _accounts(manifest, settings, wire, spool, clock)
        yield Desk(manifest, accounts, wire, clock, spool, spool_folder, row)


@asynccontextmanager
async def open_stage(manifest: Manifest, folder: Path) -> AsyncIterator[Stage]:
    """A desk at the sandbox of a provider's folder, which keeps its keys and books in ``folder``."""
    wire, clock, spool_folder = Wire(), NoonClock(), folder / f"{manifest.id}.spool"
    opening = sandbox_of(manifest).open_sandbox(folder / manifest.id, clock=clock, entropy=SystemEntropy(), pace=PACE)
    async with hearing() as ear, opening as sandbox, _way_out(wire, spool_folder) as spool:
        url = ear.url if "notices" in manifest.abilities else None
        accounts = _accounts(manifest, sandbox.settings, wire, spool, clock, url)
        row = _row(manifest, sandbox.merchant_no)
        yield Stage(manifest, accounts, wire, clock, spool, spool_folder, row, sandbox=sandbox, ear=ear)


@asynccontextmanager
async def _way_out(wire: Wire, spool_folder: Path) -> AsyncIterator[Spool]:
    """What was said is written here; both are closed at the end."""
    spool = Spool(spool_folder)
    try:
        yield spool
    finally:
        await wire.close()
        spool.close()


def _accounts(
    manifest: Manifest,
    settings: Mapping[str, str],
    wire: Wire,
    spool: Spool,
    clock: NoonClock,
    notify_url: str | None = None,
) -> Accounts:
    return Accounts(
        sections={_NAME: dict(settings)},
        transport=wire,
        outage=Outage(clock),
        spool=spool,
        clock=clock,
        entropy=SystemEntropy(),
        manifests={manifest.id: manifest},
        notify_url=lambda _merchant_id, _account_id: notify_url,
    )


def _row(manifest: Manifest, merchant_no: str) -> dict[str, Any]:
    return {
        "merchant_id": 1,
        "id": "01937b5e-0000-7000-8000-000000000001",
        "provider": manifest.id,
        "name": _NAME,
        "environment": "sandbox",
        "state": "active",
        "merchant_no": merchant_no,
        "zone": manifest.zone,
        "cut_minute": manifest.cut_minute,
        "sealed_state": None,
        "version": 1,
    }
