"""The records of this area, as others see them: no hash, no secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from counterfoil.basis import CNY, MICROS, Language, Secret
from counterfoil.people.permission import Role

ACTIVE: Final = "active"
DISABLED: Final = "disabled"
# Stands for the office where a terminal would stand: tries at a till and in the office are counted apart.
OFFICE: Final = "00000000-0000-4000-8000-00000000000f"
NO_ROUNDING: Final = "none"
# 抹零: to what cash is rounded down in a shop: not at all, to the jiao (¥0.10), to the yuan.
ROUNDINGS: Final = (NO_ROUNDING, "jiao", "yuan")
MERCHANT_IDS: Final = range(1, 1_000_000_000)

SESSION_LIFE_MICROS: Final = 12 * 3600 * MICROS
SESSION_IDLE_MICROS: Final = 30 * 60 * MICROS
SEEN_EVERY_MICROS: Final = 60 * MICROS


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """商户: the legal entity whose money it is. ``zone`` is an IANA zone, ``made_at`` UTC microseconds."""

    merchant_id: int
    name: str
    zone: str
    currency: str
    made_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """门店. Its business day ends ``day_ends_minute`` minutes after midnight in ``zone``.

    ``rounding`` is one of ROUNDINGS: to what cash is rounded down.
    """

    merchant_id: int
    id: str
    name: str
    zone: str
    day_ends_minute: int
    rounding: str
    state: str
    made_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """A place to sign in; ``number`` is the short one people see, unique within the merchant."""

    merchant_id: int
    id: str
    shop_id: str
    number: str
    label: str
    state: str
    made_at: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """操作员: ``number`` is what they sign in with. ``name`` is None once it was lawfully erased."""

    merchant_id: int
    id: str
    number: str
    name: str | None
    role: Role
    state: str
    made_at: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A person signed in at a terminal, or in the office (``terminal_id`` None).

    ``csrf`` is what each form must bring back; times are UTC microseconds. ``auth`` is what was shown (see ``Actor``);
    ``came_from`` the browser and address it began at, for its owner to know it by.
    """

    merchant_id: int
    id: str
    csrf: str = field(repr=False)
    person_id: str
    terminal_id: str | None
    language: Language
    auth: str
    came_from: str
    made_at: int
    seen_at: int
    ends_at: int

    def lives(self, now: int) -> bool:
        """Whether the session still counts at ``now``: neither ended nor idle for too long."""
        return now < self.ends_at and now < self.seen_at + SESSION_IDLE_MICROS


@dataclass(frozen=True, slots=True)
class Lock:
    """An operator number that may not sign in until then, at a terminal or (None) in the office. Perhaps nobody's."""

    number: str
    terminal_id: str | None
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A machine's way in, with a person who answers for it. ``shop_ids`` None: all shops."""

    merchant_id: int
    id: str
    label: str
    owner_id: str
    scopes: tuple[str, ...]
    shop_ids: frozenset[str] | None
    state: str
    made_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerminal:
    """A terminal to be: its short number, unique within the merchant, and what people call it."""

    number: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShop:
    """A shop to be, with its terminals. Its name tells it apart from the merchant's other shops."""

    name: str
    zone: str = "Asia/Shanghai"
    day_ends_minute: int = 0
    rounding: str = NO_ROUNDING
    terminals: tuple[NewTerminal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person to be."""

    number: str
    name: str
    role: Role
    password: Secret[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMerchant:
    """A merchant to be, with its shops and its first persons. ``merchant_id`` from 1 (0 is the installation)."""

    merchant_id: int
    name: str
    zone: str = "Asia/Shanghai"
    currency: str = CNY
    shops: tuple[NewShop, ...] = ()
    persons: tuple[NewPerson, ...] = ()
