"""Questions others may ask: what somebody can show beside a password, and what was confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, Table, bindparam, select

from counterfoil.basis import canonical_uuid
from counterfoil.factors import tables
from counterfoil.store import Row, Store

ACTIVE: Final = "active"
LOCKED: Final = "locked"
REMOVED: Final = "removed"
SHOWN_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """通行密钥: ``name`` is its owner's word for it, ``rp_id`` the host it belongs to; times in UTC microseconds."""

    id: str
    name: str
    rp_id: str
    credential_id: str
    state: str
    made_at: int
    used_at: int | None

    @property
    def locked(self) -> bool:
        """Whether its count once went back."""
        return self.state == LOCKED


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """What somebody has. ``code_app_since`` None: none; ``codes_left`` counts recovery codes."""

    passkeys: tuple[Passkey, ...]
    code_app_since: int | None
    code_app_used_at: int | None
    codes_left: int

    @property
    def count(self) -> int:
        """How many can be shown: a locked passkey and recovery codes are none."""
        return sum(not one.locked for one in self.passkeys) + (self.code_app_since is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """确认记录: who confirmed what, by which means, when."""

    id: str
    person_id: str
    act: str
    method: str
    request_sha256: str
    evidence_sha256: str
    made_at: int
    evidence: str | None


def of_merchant(table: Table, *named: str) -> Select[Any]:
    """The rows of a merchant with those columns."""
    found = select(table).where(table.c.merchant_id == bindparam("merchant_id"))
    for name in named:
        found = found.where(table.c[name] == bindparam(name))
    return found


_PASSKEYS: Final = (
    of_merchant(tables.passkey, "person_id")
    .where(tables.passkey.c.state != REMOVED)
    .order_by(tables.passkey.c.made_at, tables.passkey.c.id)
)
_CODE_APPS: Final = of_merchant(tables.code_app, "person_id").where(tables.code_app.c.state == ACTIVE)
_CODES: Final = of_merchant(tables.recovery_code, "person_id").order_by(tables.recovery_code.c.id)
_APPROVALS: Final = (
    of_merchant(tables.approval)
    .order_by(tables.approval.c.made_at.desc(), tables.approval.c.id.desc())
    .limit(SHOWN_MOST)
)
_APPROVAL: Final = of_merchant(tables.approval, "id")


async def factors_of(store: Store, merchant_id: int, person_id: str) -> Factors:
    """What that person has to show."""
    passkeys = await passkey_rows(store, merchant_id, person_id)
    app = await code_app_row(store, merchant_id, person_id)
    return Factors(
        passkeys=tuple(_as_passkey(row) for row in passkeys),
        code_app_since=app["made_at"] if app else None,
        code_app_used_at=app["used_at"] if app else None,
        codes_left=len(await code_rows(store, merchant_id, person_id)),
    )


async def approvals(store: Store, merchant_id: int) -> list[Approval]:
    """What was confirmed, newest first, at most 100."""
    return [_as_approval(row) for row in await store.fetch(_APPROVALS, {"merchant_id": merchant_id})]


async def approval(store: Store, merchant_id: int, approval_id: str) -> Approval | None:
    """One of them; None for an id that nobody has, or that can be none."""
    try:
        approval_id = canonical_uuid(approval_id)
    except ValueError:
        return None
    row = await store.fetch_one(_APPROVAL, {"merchant_id": merchant_id, "id": approval_id})
    return _as_approval(row) if row else None


async def passkey_rows(store: Store, merchant_id: int, person_id: str) -> Sequence[Row]:
    """The whole rows of what was not removed. For this area only, as the next two."""
    return await store.fetch(_PASSKEYS, {"merchant_id": merchant_id, "person_id": person_id})


async def code_app_row(store: Store, merchant_id: int, person_id: str) -> Row | None:
    """The row of the code app in use."""
    return await store.fetch_one(_CODE_APPS, {"merchant_id": merchant_id, "person_id": person_id})


async def code_rows(store: Store, merchant_id: int, person_id: str) -> Sequence[Row]:
    """The rows of the recovery codes that are left."""
    return await store.fetch(_CODES, {"merchant_id": merchant_id, "person_id": person_id})


def _as_passkey(row: Row) -> Passkey:
    return Passkey(**{name: row[name] for name in Passkey.__dataclass_fields__})


def _as_approval(row: Row) -> Approval:
    return Approval(**{name: row[name] for name in Approval.__dataclass_fields__})
