"""Every text a page asks for exists in both languages, asks for the same values there, and none is left over."""

from __future__ import annotations

import re
import string
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.rules.source import ROOT, package

LOCALE = ROOT / "src/counterfoil/locale"
LANGUAGES = ("zh_CN", "en")
# A text's name: lower case, in parts, for example till.menu.take. Templates and Python ask with t("…") or _("…").
_NAME = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*"
_ASKED = re.compile(rf"""(?<!\w)(?:t|_)\(\s*["']({_NAME})["']\s*[,)]""")
_QUOTED = re.compile(rf"""["']({_NAME})["']""")
# An act as a refusal of it is counted, by name: desk.note("…", fault), Danger(act="…"), an endpoint's name.
_ACT = re.compile(r"""(?:\.note\(|Danger\(\s*act=|Endpoint\([^)]*?name=)f?["']([^"']+)["']""")
_KIND = re.compile(r"""Kind\(name="(\w+)", path="[^"]+", icon="\w+"\)""")
# The head of a name whose end is put together: t("state." ~ money), f"state.{{money}}".
_HEAD = re.compile(r"""["']((?:[a-z0-9_-]+\.)+[a-z0-9_-]*)(?:["']|\{)""")


def texts() -> dict[str, str]:
    """Everything of ours that may ask for a text, by path: our Python, the pages and our scripts."""
    found = {source.path: source.text for source in package()}
    for pattern in ("*.html", "*.js", "*.svg", "*.jinja"):
        for path in (ROOT / "src/counterfoil").rglob(pattern):
            if "vendor" not in path.parts:
                found[path.relative_to(ROOT).as_posix()] = path.read_text("utf-8")
    return found


def catalogues() -> dict[str, Catalog]:
    paths = {language: LOCALE / language / "LC_MESSAGES" / "messages.po" for language in LANGUAGES}
    return {language: _read(path, language) for language, path in paths.items() if path.exists()}


def _read(path: Path, language: str) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def named(catalogue: Catalog) -> dict[str, Message]:
    return {
        message.id if isinstance(message.id, str) else message.id[0]: message for message in catalogue if message.id
    }


def missing(asked: dict[str, str], known: set[str]) -> list[str]:
    return [f"{path}: {name}" for path, text in asked.items() for name in _ASKED.findall(text) if name not in known]


def unused(asked: dict[str, str], known: set[str]) -> list[str]:
    every = "\n".join(asked.values())
    exact, heads = set(_QUOTED.findall(every)), tuple(set(_HEAD.findall(every)))
    return sorted(name for name in known - exact if not name.startswith(heads))


def differing(zh: dict[str, Message], en: dict[str, Message]) -> list[str]:
    found = [f"{name}: in one language only" for name in sorted(zh.keys() ^ en.keys())]
    for name in sorted(zh.keys() & en.keys()):
        # A date is put together differently in each language; it is handed all its parts.
        if not name.startswith("time.") and fields(zh[name]) != fields(en[name]):
            found.append(f"{name}: asks for other values")
        found += [f"{name}: empty" for message in (zh[name], en[name]) if not all(_said(message))]
        found += [
            f"{name}: exclamation" for message in (zh[name], en[name]) if re.search("[!！]", "".join(_said(message)))
        ]
    return found


def fields(message: Message) -> set[str]:
    return {name for said in _said(message) for _, name, _, _ in string.Formatter().parse(said) if name is not None}


def _said(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_text_that_is_asked_for_exists_in_both_languages():
    found = catalogues()
    known = set.intersection(*(set(named(each)) for each in found.values())) if found else set()
    assert missing(texts(), known) == []


def test_no_text_is_left_over():
    for catalogue in catalogues().values():
        assert unused(texts(), set(named(catalogue))) == []


def test_both_languages_say_the_same_names_with_the_same_values():
    found = catalogues()
    assert len(found) in {0, len(LANGUAGES)}
    assert not found or differing(named(found["zh_CN"]), named(found["en"])) == []


def test_every_act_that_can_be_refused_has_words():
    doors = {path: text for path, text in texts().items() if path.startswith("src/counterfoil/doors/")}
    known = set(named(catalogues()["en"]))
    acts = {name for text in doors.values() for name in _ACT.findall(text)}
    things = {
        name for text in doors.values() for name in re.findall(r'Kind\(name="(\w+)", path="[^"]+", icon="\w+"\)', text)
    }
    each = {name.replace("{self.kind.name}", thing) for name in acts for thing in things}
    assert {"take", "rename_shop", "switch_terminal", "grant_role", "day_totals"} <= each
    assert [name for name in sorted(each) if f"act.{name}" not in known] == []


def _message(name: str, said: str | tuple[str, ...]) -> dict[str, Message]:
    return {name: Message((name, name) if isinstance(said, tuple) else name, string=said)}


def test_a_missing_text_is_found():
    asked = {"a.html": """<p>{{ t("till.menu.take") }}{{ _('till.menu.find', n=2) }}</p>"""}
    assert missing(asked, {"till.menu.take"}) == ["a.html: till.menu.find"]


def test_a_text_that_is_left_over_is_found():
    asked = {"a.html": """{{ t("a.b") }}{{ t("state." ~ money) }}""", "b.py": 't(f"kind.{kind}")'}
    assert unused(asked, {"a.b", "state.sent", "kind.card", "z.y"}) == ["z.y"]


def test_languages_that_differ_are_found():
    assert differing(_message("a.b", "{n} 笔"), _message("a.b", "payments"))
    assert differing(_message("a.b", "收款"), _message("a.c", "take"))
    assert differing(_message("a.b", "收款"), _message("a.b", ""))
    assert differing(_message("a.b", "收款！"), _message("a.b", "Take"))
    assert not differing(_message("a.b", "{n} 笔"), _message("a.b", ("{n} payment", "{n} payments")))
