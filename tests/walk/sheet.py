"""A contact sheet of the pictures that the walk took, to be looked at by a person."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Final

_HEAD: Final = """<!doctype html>
<meta charset="utf-8">
<title>Counterfoil, every page</title>
<style>
body { font: 14px system-ui, sans-serif; margin: 16px; background: #f3f6f5; color: #0f1f1c }
section { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; margin: 0 0 32px }
figure { margin: 0 } figcaption { color: #4c5f5a } img { display: block; height: 300px; border: 1px solid #d5dfdc }
</style>
"""


def write_sheet(folder: Path) -> None:
    """``index.html`` in ``folder``: each page's pictures in a row, in whatever looks it was seen."""
    pages: dict[str, list[Path]] = {}
    for picture in sorted(folder.glob("*/*.jpeg")):
        pages.setdefault(picture.stem, []).append(picture)
    rows = [_row(name, pictures, folder) for name, pictures in sorted(pages.items())]
    (folder / "index.html").write_text(_HEAD + "\n".join(rows) + "\n", "utf-8")


def _row(name: str, pictures: list[Path], folder: Path) -> str:
    figures = [
        f'<figure><a href="{one.relative_to(folder)}"><img src="{one.relative_to(folder)}" alt="" loading="lazy"></a>'
        f"<figcaption>{escape(one.parent.name)}</figcaption></figure>"
        for one in pictures
    ]
    return f"<h2>{escape(name)}</h2>\n<section>{''.join(figures)}</section>"
