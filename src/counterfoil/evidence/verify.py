"""Verify a whole installation: every log, every signature, every file, every row. Needs no secret and no server.

What it reads may change meanwhile: a row that does not fit is looked at again after reading on in its log, and named
only once the log stands still. Memory stays bounded; what has to be remembered a row lies in a scratch file.
Sums that an area keeps over its facts are refolded by that area: it hands in a ``Fold``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, closing
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Select, bindparam, func, select

from counterfoil.evidence.archive import Archive
from counterfoil.evidence.check_log import Against, LogCheck
from counterfoil.evidence.check_rows import RowCheck
from counterfoil.evidence.checkpoint import origin_of
from counterfoil.evidence.finding import Finding, Found
from counterfoil.evidence.last_digests import LastDigests
from counterfoil.evidence.note import Verifier
from counterfoil.evidence.reading import log_size
from counterfoil.evidence.row import evidenced_tables
from counterfoil.evidence.source import Source
from counterfoil.evidence.startup import merchants_in_files
from counterfoil.evidence.tables import evidence_checkpoint
from counterfoil.store import Scope
from counterfoil.store.tables import evidence_head, evidence_leaf, installation

FINDINGS_MAX: Final = 10_000
ROUNDS_MAX: Final = 10
Progress = Callable[[int, int], None]
_UUID: Final = select(installation.c.uuid)
_LEAVES: Final = select(func.coalesce(func.sum(evidence_head.c.size), 0).label("leaves"))


@dataclass(slots=True)
class Report:
    """What was looked at and what was found. ``findings`` holds the first alone unless all were asked for."""

    findings: list[Finding]
    merchants: int = 0
    leaves: int = 0
    checkpoints: int = 0
    tiles: int = 0
    rows: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


async def verify(
    source: Source,
    against: Against,
    *,
    on_progress: Progress | None = None,
    all_: bool = False,
    only: int | None = None,
) -> Report:
    """Hold an installation against its own evidence; ends at the first finding unless ``all_``.

    ``only`` is one merchant whose log and rows are looked at, and nothing of others.

    ``on_progress`` is told how many leaves of how many are done.
    """
    report = Report([])
    async with aclosing(_Walk(source, against, report, on_progress, only).findings()) as findings:
        async for finding in findings:
            report.findings.append(finding)
            if not all_ or len(report.findings) == FINDINGS_MAX:
                break
    return report


class _Walk:
    def __init__(
        self, source: Source, against: Against, report: Report, on_progress: Progress | None, only: int | None
    ) -> None:
        self._only = only
        self._source = source
        self._against = against
        self._report = report
        self._on_progress = on_progress
        self._archive = Archive(source, against.data_dir)
        self._seen: set[int] = set()
        self._total = 0

    async def findings(self) -> AsyncGenerator[Finding, None]:
        """Everything that is wrong, log by log, then the tables that belong to no one merchant."""
        uuids = await self._source.fetch(_UUID, {})
        self._total = await self._leaves()
        if not uuids:
            yield Finding(Found.NO_INSTALLATION)
        if self._against.public_key is None:
            yield Finding(Found.NO_KEY)
        uuid = str(uuids[0]["uuid"]) if uuids else None
        with closing(LastDigests()) as elsewhere:
            async for finding in self._logs(uuid, elsewhere):
                yield finding
            if self._only is not None:
                return
            rows = RowCheck(self._source, None, elsewhere)
            for table in evidenced_tables(Scope.EVERYWHERE):
                async for finding in rows.read(table):
                    yield finding
            self._report.rows += rows.rows
            async for finding in self._logs(uuid, elsewhere):
                yield finding
            await rows.settle()
            async for finding in rows.findings():
                yield finding

    async def _logs(self, uuid: str | None, elsewhere: LastDigests) -> AsyncGenerator[Finding, None]:
        """Every log not looked at yet; asked twice, a merchant opened meanwhile is seen as well."""
        with closing(LastDigests()) as ours:
            for merchant_id in sorted(await self._merchants() - self._seen):
                self._seen.add(merchant_id)
                verifier = self._verifier(uuid, merchant_id) if uuid else None
                log = LogCheck(self._archive, verifier, merchant_id, against=self._against, lasts=ours, told=self._told)
                async for finding in self._merchant(merchant_id, log, ours):
                    yield finding
                elsewhere.note(log.named_elsewhere())
                self._count(log)
                ours.clear()

    async def _merchant(self, merchant_id: int, log: LogCheck, lasts: LastDigests) -> AsyncGenerator[Finding, None]:
        for fold in self._against.folds:
            fold.begin()
        async for finding in log.check():
            yield finding
        rows = RowCheck(self._source, merchant_id, lasts)
        for table in evidenced_tables(Scope.BY_MERCHANT):
            async for finding in rows.read(table):
                yield finding
        self._report.rows += rows.rows
        differences: list[Finding] = []
        for _ in range(ROUNDS_MAX):
            async for finding in log.advance():
                yield finding
            await rows.settle()
            differences = [each for fold in self._against.folds for each in await fold.differences(merchant_id)]
            if await log.stands_still():
                break
            differences = []
        async for finding in rows.findings():
            yield finding
        for finding in differences:
            yield finding

    def _verifier(self, uuid: str, merchant_id: int) -> Verifier | None:
        key = self._against.public_key
        return Verifier(origin_of(uuid, merchant_id), key) if key else None

    def _count(self, log: LogCheck) -> None:
        self._report.merchants += 1
        self._report.leaves += log.size
        self._report.checkpoints += log.checkpoints
        self._report.tiles += log.tiles

    def _told(self, size: int) -> None:
        """How far it is in one log: that many leaves beyond the logs before it."""
        done = self._report.leaves + size
        if self._on_progress:
            self._on_progress(done, max(self._total, done))

    async def _leaves(self) -> int:
        if self._only is not None:
            return await log_size(self._source, self._only)
        return int((await self._source.fetch(_LEAVES, {}))[0]["leaves"])

    async def _merchants(self) -> set[int]:
        """Every merchant of whom anything stands anywhere: a log whose head was taken away is looked at too."""
        if self._only is not None:
            return {self._only}
        known = merchants_in_files(self._archive)
        tables = [evidence_head, evidence_leaf, evidence_checkpoint, *evidenced_tables(Scope.BY_MERCHANT)]
        for table in tables:
            known |= await self._distinct(table.c.merchant_id)
        return known

    async def _distinct(self, column: Column[Any]) -> set[int]:
        """The merchants in a table, hopping along its key."""
        hop, made, after = next_merchant(column), set[int](), -1
        while rows := await self._source.fetch(hop, {"after": after}):
            after = int(rows[0]["found"])
            made.add(after)
        return made


def next_merchant(column: Column[Any]) -> Select[Any]:
    """The next merchant behind ``after`` that has a row in a table, by the table's column ``merchant_id``."""
    return select(column.label("found")).where(column > bindparam("after")).order_by(column).limit(1)
