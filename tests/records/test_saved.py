"""A saved filter is its owner's own: bounded, named within limits, renamed, dropped, and kept out of the log."""

from __future__ import annotations

import pytest

from counterfoil.basis import Refused
from counterfoil.people import Role
from counterfoil.records import drop_filter, rename_filter, save_filter, saved_filters
from counterfoil.records.saved import QUERY_CHARACTERS_MAX, SAVED_MAX
from counterfoil.testing.house import open_house


async def code_of(refusal):
    with pytest.raises(Refused) as refused:
        await refusal
    return refused.value.kind.code


async def test_filters_are_kept_renamed_and_dropped_and_nobody_else_sees_them(tmp_path, store_address):
    async with open_house(tmp_path, database=store_address) as house:
        means, mine, theirs = house.app.records, house.actor(), house.actor(Role.ADMINISTRATOR)
        first = await save_filter(means, mine, " 大额 ", "min=1000")
        await save_filter(means, mine, "微信", "wallet=wechat")
        assert [(one.name, one.query) for one in await saved_filters(means, mine)] == [
            ("大额", "min=1000"),
            ("微信", "wallet=wechat"),
        ]
        assert await saved_filters(means, theirs) == []
        assert await code_of(drop_filter(means, theirs, first.id)) == "CF-3207"
        assert await code_of(rename_filter(means, theirs, first.id, "mine")) == "CF-3207"
        await rename_filter(means, mine, first.id, "千元以上")
        assert (await drop_filter(means, mine, first.id)).name == "千元以上"
        assert await code_of(drop_filter(means, mine, first.id)) == "CF-3207"
        assert [one.name for one in await saved_filters(means, mine)] == ["微信"]


async def test_names_and_numbers_of_filters_are_bounded(tmp_path):
    async with open_house(tmp_path) as house:
        means, mine = house.app.records, house.actor()
        for name in ("", "  ", "x" * 41, "a\nb", "a\u202eb"):
            assert await code_of(save_filter(means, mine, name, "")) == "CF-3205"
        assert await code_of(save_filter(means, mine, "long", "x" * (QUERY_CHARACTERS_MAX + 1))) == "CF-3205"
        for n in range(SAVED_MAX):
            await save_filter(means, mine, f"{n:040d}", "")
        assert await code_of(save_filter(means, mine, "one more", "")) == "CF-3206"
