"""What docs/security/rules.md has to say, taken from the program: each text must stand on the page as it is."""

from __future__ import annotations

from counterfoil.basis import MICROS, Server
from counterfoil.basis.pace import CALLERS_MAX
from counterfoil.doors.log import _EVENTS
from counterfoil.doors.shell import HEAD_BYTES_MAX, HEAD_SECONDS_MAX, LIMITS
from counterfoil.doors.shell.protocol import AT_ONCE_MAX
from counterfoil.evidence.keys import PRIVATE_NAME
from counterfoil.factors.code import STEP_SECONDS
from counterfoil.factors.confirm import LIFE_MICROS as QUESTION_MICROS
from counterfoil.factors.recovery import CODES
from counterfoil.factors.reset import LIFE_MICROS as FACTOR_RESET_MICROS
from counterfoil.factors.tries import PAUSE_MICROS
from counterfoil.factors.tries import TRIES_MAX as CODES_MAX
from counterfoil.payments import AMOUNT_MINOR_MAX
from counterfoil.people.hasher import _ARGON2, THREADS, WAITING_MAX
from counterfoil.people.lock import LOCK_MICROS, TRIES_ANYWHERE_MAX, TRIES_MAX
from counterfoil.people.logins.reset import RESET_LIFE_MICROS
from counterfoil.people.logins.strength import _OURS, _list
from counterfoil.people.number_rule import DIGITS, WORD_CHARACTERS_MAX
from counterfoil.people.person import SESSION_IDLE_MICROS, SESSION_LIFE_MICROS
from counterfoil.people.shapes import PASSWORD_CHARACTERS
from counterfoil.providers.transport import ANSWER_BYTES_MAX, CONNECT_SECONDS, TOTAL_SECONDS
from counterfoil.records import LIMIT_MAX
from counterfoil.records.prepared import KEPT_MICROS, OF_A_PERSON_MAX, OF_ALL_MAX
from counterfoil.store.committer import QUEUE_MAX
from counterfoil.store.schema import Mark

_MINUTE = 60 * MICROS
_HOUR = 60 * _MINUTE


def demanded() -> list[str]:
    """The figures and lists."""
    return [*_ways_in(), *_sessions(), *_bounds(), *_keys(), *_lists()]


def _ways_in() -> list[str]:
    pause = f"pause it there for {LOCK_MICROS // _MINUTE} minutes"
    return [
        f"{PASSWORD_CHARACTERS[0]} to {PASSWORD_CHARACTERS[-1]} characters",
        f"our own words: {', '.join(_OURS)}",
        f"{len(_list()):,} leaked ones",
        f"{TRIES_MAX} wrong tries of a number at a terminal, or of a login in the office, {pause}",
        f"{TRIES_ANYWHERE_MAX} of a number at several terminals",
        f"{TRIES_ANYWHERE_MAX} from one network address",
        f"{CODES_MAX} wrong codes pause codes for {PAUSE_MICROS // _MINUTE} minutes",
    ]


def _sessions() -> list[str]:
    return [
        f"ends {SESSION_LIFE_MICROS // _HOUR} hours after it began",
        f"at a till and in the office after {SESSION_IDLE_MICROS // _MINUTE} minutes without use",
        f"counts for {QUESTION_MICROS // MICROS} seconds and once",
        f"{RESET_LIFE_MICROS // _MINUTE} minutes for a password",
        f"{FACTOR_RESET_MICROS // _HOUR} hours for a second factor",
        "one of ten codes" if CODES == 10 else "another number of recovery codes",
    ]


def _bounds() -> list[str]:
    exports = f"{OF_A_PERSON_MAX} prepared a person, {OF_ALL_MAX} in all, kept {KEPT_MICROS // _HOUR} hours"
    return [
        exports,
        f"Operator numbers: {DIGITS[0]} to {DIGITS[-1]} digits",
        f"each kind's name has at most {WORD_CHARACTERS_MAX} characters",
        f"from 1 to {AMOUNT_MINOR_MAX:,} minor units",
        f"{AT_ONCE_MAX:,} at once, then CF-1042; {HEAD_BYTES_MAX:,} bytes of head within {HEAD_SECONDS_MAX} s",
        f"{LIMITS.body_bytes:,} bytes of body within {LIMITS.body_seconds} s",
        f"{LIMITS.read_seconds} s to read, {LIMITS.write_seconds} s to act",
        f"{THREADS} at once, {WAITING_MAX} working or waiting",
        f"{LIMIT_MAX} rows a page",
        f"{Server().key_requests_a_minute:,} a minute for an API key",
        f"{Server().session_requests_a_minute:,} for a session",
        f"{CALLERS_MAX:,} callers remembered",
        f"{QUEUE_MAX:,} waiting",
        f"{CONNECT_SECONDS:.0f} s to connect, {TOTAL_SECONDS:.0f} s in all",
        f"an answer of {ANSWER_BYTES_MAX:,} bytes",
    ]


def _keys() -> list[str]:
    return [
        f"`{PRIVATE_NAME}`",
        f"argon2id, {_ARGON2.memory_cost // 1024} MiB, {_ARGON2.time_cost} passes",
        f"RFC 6238, SHA-1, {STEP_SECONDS} seconds",
        "AES-256-GCM",
    ]


def _lists() -> list[str]:
    return [*(f"`{event}`" for event in _EVENTS), *(f"`{mark.value}`" for mark in Mark)]
