"""Faults: whose it is, what happened, what it means for the money, what to do now.

A kind of fault is declared once, beside the act that raises it, with a stable code and its words in both
languages. Calling the kind makes the exception:

    raise REFUND_TOO_LARGE(field="amount_minor", left=left)

Codes never change their meaning and are never used again. Ranges: 1xxx doors and requests, 2xxx people,
3xxx payments, 4xxx providers, 5xxx evidence, 6xxx store, 7xxx settings and start, 9xxx ourselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["zh-CN", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """Three sentences a person reads. ``{name}`` is filled from the fault's ``fill``."""

    what: str
    money: str
    do: str


@dataclass(frozen=True, slots=True)
class Both:
    """A word that fills a fault's text and differs by language: a provider's name, a state."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Told:
    """A fault put into words, ready for a door to show."""

    code: str
    what: str
    money: str
    do: str


class Fault(Exception):  # noqa: N818 - the house calls these faults; Refused, Trouble and Broken say whose
    """Something that ends an act. Always one of Refused, Trouble, Broken."""

    def __init__(self, kind: FaultKind, field: str | None, instead: str | None, fill: dict[str, object]) -> None:
        """Keep the kind and what its words are filled with; ``field`` is the input at fault, if one is."""
        super().__init__(kind.code, kind.en.what)
        self.kind = kind
        self.field = field
        self.instead = instead
        self.fill = fill

    def tell(self, language: Language) -> Told:
        """Put the fault into words. Money and other values are shown by their ``str``."""
        words = self.kind.zh if language == "zh-CN" else self.kind.en
        fill = {name: _shown(value, language) for name, value in self.fill.items()}
        return Told(self.kind.code, words.what.format(**fill), words.money.format(**fill), words.do.format(**fill))


class Refused(Fault):
    """The caller can mend it. Nothing was changed."""


class Trouble(Fault):
    """The world is in the way: a network, a provider, a full queue."""


class Broken(Fault):
    """We are wrong. The act stopped rather than go on with something that cannot be."""


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One entry of the catalogue.

    ``status`` is the HTTP status a door answers with. ``retry_after_seconds`` is set where trying again makes sense.
    """

    code: str
    cls: type[Fault]
    status: int
    zh: Words
    en: Words
    retry_after_seconds: int | None = None

    def __call__(self, *, field: str | None = None, instead: str | None = None, **fill: object) -> Fault:
        """Make the exception of this kind."""
        return self.cls(self, field, instead, fill)


def _shown(value: object, language: Language) -> str:
    if isinstance(value, Both):
        return value.zh if language == "zh-CN" else value.en
    return str(value)


def refused(code: str, status: int, *, zh: Words, en: Words) -> FaultKind:
    """Declare a fault the caller can mend."""
    return FaultKind(code, Refused, status, zh, en)


def trouble(code: str, status: int, *, zh: Words, en: Words, retry_after_seconds: int | None = None) -> FaultKind:
    """Declare a fault of the world around us."""
    return FaultKind(code, Trouble, status, zh, en, retry_after_seconds)


def broken(code: str, *, zh: Words, en: Words) -> FaultKind:
    """Declare a fault of ours; doors answer it with 500."""
    return FaultKind(code, Broken, 500, zh, en)


CANNOT_BE: Final = broken(
    "CF-9001",
    zh=Words(
        "系统内部出错，已停止这一步",
        "已记录的款项没有变化；刚才提交的一笔以查单结果为准",
        "请勿重复收款，先查单；把编号 CF-9001 和时间告诉管理员",
    ),
    en=Words(
        "Something inside went wrong, so this step was stopped",
        "Recorded money is unchanged; for what was just submitted, look the payment up",
        "Do not charge again before looking it up; tell the administrator code CF-9001 and the time",
    ),
)


def insist(condition: object, why: str) -> None:
    """State what cannot be otherwise; stays on in production. Raises Broken CF-9001 with ``why`` for the log."""
    if not condition:
        fault = CANNOT_BE()
        fault.add_note(why)
        raise fault
