"""Verify: one leaf by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from counterfoil.basis import MICROS, NotCanonical, encode, from_rfc3339, rfc3339
from counterfoil.evidence.finding import Finding, Found
from counterfoil.evidence.last_digests import Last
from counterfoil.evidence.leaf import COMMON, ROWS, read
from counterfoil.evidence.registry import Registered
from counterfoil.evidence.tree import leaf_hash

# A leaf may be ahead of the verifier's clock by as much as two clocks differ.
AHEAD_MAX: Final = 300 * MICROS


def check_leaf(
    merchant_id: int, row: Mapping[str, Any], kinds: Mapping[str, Registered], now: int
) -> Iterator[Finding | Last | dict[str, Any]]:
    """What is wrong with a row of ``evidence_leaf``, what it says, and one ``Last`` a row it names."""
    position, entry = row["position"], bytes(row["entry"])
    if leaf_hash(entry) != bytes(row["leaf_hash"]):
        yield Finding(Found.LEAF_CHANGED, merchant_id, position=position)
    try:
        said = read(entry)
        lasts = [_last(merchant_id, position, named, said["ts"]) for named in said.get(ROWS, ())]
    except (NotCanonical, ValueError, TypeError, KeyError) as error:
        yield Finding(Found.LEAF_MALFORMED, merchant_id, position=position, why=str(error))
        return
    yield from _said(merchant_id, position, said, kinds, now)
    if said.get("subject") != row["subject"]:
        yield Finding(Found.LEAF_SUBJECT, merchant_id, position=position)
    yield said
    yield from lasts


def _said(
    merchant_id: int, position: int, said: dict[str, Any], kinds: Mapping[str, Registered], now: int
) -> Iterator[Finding]:
    kind = kinds.get(str(said.get("type")))
    extra = said.keys() - COMMON - set(kind.fields if kind else ())
    if kind is None or extra or said.get("v") != 1:
        why = str(said.get("type")) if kind is None else ",".join(sorted(extra)) or "v"
        yield Finding(Found.LEAF_UNKNOWN_KIND, merchant_id, position=position, why=why)
    if not _is_time(said.get("ts"), now):
        yield Finding(Found.LEAF_TIME, merchant_id, position=position, why=str(said.get("ts")))


def _is_time(text: object, now: int) -> bool:
    try:
        micros = from_rfc3339(str(text))
    except ValueError:
        return False
    return rfc3339(micros) == text and 0 < micros <= now + AHEAD_MAX


def _last(merchant_id: int, position: int, named: Any, ts: str) -> Last:
    table, key, digest = named
    return Last(encode([table, key]), digest, ts, position, merchant_id)
