"""What somebody looks for, and whether a leaf is it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from counterfoil.activity.groups import group_of
from counterfoil.basis import rfc3339


class Glance(msgspec.Struct, frozen=True):
    """As much of a leaf as a filter asks; its bytes are canonical JSON that this server wrote itself."""

    type: str
    ts: str
    actor: str
    subject: str | None = None
    term: str | None = None
    terminal: str | None = None
    shop: str | None = None
    approver: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for; None: anything. Times are UTC microseconds, ``until`` is not in it.

    ``shop_id`` and ``terminal_id`` are where it happened or what it was about. ``shops``: those that may be seen; None:
    all, and what concerns no shop. ``shop_of`` says in which shop each terminal stands.
    """

    since: int
    until: int
    person_id: str | None = None
    group: str | None = None
    shop_id: str | None = None
    terminal_id: str | None = None
    shops: frozenset[str] | None = None
    shop_of: Mapping[str, str] = field(default_factory=dict)

    def holds(self, seen: Glance) -> bool:
        """Whether the leaf is what is looked for."""
        return (
            rfc3339(self.since) <= seen.ts < rfc3339(self.until)
            and (self.person_id is None or self.person_id in (seen.actor, seen.subject, seen.approver))
            and (self.group is None or group_of(seen.type) == self.group)
            and self._is_here(seen)
        )

    def shop_at(self, seen: Glance) -> str | None:
        """The shop in which it happened, or that it was about; None where it concerns none."""
        place = seen.term or seen.terminal or (seen.subject or "")
        return seen.shop or self.shop_of.get(place) or (seen.subject if seen.type.startswith("shop.") else None)

    def _is_here(self, seen: Glance) -> bool:
        if self.terminal_id is not None and self.terminal_id not in (seen.term, seen.terminal, seen.subject):
            return False
        if self.shop_id is None and self.shops is None:
            return True
        where = self.shop_at(seen)
        return (self.shop_id is None or where == self.shop_id) and (self.shops is None or where in self.shops)
