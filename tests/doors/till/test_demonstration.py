"""A demonstration says so on every page, and only a demonstration tells which amounts play tricks."""

from __future__ import annotations

import asyncio
import io
import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from counterfoil.app import open_app
from counterfoil.basis import Settings
from counterfoil.doors.log import make_log
from counterfoil.doors.till.sandbox_help import WAYS, tricks
from counterfoil.doors.web import make_web
from counterfoil.payments import RefundAsk, refund, take, told_of, told_of_leg
from counterfoil.support import catalogue
from counterfoil.testing.house import House, open_house

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


async def test_every_amount_on_the_help_page_brings_the_fault_it_stands_by(tmp_path: Path):
    async with open_house(tmp_path) as house:
        house.sandbox.late_seconds = 4.0
        asked = [(row.fault, row.amount_minor) for row in tricks(house.app.manifests) if row.fault]
        assert {code for code, _ in asked} <= {way.code for way in WAYS}
        met = await asyncio.gather(*(_met(house, amount) for _, amount in asked))
        assert met == [code for code, _ in asked]


async def _met(house: House, amount_minor: int) -> str | None:
    ask = replace(house.code_payment(amount_minor), wait_seconds=2)
    paid = await take(house.app.payments, house.actor(), ask)
    manifest = house.app.manifests[paid.provider]
    if told := told_of(paid, manifest):
        return told.kind.code
    back = RefundAsk(id=house.app.ids.uuid(), payment_id=paid.id, amount=paid.amount, reason="TEST", wait_seconds=2)
    paid = await refund(house.app.payments, house.actor(), back)
    told = told_of_leg(paid.legs[0], manifest)
    return told.kind.code if told else None


def test_each_fault_a_till_must_have_words_for_stands_on_the_help_page_with_its_text():
    assert [way.name for way in WAYS] == ["1", "2", "3", "4", "5a", "5b", "6", "7", "8", "9a", "9b", "10", "11", "12"]
    assert {way.code for way in WAYS if way.code} <= set(catalogue())


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_help_page_shows_each_way_in_both_languages(tmp_path: Path, language: str):
    async with open_app(tmp_path / "data", Settings(), demonstration=True) as app:
        transport = httpx.ASGITransport(make_web(app, make_log(io.StringIO(), app.clock)))
        headers = {"accept-language": language}
        async with httpx.AsyncClient(transport=transport, base_url="http://till", headers=headers) as client:
            page = (await client.get("/till/help/amounts")).text
    for way in WAYS:
        text = re.search(
            rf'id="fault-{way.name}">\s*<h3>[^<]+</h3>\s*<p><strong>[^<]+</strong></p>\s*<p>[^<]+</p>', page
        )
        assert text, way.name
        assert f'href="#fault-{way.name}"' in page
