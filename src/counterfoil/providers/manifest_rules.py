"""What must fit together in a manifest. Pure; each complaint names the field.

The house's words are closed: a provider that takes a wallet nobody here knows could not be filtered or totalled by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from counterfoil.providers.manifest import AT_TERMINAL, CARD_TERMINAL, SHOWN, Ability, Manifest, Setting
from counterfoil.providers.transport import CONNECT_SECONDS, READ_SECONDS

_METHODS: Final = frozenset({"card", "qr", "nfc", "cash"})
_WALLETS: Final = frozenset({"wechat", "alipay", "unionpay", "ecny", "bank_card", "cash", "other"})
_ENTRIES: Final = frozenset({"swipe", "chip", "tap", "keyed", "consumer_code", SHOWN, "static_code", AT_TERMINAL})
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_BRACES: Final = re.compile(r"\{[^{}]*\}?|\}")
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
_MEANING_MAX: Final = 120
_FILLED: Final = frozenset({"{provider}", "{amount}"})
_DAY_MINUTES: Final = 24 * 60
# Ours is 24 digits; what cannot carry it cannot be asked about it.
_ORDER_NO: Final = 24
# What must never stand readable in the spool, whoever wrote the manifest.
_NEVER_SHOWN: Final = frozenset({"auth_code", "dynamic_id", "pan", "card_no", "cvv", "pin", "secret", "password"})


def complaints(manifest: Manifest) -> Iterator[str]:
    """What is wrong, as ``field: why``. Nothing for a manifest that is sound."""
    yield from _named(manifest)
    yield from _words(manifest)
    yield from _abilities(manifest)
    yield from _schedule(manifest)
    yield from _settings(manifest)
    yield from _named_words(manifest)
    yield from _texts(manifest)
    yield from _codes(manifest)


def _named(manifest: Manifest) -> Iterator[str]:
    if not _KEY.fullmatch(manifest.id):
        yield "id: lower-case letters, digits and _, beginning with a letter"
    for field in ("name_zh", "name_en"):
        if not getattr(manifest, field).strip():
            yield f"{field}: a provider has a name in both languages"
    if not manifest.documentation and manifest.tier != "house":
        yield "documentation: say where this provider's words come from"
    if any(urlsplit(each).scheme != "https" for each in manifest.documentation):
        yield "documentation: https addresses only"


def _words(manifest: Manifest) -> Iterator[str]:
    for field, told, known in (
        ("methods", manifest.methods, _METHODS),
        ("wallets", manifest.wallets, _WALLETS),
        ("entries", manifest.entries, _ENTRIES),
    ):
        if not told or not set(told) <= known:
            yield f"{field}: some of {', '.join(sorted(known))}"
    if not set(manifest.void_entries) <= set(manifest.entries):
        yield "void_entries: what can be voided can be taken"
    if not set(manifest.code_wallets) <= set(manifest.wallets):
        yield "code_wallets: some of wallets"
    if manifest.zone not in available_timezones():
        yield "zone: a name of the tz database"
    if not 0 <= manifest.cut_minute < _DAY_MINUTES:
        yield "cut_minute: a minute of the day, 0 to 1439"
    if hidden := _NEVER_SHOWN & set(manifest.showable):
        yield f"showable: {', '.join(sorted(hidden))} is never shown"


def _abilities(manifest: Manifest) -> Iterator[str]:
    able = manifest.abilities
    for ability, told, field in (
        (Ability.VOID, bool(manifest.void_entries), "void_entries"),
        (Ability.SHOW_CODE, SHOWN in manifest.entries, "entries"),
        (Ability.SHOW_CODE, bool(manifest.code_wallets), "code_wallets"),
        (Ability.CARD_TERMINAL, AT_TERMINAL in manifest.entries, "entries"),
        (Ability.CARD_TERMINAL, manifest.setting(CARD_TERMINAL) is not None, "settings"),
        (Ability.ACCOUNT_READS, bool(manifest.reads), "reads"),
        (Ability.QUERY, not manifest.instant, "instant"),
    ):
        if (ability in able) is not told:
            yield f"abilities: {ability} does not fit {field}"
    for ability, needed in (
        (Ability.PARTIAL_REFUND, Ability.REFUND),
        (Ability.REFUND_FEE, Ability.REFUND),
        (Ability.SHOW_CODE, Ability.CLOSE),
        (Ability.CARD_TERMINAL, Ability.CLOSE),
    ):
        if ability in able and needed not in able:
            yield f"abilities: {ability} needs {needed}"
    if Ability.CLOSE in able and not able & {Ability.SHOW_CODE, Ability.CARD_TERMINAL}:
        yield f"abilities: {Ability.CLOSE} needs {Ability.SHOW_CODE}"
    # Without one of them an unknown outcome could never end.
    if not able & {Ability.REVERSE, Ability.CLOSE}:
        yield f"abilities: {Ability.REVERSE} is missing"


def _schedule(manifest: Manifest) -> Iterator[str]:
    schedule, limits = manifest.schedule, manifest.limits
    if not schedule.ask or min(schedule.ask) <= 0:
        yield "schedule.ask: at least one step, each longer than 0"
    if not set(schedule.reverse_after) <= set(manifest.entries):
        yield "schedule.reverse_after: some of entries"
    if SHOWN in manifest.entries and not 0 < schedule.code_seconds < schedule.reverse_after.get(SHOWN, 0):
        yield f"schedule.code_seconds: a shown code ends, and before reverse_after.{SHOWN}"
    if AT_TERMINAL in manifest.entries and not 0 < schedule.code_seconds < schedule.reverse_after.get(AT_TERMINAL, 0):
        yield f"schedule.code_seconds: a bill at a terminal ends, and before reverse_after.{AT_TERMINAL}"
    longest = max(manifest.answer_seconds.values(), default=0)
    if longest and not READ_SECONDS < longest <= schedule.call_seconds_max - CONNECT_SECONDS:
        yield f"answer_seconds: above {READ_SECONDS:g}, and with {CONNECT_SECONDS:g} to connect within call_seconds_max"
    if not 0 < limits.amount_min <= limits.amount_max:
        yield "limits.amount_max: not below amount_min, which is above 0"
    if limits.order_no_max < _ORDER_NO:
        yield f"limits.order_no_max: our numbers have {_ORDER_NO} digits"
    if limits.subject_max < 1:
        yield "limits.subject_max: above 0"


def _settings(manifest: Manifest) -> Iterator[str]:
    for table, fields in (("settings", manifest.settings), ("activation", manifest.activation)):
        keys = [setting.key for setting in fields]
        for key in {key for key in keys if keys.count(key) > 1}:
            yield f"{table}.{key}: stands there twice"
        for setting in fields:
            if why := _setting(setting) or _fits(setting, fields):
                yield f"{table}.{setting.key}: {why}"


def _named_words(manifest: Manifest) -> Iterator[str]:
    for table, words in (("reads", manifest.reads), ("fields", manifest.fields)):
        for word in words:
            if not word.key.strip() or not all(each.strip() for each in word.words):
                yield f"{table}.{word.key}: a key, and a label in both languages"


def _texts(manifest: Manifest) -> Iterator[str]:
    for reason, texts in manifest.texts.items():
        for name in texts.__struct_fields__:
            text = getattr(texts, name)
            if not text.strip() or set(_BRACES.findall(text)) - _FILLED:
                yield f"texts.{reason}.{name}: words, and of what is filled in {{provider}} and {{amount}} only"


def _codes(manifest: Manifest) -> Iterator[str]:
    for code, meaning in manifest.codes.items():
        if not _CODE.fullmatch(code):
            yield f"codes.{code}: a code as the provider writes it: letters, digits, _ . and -"
        for name in meaning.__struct_fields__:
            text = getattr(meaning, name)
            if not text.strip() or len(text) > _MEANING_MAX or _BRACES.search(text):
                yield f"codes.{code}.{name}: one sentence of at most {_MEANING_MAX} characters, nothing filled in"


def _setting(setting: Setting) -> str:
    """The first thing that is wrong about a field by itself; nothing where it is sound."""
    private = setting.type == "pem_key"
    for wrong, why in (
        (not _KEY.fullmatch(setting.key), "key: lower-case letters, digits and _, beginning with a letter"),
        (not (setting.label_zh.strip() and setting.label_en.strip()), "a label in both languages"),
        (bool(setting.hint_zh) is not bool(setting.hint_en), "a hint in both languages or in none"),
        ((setting.type == "number") is not _in_order(setting), "a number has low and high, and nothing else has"),
        ((setting.type == "choice") is not bool(setting.choices), "choices are for type choice, which needs some"),
        (bool(setting.pattern) and setting.type != "line", "a pattern is for type line"),
        (not _shaped(setting), "a pattern is a regular expression, with its shape in both languages"),
        (private and not setting.secret, "a private key is secret"),
    ):
        if wrong:
            return why
    return ""


def _shaped(setting: Setting) -> bool:
    """Whether a pattern is one, and told in both languages; or there is none."""
    try:
        re.compile(setting.pattern)
    except re.error:
        return False
    return bool(setting.pattern) is bool(setting.shape_zh) is bool(setting.shape_en)


def _fits(setting: Setting, fields: Sequence[Setting]) -> str:
    if not setting.fits:
        return ""
    certificates = {each.key for each in fields if each.type == "pem_certs"}
    if setting.fits in certificates and setting.type in {"pem_key", "line"}:
        return ""
    return "fits: a key or a serial fits a setting of type pem_certs"


def _in_order(setting: Setting) -> bool:
    return setting.low is not None and setting.high is not None and setting.low <= setting.high
