"""A provider is named inside its folder only: adding one edits no shared file."""

from __future__ import annotations

import re

from counterfoil.providers import scan
from tests.rules.source import PACKAGE, ROOT

# The demonstration, the measurements, the simulation and the tools of tests stand at one provider's sandbox.
MAY_NAME = ("demo/", "bench/", "testing/", "simulation/", "doors/cli/demo.py", "doors/cli/simulate.py")
ENDINGS = {".py", ".po", ".html", ".js", ".css", ".toml"}


def named(path: str, text: str, words: dict[str, str]) -> list[str]:
    """Where a text names a provider that it may not name. ``words``: whose each word is."""
    inside = path.removeprefix(PACKAGE)
    if inside.startswith(MAY_NAME):
        return []
    mine = inside.split("/")[1] if inside.startswith("providers/") else ""
    found = (re.search(word, text, re.IGNORECASE) for word, whose in words.items() if whose != mine)
    return [f"{path}: {each[0]}" for each in found if each]


def names() -> dict[str, str]:
    """Ids and names of the providers behind which somebody else stands."""
    others = [manifest for manifest in scan(ROOT / PACKAGE / "providers").values() if manifest.tier != "house"]
    return {word: each.id for each in others for word in (each.id, each.name_en, each.name_zh)}


def test_no_provider_is_named_outside_its_folder():
    paths = [path for path in (ROOT / PACKAGE).rglob("*") if path.suffix in ENDINGS]
    told = ((str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in paths)
    assert [said for path, text in told for said in named(path, text, names())] == []


def test_a_provider_that_is_named_is_found():
    words = {"lakala": "lakala", "拉卡拉": "lakala"}
    assert named(f"{PACKAGE}payments/x.py", "if provider == 'lakala':", words)
    assert named(f"{PACKAGE}providers/other/x.py", "拉卡拉", words)
    assert not named(f"{PACKAGE}providers/lakala/x.py", "Lakala 拉卡拉", words)
    assert not named(f"{PACKAGE}demo/x.py", "Lakala", words)
