"""网络检测: from the till to the shop's computer, from there to each provider, and the clocks; each with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import MICROS, Fault
from counterfoil.doors.screen.faults import NO_SUCH_PAGE
from counterfoil.doors.till.desk import Desk
from counterfoil.doors.till.endpoint import at_desk
from counterfoil.doors.till.pages import render
from counterfoil.providers import Reach, active_accounts, probe
from counterfoil.store import Row

# What a person at a counter would call slow.
_SLOW_MS: Final = 3000
_TONES: Final = {
    Reach.GOOD: "good",
    Reach.UNREACHABLE: "bad",
    Reach.SILENT: "bad",
    Reach.UNSIGNED: "bad",
    Reach.TROUBLE: "checking",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One line: a tone, what was found, and what to do where it is not well."""

    tone: str
    found: str
    do: str = ""


def routes(app: App) -> list[BaseRoute]:
    """The page, which asks for each line by itself; a line; and the computer's clock, for the till to measure."""
    return [
        at_desk(app, "/till/more/network", page),
        at_desk(app, "/till/more/network/clock", clock),
        at_desk(app, "/till/more/network/{account}", line),
    ]


async def page(desk: Desk) -> Response:
    """The list. Without a script each provider has a link to its own line."""
    accounts = [(account, _name(desk, account)) for account in await _accounts(desk)]
    return render(desk, "network.html", accounts=accounts)


async def clock(desk: Desk) -> Response:
    """The computer's time in milliseconds since 1970: how long it took and how far the till's clock is off."""
    return JSONResponse({"now_ms": desk.app.clock.now() * 1000 // MICROS}, headers={"Cache-Control": "no-store"})


async def line(desk: Desk) -> Response:
    """Ask one provider now: at most some eight seconds."""
    wanted = desk.request.path_params["account"]
    account = next((one for one in await _accounts(desk) if one["id"] == wanted), None)
    if account is None:
        raise NO_SUCH_PAGE()
    alone = "hx-request" not in desk.request.headers
    template = "network_alone.html" if alone else "network_line.html"
    return render(desk, template, account=account, name=_name(desk, account), check=await _check(desk, account))


async def _accounts(desk: Desk) -> list[Row]:
    """The accounts money is taken through now, as far as they lie beyond the network."""
    found = await active_accounts(desk.app.store, desk.merchant_id)
    return [account for account in found if not desk.app.manifests[account["provider"]].instant]


async def _check(desk: Desk, account: Row) -> Check:
    try:
        found = await probe(desk.app.accounts, account, desk.app.clock)
    except Fault as fault:
        told = fault.tell(desk.language)
        return Check("bad", told.what, told.do)
    tone = _TONES[found.reach]
    if found.reach is Reach.GOOD and found.took_ms > _SLOW_MS:
        return Check("checking", desk.t("network.slow", ms=found.took_ms), desk.t("network.slow.do"))
    said = desk.t(f"network.{found.reach.value}", ms=found.took_ms, detail=found.detail)
    return Check(tone, said, "" if tone == "good" else desk.t(f"network.{found.reach.value}.do"))


def _name(desk: Desk, account: Row) -> str:
    manifest = desk.app.manifests[account["provider"]]
    return manifest.name_zh if desk.language == "zh-CN" else manifest.name_en
