"""docs/states.md is what the tables of moves say."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_drawn_states_are_those_of_the_tables():
    drawn = runpy.run_path(str(ROOT / "tools" / "draw_states.py"))["page"]()
    assert (ROOT / "docs" / "states.md").read_text("utf-8") == drawn
    assert "captured --> voiding: void" in drawn
