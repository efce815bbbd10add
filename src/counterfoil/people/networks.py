"""From which networks a merchant's office, its API and its dangerous acts may be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sqlalchemy import bindparam, select

from counterfoil.basis import HOME, NOWHERE, Address, Fault, FaultKind, Networks
from counterfoil.people.network_faults import API_ELSEWHERE, DANGER_ELSEWHERE, OFFICE_ELSEWHERE
from counterfoil.people.tables import trusted_network
from counterfoil.store import Row, Store, by_key

OFFICE: Final = "office"
API: Final = "api"
DANGER: Final = "danger"
PURPOSES: Final = (OFFICE, API, DANGER)
TRIAL_SECONDS: Final = 60
# Where nothing is set, dangerous acts are for this machine and private networks; the rest is for anybody who signs in.
DEFAULTS: Final[Mapping[str, Networks]] = {OFFICE: NOWHERE, API: NOWHERE, DANGER: HOME}
_ELSEWHERE: Final[Mapping[str, FaultKind]] = {
    OFFICE: OFFICE_ELSEWHERE,
    API: API_ELSEWHERE,
    DANGER: DANGER_ELSEWHERE,
}
_ROWS: Final = select(trusted_network).where(trusted_network.c.merchant_id == bindparam("merchant_id"))
_ROW: Final = by_key(_ROWS.where(trusted_network.c.purpose == bindparam("purpose")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """One purpose's list as saved, and the one on trial, if any, until when (UTC microseconds)."""

    purpose: str
    networks: Networks = NOWHERE
    trial: Networks | None = None
    trial_until: int = 0

    def on_trial(self, now: int) -> bool:
        """Whether another list than the saved one is in force."""
        return self.trial is not None and now < self.trial_until

    def named(self, now: int) -> Networks:
        """The list that the merchant named, as it counts now; empty where none is named."""
        return self.trial if self.trial is not None and now < self.trial_until else self.networks

    def in_force(self, now: int) -> Networks:
        """The list that counts now; an empty one lets anybody in."""
        return self.named(now) or DEFAULTS[self.purpose]

    def lets_in(self, caller: Address | None, now: int, *, only_if_named: bool = False) -> bool:
        """Whether somebody from there may; ``only_if_named``: the default holds nobody, a list of the merchant does."""
        found = self.named(now) if only_if_named else self.in_force(now)
        return not found or found.hold(caller)

    def refusal(self, caller: Address | None) -> Fault:
        """What somebody from elsewhere is told: CF-2120 office, CF-2121 API, CF-2122 dangerous acts."""
        return _ELSEWHERE[self.purpose](address=caller or "?")


async def trusted(store: Store, merchant_id: int, purpose: str) -> Trusted:
    """What counts for one purpose."""
    row = await store.fetch_one(_ROW, {"merchant_id": merchant_id, "purpose": purpose})
    return Trusted(purpose=purpose) if row is None else as_trusted(row)


async def all_trusted(store: Store, merchant_id: int) -> list[Trusted]:
    """What counts for each purpose, in the order of PURPOSES."""
    rows = {row["purpose"]: row for row in await store.fetch(_ROWS, {"merchant_id": merchant_id})}
    return [as_trusted(rows[one]) if one in rows else Trusted(purpose=one) for one in PURPOSES]


async def row_of(store: Store, merchant_id: int, purpose: str) -> Row | None:
    """The row as it is, for whoever changes it."""
    return await store.fetch_one(_ROW, {"merchant_id": merchant_id, "purpose": purpose})


def as_trusted(row: Row) -> Trusted:
    """The record of a row."""
    return trusted_as(row["purpose"], row)


def trusted_as(purpose: str, row: Row) -> Trusted:
    """The record of the columns ``networks``, ``trial`` and ``trial_until``; NULL where there is no row."""
    if row["networks"] is None:
        return Trusted(purpose=purpose)
    return Trusted(
        purpose=purpose,
        networks=networks_in(row["networks"]),
        trial=None if row["trial"] is None else networks_in(row["trial"]),
        trial_until=row["trial_until"] or 0,
    )


@lru_cache(maxsize=256)
def networks_in(text: str) -> Networks:
    """The list as it stands in a row; asked for at each request, so each text is read once."""
    return Networks.read(text.split())


def written(networks: Networks) -> str:
    """The list as it stands in a row and in a fact."""
    return " ".join(networks.texts())
