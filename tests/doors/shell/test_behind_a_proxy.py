"""Where TLS ends at a proxy, browsers are told the same as if it ended here."""

from __future__ import annotations

from dataclasses import replace

import httpx
import msgspec
import pytest

from counterfoil.doors.web import make_web
from counterfoil.testing.house import open_house


@pytest.mark.parametrize(("public_url", "over_tls"), [("https://pay.example.org", True), (None, False)])
async def test_cookies_are_for_tls_only_where_people_come_over_tls(tmp_path, public_url, over_tls):
    async with open_house(tmp_path) as house:
        server = msgspec.structs.replace(house.app.settings.server, public_url=public_url)
        app = replace(house.app, settings=msgspec.structs.replace(house.app.settings, server=server))
        transport = httpx.ASGITransport(make_web(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://pay.example.org") as client:
            answer = await client.get("/till/at/1")
    assert answer.status_code == 200
    assert ("Secure" in answer.headers["set-cookie"]) is over_tls
    assert ("strict-transport-security" in answer.headers) is over_tls
