"""What a provider answers to a question that moves nothing, field by field, as people may see it.

Its members are passed on as they are, with our words where the provider's manifest knows one. A long number that is not
one of ours (a bank account, a telephone) is shown by its last four digits, and what is named like a secret not at all.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.providers.faults import NOT_READ
from counterfoil.providers.manifest import Manifest, Named

READ_SECONDS_MAX: Final = 20.0
_FIELDS_MAX: Final = 200
_LENGTH_MAX: Final = 200
_DEEP_MAX: Final = 6
_LONG_NUMBER: Final = re.compile(r"[0-9]{7,}(?=[0-9Xx]{4}(?![0-9]))", re.ASCII)
_SECRET: Final = re.compile(r"secret|password|passwd|pwd|key|token|cvv|pin$", re.ASCII | re.IGNORECASE)
_STARS: Final = "****"


@dataclass(frozen=True, slots=True)
class SaidField:
    """One member: its ``name`` (``a.b`` within an object), what stands there, and our word where there is one."""

    name: str
    value: str
    word: Named | None = None


async def answered_to(asking: Awaitable[Mapping[str, Any]], *, seconds: float = READ_SECONDS_MAX) -> Mapping[str, Any]:
    """The answer, for which nobody waits longer than ``seconds``. Raises NOT_READ."""
    try:
        async with asyncio.timeout(seconds):
            return await asking
    except TimeoutError:
        raise NOT_READ(said="timeout") from None


def read_out(
    answer: Mapping[str, Any], manifest: Manifest, ours: frozenset[str] = frozenset()
) -> tuple[SaidField, ...]:
    """The first 200 members of ``answer``. ``ours``: numbers that are shown whole, because we sent them."""
    words = {word.key: word for word in manifest.fields}
    found: list[SaidField] = []
    for name, value in _flat(answer, "", 0):
        if len(found) == _FIELDS_MAX:
            break
        last = name.rpartition(".")[2]
        found.append(SaidField(name[:_LENGTH_MAX], _shown(last, value, ours), words.get(last)))
    return tuple(found)


def _shown(name: str, value: str, ours: frozenset[str]) -> str:
    if value and _SECRET.search(name):
        return _STARS
    if value in ours:
        return value
    printable = "".join(each if each.isprintable() else " " for each in value[:_LENGTH_MAX])
    return _LONG_NUMBER.sub(_STARS, printable)


def _flat(value: Any, name: str, deep: int) -> Iterator[tuple[str, str]]:
    """Every leaf with its name; what lies too deep is left out."""
    if deep > _DEEP_MAX:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key), deep + 1)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, f"{number}.{name}" if name else str(number), deep + 1)
    else:
        yield name, "" if value is None else str(value)
