"""``/metrics``: what the store does, as Prometheus reads it (text format 0.0.4). Answered on this machine only.

Each process counts for itself and says which one it is; of several on one port any may answer, so that a series is
there in some answers and not in others. What belongs to all is summed over ``process`` by whoever reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from counterfoil.doors.faults import NOT_FOUND
from counterfoil.doors.shell import caller_of
from counterfoil.providers import Line

if TYPE_CHECKING:
    from counterfoil.app import App

_MEDIA: Final = "text/plain; version=0.0.4; charset=utf-8"
_QUANTILES: Final = (0.5, 0.95, 0.99)


def metrics_routes(app: App) -> list[BaseRoute]:
    """The address."""

    async def metrics(request: Request) -> Response:
        _hold_here(request)
        return Response("\n".join(_lines(app)) + "\n", headers={"Cache-Control": "no-store"}, media_type=_MEDIA)

    return [Route("/metrics", metrics, methods=["GET"])]


def _hold_here(request: Request) -> None:
    """Raises NOT_FOUND for whoever is not on this machine, or speaks for somebody else."""
    caller = caller_of(request)
    if caller is None or not caller.is_loopback or "via" in request.headers:
        raise NOT_FOUND()


def _providers(app: App, process: str) -> Iterator[str]:
    pulses = app.accounts.pulses.all()
    yield "# HELP counterfoil_provider_calls_total Calls to the provider of an account, by how they ended on the wire."
    yield "# TYPE counterfoil_provider_calls_total counter"
    for merchant, account, pulse in pulses:
        for end, count in pulse.counted.items():
            labels = f'{process},merchant="{merchant}",account="{account}",end="{end}"'
            yield f"counterfoil_provider_calls_total{{{labels}}} {count}"
    yield "# HELP counterfoil_provider_line 0: open for payments; 1: being tried; 2: unreachable, others are first."
    yield "# TYPE counterfoil_provider_line gauge"
    for merchant, account, pulse in pulses:
        line = list(Line).index(pulse.line(app.clock.now()))
        yield f'counterfoil_provider_line{{{process},merchant="{merchant}",account="{account}"}} {line}'


def _lines(app: App) -> Iterator[str]:
    process, counted = f'process="{app.number}"', app.store.counted
    yield "# HELP counterfoil_store_total How often each thing happened in the committer since the start."
    yield "# TYPE counterfoil_store_total counter"
    for what in sorted({"batches", "changes", "refused", *counted}):
        yield f'counterfoil_store_total{{{process},what="{what}"}} {counted[what]}'
    yield "# HELP counterfoil_commit_waiting Changes that wait for their commit now."
    yield "# TYPE counterfoil_commit_waiting gauge"
    yield f"counterfoil_commit_waiting{{{process}}} {app.store.queued}"
    yield "# HELP counterfoil_commit_seconds From handing a Change over until it is durable; the last few thousand."
    yield "# TYPE counterfoil_commit_seconds summary"
    waits = sorted(app.store.waits)
    for quantile in _QUANTILES if waits else ():
        yield f'counterfoil_commit_seconds{{{process},quantile="{quantile}"}} {waits[int(len(waits) * quantile)]:.6f}'
    yield f"counterfoil_commit_seconds_count{{{process}}} {counted['changes']}"
    yield from _providers(app, process)
