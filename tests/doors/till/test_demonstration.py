"""A demonstration says so on every page, and only a demonstration tells which amounts play tricks."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import pytest

from counterfoil.app import open_app
from counterfoil.basis import Settings
from counterfoil.doors.log import make_log
from counterfoil.doors.web import make_web

MARK = "演示环境：不会动用真实的钱"


@pytest.mark.parametrize("demonstration", [True, False])
async def test_only_a_demonstration_is_marked_as_one(tmp_path: Path, *, demonstration: bool):
    async with open_app(tmp_path / "data", Settings(), demonstration=demonstration) as app:
        transport = httpx.ASGITransport(make_web(app, make_log(io.StringIO(), app.clock)))
        async with httpx.AsyncClient(transport=transport, base_url="http://till", follow_redirects=True) as client:
            for path in ("/till", "/till/locked", "/till/at/7"):
                assert (MARK in (await client.get(path)).text) is demonstration, path
            answer = await client.get("/till/help/amounts")
            assert answer.status_code == (200 if demonstration else 404)
            assert ("¥66.05" in answer.text) is demonstration
