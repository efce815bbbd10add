"""A language of nobody: every text of the English catalogue and of the faults in ⟦Ťéxţ··⟧, each word 40 % longer.

Made in a copy of the program that lives as long as the test. What stands on a page outside the brackets was never
handed to a translator; what does not fit will not fit in the next language either.
"""

from __future__ import annotations

import ast
import math
import re
import shutil
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po, write_po

OPEN, CLOSE = "⟦", "⟧"
LONGER: Final = 0.4
_ACCENTS: Final = str.maketrans("aceilnorstuyACEILNORSTUY", "áćéíļńóŕşţúýÁĆÉÍĻŃÓŔŞŢÚÝ")
_OF_MANIFEST: Final = re.compile(r'(?m)^((?:name|label|hint|shape)_en) = "(.*)"')
_OF_CODES: Final = re.compile(r'\ben = "([^"]*)"')
_WORD: Final = re.compile(r"[^\W\d_]+")
# Words for people that stand in the code, by the call that holds them: which argument is English.
_ENGLISH_AT: Final = {"Both": 1, "ByAmount": 3, "_settings": 2, "_field": 2, "_check": 2}


def pseudo(text: str) -> str:
    """``Take payment`` becomes ``⟦Ţáké·· páýméńţ···⟧``; what is filled in stays."""
    parts = []
    for plain, name, spec, conversion in string.Formatter().parse(text):
        parts.append(_WORD.sub(_longer, plain).replace("{", "{{").replace("}", "}}"))
        if name is not None:
            how = (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
            parts.append("{" + name + how + "}")
    return OPEN + "".join(parts) + CLOSE


def outside(text: str) -> str:
    """What of ``text`` stands in no brackets."""
    depth, left = 0, []
    for letter in text:
        depth += (letter == OPEN) - (letter == CLOSE)
        if depth == 0 and letter != CLOSE:
            left.append(letter)
    return "".join(left)


def make_copy(source: Path, target: Path) -> Path:
    """The package ``source`` as ``target/counterfoil``, with every English text turned; gives ``target``."""
    package = target / "counterfoil"
    shutil.copytree(source, package, ignore=shutil.ignore_patterns("__pycache__"))
    _turn_catalogue(package / "locale" / "en" / "LC_MESSAGES" / "messages.po")
    for path in package.rglob("*.py"):
        _turn_code(path)
    for path in package.rglob("manifest.toml"):
        turned = _OF_MANIFEST.sub(lambda found: f'{found[1]} = "{pseudo(found[2])}"', path.read_text("utf-8"))
        path.write_text(turned, "utf-8")
    for path in package.rglob("texts.toml"):
        path.write_text(_OF_CODES.sub(lambda found: f'en = "{pseudo(found[1])}"', path.read_text("utf-8")), "utf-8")
    return target


def _longer(word: re.Match[str]) -> str:
    return word[0].translate(_ACCENTS) + "·" * math.ceil(len(word[0]) * LONGER)


def _turn_catalogue(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file, locale="en")
    for message in catalogue:
        if message.id:
            said = message.string
            message.string = pseudo(said) if isinstance(said, str) else tuple(map(pseudo, said))
    with path.open("wb") as file:
        write_po(file, catalogue, width=0)


def _turn_code(path: Path) -> None:
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    lines = text.encode().splitlines(keepends=True)
    for node in sorted(set(_english(tree)), key=lambda one: (one.lineno, one.col_offset), reverse=True):
        head, tail = lines[node.lineno - 1][: node.col_offset], lines[node.end_lineno - 1][node.end_col_offset :]
        lines[node.lineno - 1 : node.end_lineno] = [head + repr(pseudo(node.value)).encode() + tail]
    path.write_bytes(b"".join(lines))


def _english(tree: ast.Module) -> Iterator[ast.Constant]:
    """The texts in English arguments, and those that a name of the module brings there."""
    named = {
        one.target.id: one.value
        for one in tree.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name) and one.value is not None
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        at = _ENGLISH_AT.get(call.func.id) if isinstance(call.func, ast.Name) else None
        held: list[ast.AST] = [one.value for one in call.keywords if one.arg == "en"]
        if at is not None and len(call.args) > at:
            held.append(call.args[at])
        for node in (inner for each in held for inner in ast.walk(each)):
            found = named.get(node.id) if isinstance(node, ast.Name) else node
            if isinstance(found, ast.Constant) and isinstance(found.value, str):
                yield found
