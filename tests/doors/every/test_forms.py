"""Every form is believed from our own pages only: each POST route of the pages, with each thing missing or foreign."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

import pytest
from sqlalchemy import select

from counterfoil.store import metadata
from tests.doors.every.standing import HOST, OWN, Everybody, Somebody
from tests.doors.every.table import TABLE
from tests.doors.every.walking import filled, named_in, routes_of
from tests.doors.listed import BY_ITSELF

pytestmark = pytest.mark.asyncio(loop_scope="session")


SEEN = {"seen_at", "version", "last_change"}


@dataclass(frozen=True)
class Forgery:
    """A form that none of our pages sends: what is another in it, and what it is refused with."""

    code: str
    headers: dict[str, str] = field(default_factory=lambda: {"Origin": HOST})
    csrf: str | None = None
    as_text: bool = False


FORGERIES = {
    "another origin": Forgery("CF-1803", {"Origin": "https://evil.example"}),
    "an origin hidden": Forgery("CF-1803", {"Origin": "null"}),
    "a neighbour's origin": Forgery("CF-1803", {"Origin": "http://pos.example.evil.example"}),
    "another port": Forgery("CF-1803", {"Origin": "http://pos.example:8080"}),
    "cross-site": Forgery("CF-1803", {"Sec-Fetch-Site": "cross-site"}),
    "same site, another host": Forgery("CF-1803", {"Sec-Fetch-Site": "same-site"}),
    "right origin, yet cross-site": Forgery("CF-1803", {"Origin": HOST, "Sec-Fetch-Site": "cross-site"}),
    "no word of where from": Forgery("CF-1803", {}),
    "no token": Forgery("CF-1802", csrf=""),
    "another's token": Forgery("CF-1802", csrf="0" * 32),
    "as plain text": Forgery("CF-1802", as_text=True),
}


def posts(all_: Everybody) -> list[str]:
    pages = ("/till", "/office", "/setup")
    return [path for method, path in routes_of(all_.web) if method == "POST" and path.startswith(pages)]


def door_of(path: str) -> str:
    return "till" if path.startswith("/till") else "office"


def somebody(all_: Everybody, path: str) -> Somebody:
    return next(who for who in all_.standing[door_of(path)] if who.name == "administrator everywhere")


async def send(client, all_: Everybody, path: str, forged: Forgery):
    who, ids = somebody(all_, path), all_.things[OWN]
    needs = TABLE[door_of(path)][f"POST {path}"]
    named = named_in(ids, needs.thing)
    guest = "5" * 32
    cookies = "; ".join(f"{name}={value}" for name, value in {**who.cookies, "cf_guest": guest}.items())
    headers = {**forged.headers, "Cookie": cookies}
    # Pages for guests know the guest's own token.
    token = guest if needs.open and not path.endswith(("/language", "/theme", "/keypad")) else who.csrf
    form = dict(needs.form) | {"csrf": token if forged.csrf is None else forged.csrf}
    if forged.as_text:
        body = "&".join(f"{name}={value}" for name, value in form.items())
        return await client.post(filled(path, named), content=body, headers=headers | {"Content-Type": "text/plain"})
    return await client.post(filled(path, named), data=form, headers=headers)


async def everything(all_: Everybody) -> dict[str, list[str]]:
    """Every row, but for what is noted without being asked: that a session was seen, that a log was signed."""
    found = {}
    for table in metadata.sorted_tables:
        if table.name in BY_ITSELF - {"session"}:
            continue
        columns = [column for column in table.columns if table.name != "session" or column.name not in SEEN]
        found[table.name] = sorted(map(repr, await all_.house.app.store.fetch(select(*columns))))
    return found


@pytest.mark.parametrize("name", FORGERIES)
async def test_a_form_that_is_not_ours_is_refused_at_every_route_and_writes_nothing(all_: Everybody, name: str):
    forged, wrong, before = FORGERIES[name], [], await everything(all_)
    async with all_.client() as client:
        for path in posts(all_):
            answer = await send(client, all_, path, forged)
            if forged.code not in answer.text or answer.status_code < HTTPStatus.BAD_REQUEST:
                wrong.append((path, answer.status_code))
    assert not wrong, wrong
    assert await everything(all_) == before


async def test_the_same_form_from_our_own_page_is_believed(all_: Everybody):
    """So that what refuses the others is what was forged in them."""
    async with all_.client() as client:
        for path in ("/office/records/columns", "/office/theme", "/till/theme", "/till/keypad"):
            answer = await send(client, all_, path, Forgery(""))
            assert answer.status_code == HTTPStatus.SEE_OTHER, path
