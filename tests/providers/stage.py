"""What the tests of this area stand on: a clock that can be put forward, keys, an account, calls."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from counterfoil.basis import MICROS, Money, Secret, SystemClock, SystemEntropy
from counterfoil.providers import Accounts, Charge, Connector, Leg, Outage, Outcome, Query, Spool, Transport
from counterfoil.providers.lakala.sandbox import APPID, MERCHANT_NO, TERM_NO, SandboxKeys

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors" / "lakala"
CODE = "134567890123456789"
# 12:00:00 on 2026-11-25 at UTC+8: far from the day cut on either side.
NOON = 1_795_579_200 * MICROS


class StageClock:
    """Stands at noon and moves only when told; sleeping takes real time."""

    def __init__(self) -> None:
        self.micros = NOON
        self._real = SystemClock()

    def now(self) -> int:
        return self.micros

    def monotonic(self) -> float:
        return self._real.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def forward(self, seconds: float) -> None:
        self.micros += int(seconds * MICROS)


def no_commit() -> bool:
    return False


def account_row(**other):
    row = {
        "merchant_id": 1,
        "id": "01937b5e-0000-7000-8000-000000000001",
        "provider": "lakala",
        "name": "main",
        "environment": "sandbox",
        "state": "active",
        "merchant_no": MERCHANT_NO,
        "zone": "Asia/Shanghai",
        "cut_minute": 1380,
        "sealed_state": None,
        "version": 1,
    }
    return row | other


def section(keys: SandboxKeys, base_url: str) -> dict[str, str]:
    return {
        "base_url": base_url,
        "appid": APPID,
        "serial_no": keys.serial_no,
        "merchant_no": MERCHANT_NO,
        "term_no": TERM_NO,
        "private_key": str(keys.merchant_key),
        "platform_certs": str(keys.platform_cert),
        "request_ip": "127.0.0.1",
        "card_terminal": TERM_NO,
    }


def accounts(sections, transport: Transport, spool: Spool, clock: StageClock, **other) -> Accounts:
    return Accounts(
        sections=sections,
        transport=transport,
        outage=Outage(clock),
        spool=spool,
        clock=clock,
        entropy=SystemEntropy(),
        **other,
    )


@dataclass
class Till:
    """Makes numbers and calls, as payments does."""

    connector: Connector
    clock: StageClock
    made: list[str] = field(default_factory=list)

    def number(self) -> str:
        self.made.append(f"261125{len(self.made):018d}")
        return self.made[-1]

    async def charge(self, amount: int, *, order_no: str | None = None, code: str = CODE) -> tuple[str, Outcome]:
        order_no = order_no or self.number()
        call = Charge(
            order_no=order_no,
            amount=Money(amount),
            entry="consumer_code",
            auth_code=Secret(code),
            subject="商品",
            asked_at=self.clock.now(),
        )
        return order_no, (await self.connector.charge(call)).outcome

    async def show(self, amount: int, *, order_no: str | None = None, wallet: str = "alipay") -> tuple[str, Outcome]:
        order_no = order_no or self.number()
        call = Charge(
            order_no=order_no,
            amount=Money(amount),
            entry="merchant_code",
            auth_code=None,
            subject="商品",
            asked_at=self.clock.now(),
            wallet=wallet,
            code_seconds=300,
        )
        return order_no, (await self.connector.charge(call)).outcome

    async def close(self, origin: str, origin_amount: int) -> Outcome:
        return (await self.leg("reverse", origin, origin_amount, entry="merchant_code"))[1]

    async def query(self, order_no: str, amount: int, kind: str = "charge") -> Outcome:
        call = Query(order_no=order_no, amount=Money(amount), kind=kind, asked_at=self.clock.now())
        return (await self.connector.query(call)).outcome

    async def leg(
        self,
        what: str,
        origin: str,
        origin_amount: int,
        amount: int | None = None,
        *,
        order_no: str | None = None,
        entry: str = "consumer_code",
        trade_no: str | None = None,
    ) -> tuple[str, Outcome]:
        order_no = order_no or self.number()
        call = Leg(
            order_no=order_no,
            origin_order_no=origin,
            origin_trade_no=trade_no,
            origin_amount=Money(origin_amount),
            amount=Money(origin_amount if amount is None else amount),
            reason="WRONG_AMOUNT",
            origin_asked_at=self.clock.now(),
            origin_entry=entry,
        )
        return order_no, (await getattr(self.connector, what)(call)).outcome
