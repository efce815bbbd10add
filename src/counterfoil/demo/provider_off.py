"""The day in the made-up year on which the provider is deactivated: New Year's Day, when every shop is closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from counterfoil.basis import from_rfc3339
from counterfoil.demo.cast import MERCHANT_ID
from counterfoil.demo.circumstances import NEW_YEARS
from counterfoil.demo.day import OFFSET
from counterfoil.demo.staff_changes import Company, Event
from counterfoil.evidence import timeline
from counterfoil.providers import accounts_of_provider
from counterfoil.retirement import switch_account

_OFF: Final = "00:30:00"
_ON: Final = "06:00:00"


def provider_off(company: Company, opened: date, today: date) -> Sequence[Event]:
    """Off for the provider's maintenance, and on again the next morning; of each Spring Festival in the year."""
    days = [day for day in NEW_YEARS if opened < day < today]
    off = [Event(_at(day, _OFF), _Switch(company, "account.deactivated", on=False).happens) for day in days]
    back = [day + timedelta(days=1) for day in days]
    on = [Event(_at(day, _ON), _Switch(company, "account.reinstated", on=True).happens) for day in back]
    return [*off, *on]


@dataclass(frozen=True, slots=True)
class _Switch:
    company: Company
    kind: str
    on: bool

    async def happens(self) -> None:
        """Once; what stands in the log of it has happened."""
        means = self.company.means
        account = (await accounts_of_provider(means.store, MERCHANT_ID, "lakala"))[0]["id"]
        if any(said["type"] == self.kind for _, said in await timeline(means.store, MERCHANT_ID, account)):
            return
        await switch_account(means, self.company.actor, account, on=self.on, reason="MAINTENANCE")


def _at(day: date, time: str) -> int:
    return from_rfc3339(f"{day.isoformat()}T{time}{OFFSET}")
