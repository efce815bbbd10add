"""A receipt printer in the network: its bytes to port 9100, and an honest word where it does not take them.

Such a printer says nothing back. That it took all bytes is all that is known; whether paper came out, one sees.
"""

from __future__ import annotations

import asyncio
from typing import Final

from counterfoil.basis import Printer
from counterfoil.doors.till.faults import PRINTER_SILENT

# A printer at the counter answers at once or is switched off; nobody waits longer with a queue.
SECONDS: Final = 4.0


async def send(printer: Printer, body: bytes) -> None:
    """Send ``body`` whole. Raises Trouble CF-1820 where the printer cannot be reached or stops taking it."""
    try:
        async with asyncio.timeout(SECONDS):
            _, writer = await asyncio.open_connection(printer.host, printer.port)
            try:
                writer.write(body)
                await writer.drain()
                writer.close()
                await writer.wait_closed()
            finally:
                writer.close()
    except (OSError, TimeoutError) as error:
        raise PRINTER_SILENT(printer=f"{printer.host}:{printer.port}") from error
