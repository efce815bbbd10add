"""Who begins to work in one of the shops during the made-up year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from counterfoil.basis import Secret
from counterfoil.demo.cast import MERCHANT_ID, name_of
from counterfoil.people import Actor, Means, NewPerson, Role, add_operator, person_by_number


class Newcomer(NamedTuple):
    """Somebody's first day."""

    begins: date
    number: str
    password: str


class Newcomers:
    """Added by the administrator ``actor`` on their first day."""

    def __init__(self, means: Means, actor: Actor, newcomers: Iterable[Newcomer]) -> None:
        """Add through ``means``."""
        self._means = means
        self._actor = actor
        self._newcomers = list(newcomers)

    async def begin(self, day: date) -> Mapping[str, str]:
        """The ids of those who begin on ``day`` or have begun since the last time, by number."""
        ready = [each for each in self._newcomers if each.begins <= day]
        self._newcomers = [each for each in self._newcomers if each.begins > day]
        return {each.number: await self._added(each) for each in ready}

    async def _added(self, newcomer: Newcomer) -> str:
        known = await person_by_number(self._means.store, MERCHANT_ID, newcomer.number)
        if known is None:
            password = Secret(newcomer.password)
            new = NewPerson(number=newcomer.number, name=name_of(newcomer.number), role=Role.CASHIER, password=password)
            known = await add_operator(self._means, self._actor, new)
        return known.id
