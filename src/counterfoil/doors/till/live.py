"""How an open payment is watched: a stream that says when it changed (Server-Sent Events), and nothing of what it is.

What it says is only that there is news; the page then asks for its own part, as its session may. The news comes from
the drive in this process; a slow look at the store finds what another process did. Where the stream is cut or refused,
the page asks by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.faults import TOO_MANY_WATCH
from counterfoil.doors.till.result import payment_at
from counterfoil.payments import Payment, Watch, load

STREAMS_MAX: Final = 200
# Shorter than the time a request may take without a word, so that each look is also the stream's heartbeat.
LOOK_SECONDS: Final = 3.0
AGAIN_MILLISECONDS: Final = 2000
_HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(slots=True)
class Streams:
    """How many there are; a slow network must not let them add up without end."""

    open: int = 0


def routes(app: App, streams_max: int = STREAMS_MAX) -> list[BaseRoute]:
    """One stream a payment; the one beyond ``streams_max`` is refused."""
    streams = Streams()

    async def live(desk: Desk) -> Response:
        """Watch the payment in the address. Raises TOO_MANY_WATCH, CF-1804, CF-1805."""
        payment = await payment_at(desk)
        if streams.open >= streams_max:
            raise TOO_MANY_WATCH()
        return StreamingResponse(_counted(streams, desk, payment), media_type="text/event-stream", headers=_HEADERS)

    return [at_desk(app, "/till/payments/{id}/live", live)]


async def _counted(streams: Streams, desk: Desk, payment: Payment) -> AsyncIterator[str]:
    streams.open += 1
    try:
        with desk.app.payments.drives.watching((payment.merchant_id, payment.id)) as watch:
            async for said in _said(desk, payment, watch):
                yield said
    finally:
        streams.open -= 1


async def _said(desk: Desk, payment: Payment, watch: Watch) -> AsyncIterator[str]:
    """``news`` whenever it is another than the page knows, ``end`` when nothing is open any more."""
    drives, seen = desk.app.payments.drives, desk.request.query_params.get("seen", "")
    yield f"retry: {AGAIN_MILLISECONDS}\n\n"
    while not drives.closing:
        found = await load(desk.app.store, payment.merchant_id, payment.id)
        if found is None or not found.in_flight:
            yield "event: end\ndata:\n\n"
            return
        yield ": here\n\n" if str(found.version) == seen else f"event: news\ndata: {found.version}\n\n"
        seen = str(found.version)
        await watch.wait(desk.app.clock, LOOK_SECONDS)
