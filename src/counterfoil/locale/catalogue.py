"""Reading the catalogues."""

from __future__ import annotations

import io
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Final, Protocol

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from counterfoil.basis import Language, insist

LANGUAGES: Final[tuple[Language, ...]] = ("zh-CN", "en")
_FOLDERS: Final[dict[Language, str]] = {"zh-CN": "zh_CN", "en": "en"}


class Translate(Protocol):
    """Gives the text of a name in one language."""

    def __call__(self, name: str, **fill: object) -> str:
        """The text of ``name`` with ``{…}`` filled in; ``n`` also picks the plural form. An unknown name is Broken."""
        ...


@cache
def translator(language: Language) -> Translate:
    """The function that answers names with texts of ``language``; read once."""
    made = _compiled(language)
    known, plural = _known(language)

    def translate(name: str, **fill: object) -> str:
        insist(name in known, f"no text named {name!r}")
        n = fill.get("n")
        text = made.ngettext(name, name, n) if name in plural and type(n) is int else made.gettext(name)
        return text.format(**fill) if fill else text

    return translate


def names(language: Language) -> frozenset[str]:
    """Every name the catalogue of ``language`` holds."""
    return _known(language)[0]


@cache
def _read(language: Language) -> Catalog:
    path = Path(__file__).parent / _FOLDERS[language] / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=_FOLDERS[language], abort_invalid=True)


def _compiled(language: Language) -> GNUTranslations:
    compiled = io.BytesIO()
    write_mo(compiled, _read(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _known(language: Language) -> tuple[frozenset[str], frozenset[str]]:
    known, plural = set(), set()
    for message in _read(language):
        if not message.id:
            continue
        name = message.id[0] if isinstance(message.id, tuple | list) else message.id
        known.add(name)
        if message.pluralizable:
            plural.add(name)
    return frozenset(known), frozenset(plural)
