"""A receipt on the terminal's own printer; where it is absent the money is said to be safe and the receipt stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest

from counterfoil.basis import Printer, Refused, read_settings
from counterfoil.payments import Payment, take
from counterfoil.testing.house import House, open_house
from counterfoil.testing.listening import listening
from tests.doors.till.test_cut import signed_in, token


@asynccontextmanager
async def printer() -> AsyncIterator[tuple[int, asyncio.Queue[bytes]]]:
    """A printer on loopback: it takes everything until the connection ends."""
    papers: asyncio.Queue[bytes] = asyncio.Queue()

    async def take_all(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        papers.put_nowait(await reader.read())

    async with listening(take_all) as port:
        yield port, papers


def with_printer(house: House, port: int) -> House:
    printers = {"1.T01": Printer(host="127.0.0.1", port=port, paper="58")}
    return replace(
        house, app=replace(house.app, settings=msgspec.structs.replace(house.app.settings, printers=printers))
    )


async def paid_and_asked(house: House, client: httpx.AsyncClient) -> tuple[Payment, httpx.Response]:
    paid = await take(house.app.payments, house.actor(), house.cash_payment(3800))
    page = (await client.get(f"/till/payments/{paid.id}/receipt")).text
    return paid, await client.post(f"/till/payments/{paid.id}/receipt/printer", data={"csrf": token(page)})


async def test_the_receipt_reaches_the_printer_whole(tmp_path: Path):
    async with (
        open_house(tmp_path) as house,
        printer() as (port, papers),
        signed_in(with_printer(house, port)) as client,
    ):
        paid, sent = await paid_and_asked(house, client)
        paper = await asyncio.wait_for(papers.get(), 60)
        assert paper.startswith(b"\x1b@")
        assert paper.endswith(b"\x1dVB\x00")
        assert paid.order_no[-6:].encode() in paper
        assert "已发给小票打印机" in (await client.get(sent.headers["location"])).text


async def test_a_printer_that_is_absent_is_said_with_the_receipt_still_there(tmp_path: Path):
    async with printer() as (port, _):
        pass  # switched off again
    async with open_house(tmp_path) as house, signed_in(with_printer(house, port)) as client:
        _, refused = await paid_and_asked(house, client)
        assert refused.status_code == 503
        assert "CF-1820" in refused.text
        assert "收款和退款不受影响" in refused.text
        assert "¥38.00" in refused.text


async def test_a_terminal_without_a_printer_prints_through_the_browser(tmp_path: Path):
    async with open_house(tmp_path) as house, signed_in(house) as client:
        paid, refused = await paid_and_asked(house, client)
        assert "CF-1821" in refused.text
        page = (await client.get(f"/till/payments/{paid.id}/receipt")).text
        assert "用小票机打印" not in page
        assert "data-print" in page


@pytest.mark.parametrize("wrong", ['port = 0\nhost = "a"', 'host = "a"\npaper = "A4"', "port = 9100"])
def test_a_printer_that_cannot_be_one_stops_the_start(tmp_path: Path, wrong: str):
    file = tmp_path / "settings.toml"
    file.write_text(f'[printers."1.T01"]\n{wrong}\n', "utf-8")
    with pytest.raises(Refused, match="CF-7001"):
        read_settings(file, {})
