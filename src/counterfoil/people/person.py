"""The records of this area, as others see them: no hash, no secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from counterfoil.basis import CNY, MICROS, NOWHERE, Language, Networks, Secret
from counterfoil.people.permission import Permission, Role

ACTIVE: Final = "active"
DISABLED: Final = "disabled"
# Stands for the office where a terminal would stand: tries at a till and in the office are counted apart.
OFFICE: Final = "00000000-0000-4000-8000-00000000000f"
# The same for what is counted wherever it is tried: a number or login, and a network address.
ANYWHERE: Final = "00000000-0000-4000-8000-00000000000a"
ADDRESS: Final = "00000000-0000-4000-8000-00000000000b"
# Whose a till password is: their own; one that somebody else typed, good for one sign-in; and that one, once it was.
SET_BY_SELF: Final = "own"
SET_BY_OTHER: Final = "given"
OTHERS_USED: Final = "shown"
NO_ROUNDING: Final = "none"
# 抹零: to what cash is rounded down in a shop: not at all, to the jiao (¥0.10), to the yuan.
ROUNDINGS: Final = (NO_ROUNDING, "jiao", "yuan")
MERCHANT_IDS: Final = range(1, 1_000_000_000)

SESSION_LIFE_MICROS: Final = 12 * 3600 * MICROS
SESSION_IDLE_MICROS: Final = 15 * 60 * MICROS
SEEN_EVERY_MICROS: Final = 60 * MICROS


def is_over(until: int | None, now: int) -> bool:
    """Whether a time that ends at ``until`` (None: never) is over."""
    return until is not None and now >= until


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
    """人员: ``number`` is their till number, None where they work in the office only.

    ``name`` is None once it was lawfully erased. ``password_state``: whose their till password is, own or given.
    """

    merchant_id: int
    id: str
    number: str | None
    name: str | None
    state: str
    made_at: int
    version: int
    password_state: str = SET_BY_SELF

    @property
    def has_own_password(self) -> bool:
        """Whether nobody else has typed their till password; until then it does nothing but let them set one."""
        return self.password_state == SET_BY_SELF

    @property
    def called(self) -> str:
        """How a list of this merchant calls them: their till number, else their name."""
        return self.number or self.name or "—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A way into the office. ``email`` is None once it was lawfully erased; ``reset_until``: a reset that is begun."""

    merchant_id: int
    person_id: str
    email: str | None
    state: str
    reset_until: int | None
    made_at: int
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role somebody has: one that ships (its value) or an own one (its id), in one shop or (None) in all."""

    merchant_id: int
    id: str
    person_id: str
    role: str
    shop_id: str | None
    made_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRole:
    """A role that a merchant made for itself."""

    merchant_id: int
    id: str
    name: str
    permissions: frozenset[Permission]
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

    @property
    def over_at(self) -> int:
        """When it is over if nobody uses it again."""
        return min(self.ends_at, self.seen_at + SESSION_IDLE_MICROS)

    def lives(self, now: int) -> bool:
        """Whether the session still counts at ``now``: neither ended nor idle for too long."""
        return now < self.over_at


@dataclass(frozen=True, slots=True)
class Lock:
    """Who may not sign in until then (UTC microseconds), ``where``: ``till``, ``office``, ``anywhere`` or ``address``.

    ``number`` is a till number, perhaps nobody's; ``person_id`` whose office login it is, None where it is nobody's;
    ``address`` the network address from which nobody signs in.
    """

    where: str
    until: int
    number: str | None = None
    terminal_id: str | None = None
    person_id: str | None = None
    address: str | None = None
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A machine's way in, with a person who answers for it. ``shop_ids`` None: all shops.

    ``networks``: from where it may be used, beside what the merchant's own list says; none: from anywhere.
    ``expires_at`` and ``used_at`` are UTC microseconds; None: never.
    """

    merchant_id: int
    id: str
    label: str
    owner_id: str
    scopes: tuple[str, ...]
    shop_ids: frozenset[str] | None
    state: str
    made_at: int
    networks: Networks = NOWHERE
    expires_at: int | None = None
    used_at: int | None = None
    version: int = 1

    def works(self, now: int) -> bool:
        """Whether it opens anything at ``now``, as far as the key itself says."""
        return self.state == ACTIVE and not is_over(self.expires_at, now)


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
    """A person to be: at the tills by ``number``, in the office by ``email``, or both; one of the two at least.

    ``password`` is that of the till number, needed with one. ``office_password`` is that of the e-mail address; None:
    they set their first one themselves, once a reset is begun for them. ``role`` is theirs in ``shop_id``, or (None) in
    all shops; no role yet: they may nothing.
    """

    number: str | None
    name: str
    role: Role | str | None
    password: Secret[str] | None = None
    email: str | None = None
    office_password: Secret[str] | None = None
    shop_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMerchant:
    """A merchant to be, with its shops and its first persons. ``merchant_id`` from 1 (0 is the installation).

    ``number_digits``: how many digits its till numbers have, at least and at most.
    """

    merchant_id: int
    name: str
    zone: str = "Asia/Shanghai"
    currency: str = CNY
    shops: tuple[NewShop, ...] = ()
    persons: tuple[NewPerson, ...] = ()
    number_digits: tuple[int, int] = (2, 2)
