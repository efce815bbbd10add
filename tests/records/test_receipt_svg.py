"""The picture of a receipt says what its paper says, is well formed whatever a name holds, and marks a copy."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from counterfoil.records import receipt, reprint, svg

SVG = "{http://www.w3.org/2000/svg}"


def texts(raw):
    return ["".join(one.itertext()) for one in ET.fromstring(raw).iter(SVG + "text")]  # noqa: S314 - of our own making


@pytest.mark.parametrize("paper", ["58", "80"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_picture_holds_every_line_of_the_receipt(day, paper, language):
    house, paid, _ = day
    for leg_id in (None, paid[2].legs[0].id):
        found = await receipt(house.app.records, 1, paid[2].id, language, leg_id=leg_id)
        shown = "".join(texts(svg(found, paper))).replace("￥", "¥")
        for line in (*found.lines, *found.amounts, found.order_no):
            assert line.label in shown
            assert line.value in shown
        for text in (*found.heads, found.title, found.evidence, found.foot):
            assert text is None or text in shown


async def test_a_copy_is_marked_and_counted_on_the_picture(day):
    house, paid, _ = day
    for _ in range(2):
        await reprint(house.app.records, house.actor(), paid[0])
    found = await receipt(house.app.records, 1, paid[0].id, "zh-CN")
    assert found.copy in texts(svg(found))
    assert "2" in found.copy


async def test_a_name_with_markup_stays_text(day):
    house, paid, _ = day
    found = replace(await receipt(house.app.records, 1, paid[0].id, "en"), heads=('<script>"&', "\u202e<b>\x00"))
    root = ET.fromstring(svg(found))  # noqa: S314 - of our own making
    assert {one.tag for one in root.iter()} == {SVG + name for name in ("svg", "rect", "text", "path")}
    assert '<script>"&' in texts(svg(found))
