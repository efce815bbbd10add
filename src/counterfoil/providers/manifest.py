"""What a provider can do, as data: the records that ``manifest.toml`` in its folder is read into.

``scan`` finds and reads the files; ``manifest_rules`` says what must fit together in one.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Literal

import msgspec

from counterfoil.basis import CNY, Money
from counterfoil.providers.outcome import DeclineReason

# Settings that mean the same at every provider that offers them: how long the machine asks about a scanned code before
# it reverses by itself (seconds), how long a shown code can be paid (minutes), and the account's own merchant number.
REVERSE_AFTER: Final = "reverse_after_seconds"
CODE_MINUTES: Final = "code_minutes"
MERCHANT_NO: Final = "merchant_no"
# The provider's card terminal beside the till, by the number it has there; an account without one takes no cards.
CARD_TERMINAL: Final = "card_terminal"
SHOWN: Final = "merchant_code"
# A card at the provider's own terminal: swiped, inserted or tapped, which nobody here is told.
AT_TERMINAL: Final = "unknown"

Type = Literal["line", "url", "number", "pem_key", "pem_certs", "address", "choice"]
PEM: Final = frozenset({"pem_key", "pem_certs"})
Tier = Literal["certified", "documented", "house"]


class Ability(StrEnum):
    """What a provider may declare. The conduct kit tries each one declared against the folder's own sandbox."""

    CHARGE = "charge"
    SHOW_CODE = "show_code"
    CARD_TERMINAL = "card_terminal"
    QUERY = "query"
    VOID = "void"
    REVERSE = "reverse"
    CLOSE = "close"
    REFUND = "refund"
    PARTIAL_REFUND = "partial_refund"
    NOTICES = "notices"
    REFUND_FEE = "refund_fee"
    ACCOUNT_READS = "account_reads"


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One field of an account's settings.

    ``key`` is its name there. ``type``: a line of text, a URL, a whole number from ``low`` to ``high``, one private key
    or certificates as PEM, an IP address, or one of ``choices``. ``secret``: sealed, and never shown again.
    ``pattern``: a regular expression that the whole of a line matches, told to people as ``shape``. ``fits``: the
    setting with the certificate that this private key belongs to, or whose serial number (hex) this line is.
    """

    key: str
    type: Type
    label_zh: str
    label_en: str
    required: bool
    secret: bool = False
    hint_zh: str = ""
    hint_en: str = ""
    low: int | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    pattern: str = ""
    shape_zh: str = ""
    shape_en: str = ""
    fits: str = ""


class Named(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A word of the provider's own, and what people call it."""

    key: str
    label_zh: str
    label_en: str

    @property
    def words(self) -> tuple[str, str]:
        """In Chinese and in English."""
        return self.label_zh, self.label_en


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is never sent. Amounts in minor units, lengths in characters."""

    amount_min: int = 1
    amount_max: int
    order_no_max: int
    subject_max: int

    def allows(self, amount: Money) -> bool:
        """Whether an amount may be sent: yuan, from ``amount_min`` to ``amount_max``."""
        return amount.currency == CNY and self.amount_min <= amount.minor <= self.amount_max


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When to ask and when to give up, in seconds. The last step of ``ask`` repeats.

    ``code_seconds``: how long a code that is shown to the customer can be paid.
    """

    ask: tuple[float, ...]
    reverse_after: dict[str, float]
    not_found_asks: int = 3
    not_found_seconds: float = 30
    unknown_max: float = 24 * 3600
    reversing_max: float = 72 * 3600
    call_seconds_max: float = 30
    code_seconds: float = 0


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A provider's own words for one reason of its no, from ``texts.toml``: what happened, the money, what to do now.

    They may name ``{provider}`` and ``{amount}``.
    """

    what_zh: str
    money_zh: str
    do_zh: str
    what_en: str
    money_en: str
    do_en: str


class Meaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one of a provider's own codes means, from ``[codes]`` in ``texts.toml``: a sentence for people."""

    zh: str
    en: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One provider.

    ``tier``: ``certified`` was run against the provider's own systems, ``documented`` is built from public documents
    and tried against our sandbox only, ``house`` has no provider behind it. ``documentation``: where its words stand.
    ``instant``: the answer is known without a call (cash), so sent and captured are one Change.
    ``answers_signed``: whether an answer carries a signature; one without is believed because TLS says who sent it.
    ``voids_numbered``: whether a void has a number of its own; without one, a second void of a payment is told that it
    is void. ``void_entries``: the entries whose payments can be voided here; others are refunded. ``code_wallets``:
    the wallets a code can be made for that the till shows (entry ``merchant_code``). ``showable``: the members of an
    exchange that may be written to the spool as they are. ``demonstrated``: whether the demonstration has its sandbox.
    ``activation``: what is entered where the provider hands out settings by itself, for a code; its ``connector`` then
    offers ``activate``. A field of the same key as a setting is kept as that; the others are not kept.
    ``reads``: which of its own records of us the provider shows; ``fields``: our words for members of such an answer.
    ``answer_seconds``: by the end of a path, how long its answer is waited for where that is longer than the way out
    waits by itself.
    ``package``, ``texts``, ``codes``: where its code is, its own words for a refusal, and what its own codes mean to
    people; put in by ``scan``. What a code means for the money is said in its folder's code alone.
    """

    id: str
    name_zh: str
    name_en: str
    tier: Tier
    documentation: tuple[str, ...] = ()
    instant: bool
    answers_signed: bool = True
    voids_numbered: bool = True
    abilities: frozenset[Ability]
    methods: tuple[str, ...]
    wallets: tuple[str, ...]
    entries: tuple[str, ...]
    void_entries: tuple[str, ...]
    code_wallets: tuple[str, ...] = ()
    zone: str = "Asia/Shanghai"
    cut_minute: int = 0
    sandbox: bool = False
    demonstrated: bool = False
    settings: tuple[Setting, ...] = ()
    activation: tuple[Setting, ...] = ()
    showable: tuple[str, ...] = ()
    reads: tuple[Named, ...] = ()
    fields: tuple[Named, ...] = ()
    answer_seconds: dict[str, float] = {}
    limits: Limits
    schedule: Schedule
    package: str = ""
    texts: dict[DeclineReason, Texts] = {}
    codes: dict[str, Meaning] = {}

    @property
    def of_activation(self) -> Manifest:
        """The same with the fields of an activation in place of the settings."""
        return msgspec.structs.replace(self, settings=self.activation)

    def seconds_for(self, path: str) -> float | None:
        """How long to wait for the answer of ``path``; None: as long as for any."""
        return next((seconds for end, seconds in self.answer_seconds.items() if path.endswith(end)), None)

    def setting(self, key: str) -> Setting | None:
        """The field of that name, if an account has it here."""
        return next((each for each in self.settings if each.key == key), None)
