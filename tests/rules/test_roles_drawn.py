"""docs/guide/roles.md is what the table of roles says."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_drawn_roles_are_those_of_the_table():
    drawn = runpy.run_path(str(ROOT / "tools" / "draw_roles.py"))["page"]()
    assert (ROOT / "docs" / "guide" / "roles.md").read_text("utf-8") == drawn
    assert "| `void` | 撤销 · Void | ! |  | ✓ | ✓ |" in drawn
