"""The log, read again from its bytes: hashed, folded and added up by the auditor's own few lines."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from counterfoil.simulation.audit import Violation

_SALES: Final = ("txn.captured", "txn.resolved", "txn.recorded")


def audit_log(
    leaves: Sequence[Mapping[str, Any]],
    head: Mapping[str, Any],
    notes: Sequence[Mapping[str, Any]],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    evidenced: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> list[Violation]:
    """I5 and I6. ``tables``: rows by table; ``evidenced``: each table's key and evidenced columns."""
    entries = [bytes(leaf["entry"]) for leaf in leaves]
    facts = [json.loads(entry) for entry in entries]
    found = [Violation("I5", said) for said in _heads(entries, leaves, head, notes)]
    found += [Violation("I5", said) for said in _states(facts, tables["payment"])]
    found += [Violation("I5", said) for said in _digests(facts, tables, evidenced)]
    return found + [Violation("I6", said) for said in _sums(facts, tables["day_totals"])]


def root(entries: Sequence[bytes]) -> bytes:
    """The head of a log, by the definition of RFC 6962 2.1."""
    level = [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
    if not level:
        return hashlib.sha256().digest()
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\1" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(level) & ~1 :]
    return level[0]


def _heads(
    entries: Sequence[bytes],
    leaves: Sequence[Mapping[str, Any]],
    head: Mapping[str, Any],
    notes: Sequence[Mapping[str, Any]],
) -> Iterator[str]:
    if [leaf["position"] for leaf in leaves] != list(range(head["size"])):
        yield f"the log's head says {head['size']} leaves, and there are {len(leaves)}"
    if any(
        bytes(leaf["leaf_hash"]) != hashlib.sha256(b"\0" + entry).digest()
        for leaf, entry in zip(leaves, entries, strict=True)
    ):
        yield "a leaf has another hash than its bytes"
    for note in notes:
        size, said = note["note"].split("\n")[1:3]
        if base64.b64decode(said) != root(entries[: int(size)]):
            yield f"the head signed at {size} is not that of the log's first {size} leaves"
    if not notes or max(note["size"] for note in notes) != len(leaves):
        yield "the newest leaves were not signed"


def _states(facts: Sequence[Mapping[str, Any]], payments: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Each payment's state is where its last fact led, and each fact begins where the one before it ended."""
    states: dict[str, str | None] = {}
    for fact in facts:
        if not fact["type"].startswith(("txn.", "refund.")):
            continue
        subject, was, to = fact["subject"], fact.get("from"), fact.get("to")
        if was is not None and states.get(subject) != was:
            yield f"payment {subject}: {fact['type']} begins at {was}, where it was not"
        states[subject] = to if to is not None else states.get(subject)
    for row in payments:
        if states.get(row["id"]) != row["money"]:
            yield f"payment {row['id']} is {row['money']}, and the log says {states.get(row['id'])}"
    if len(states) != len(payments):
        yield f"the log speaks of {len(states)} payments, and there are {len(payments)}"


def _digests(
    facts: Sequence[Mapping[str, Any]],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
    evidenced: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
) -> Iterator[str]:
    """The last digest of each row is that of the row, and no row is without one."""
    last = {(table, json.dumps(key)): digest for fact in facts for table, key, digest in fact.get("rows", ())}
    for table, (key_columns, columns) in evidenced.items():
        for row in tables[table]:
            key = [row[name] for name in key_columns]
            if last.get((table, json.dumps(key))) != _digest(table, key, {name: row[name] for name in columns}):
                yield f"{table} {key} is not as the log's last digest has it"


def _digest(table: str, key: list[Any], columns: Mapping[str, Any]) -> str:
    """RFC 8785, for what our rows hold: whole numbers, text and null; names are ASCII."""
    said = json.dumps([table, key, columns], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _sums(facts: Sequence[Mapping[str, Any]], totals: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    minors: Counter[tuple[str, str]] = Counter()
    for fact in facts:
        kind = _summed(fact)
        if kind:
            minors[fact["day"], kind] += fact["amount"]["minor"]
    kept: Counter[tuple[str, str]] = Counter()
    for row in totals:
        kept[row["business_day"], row["kind"]] += row["minor"]
    for day, kind in sorted(minors | kept):
        if minors[day, kind] != kept[day, kind]:
            yield f"{kind} of {day}: the log adds up to {minors[day, kind]}, the sums say {kept[day, kind]}"


def _summed(fact: Mapping[str, Any]) -> str:
    if fact["type"] in _SALES and fact["to"] == "captured":
        return "sale"
    return {"txn.voided": "void", "txn.refunded": "refund"}.get(fact["type"], "")
