"""How many machines, disks and how much network so many merchants need: the model behind docs/scale.md.

    python tools/capacity.py                       the examples, as they stand in docs/scale.md
    python tools/capacity.py --write               write them there
    python tools/capacity.py MERCHANTS PAYMENTS    one load: how many merchants, payments of all of them a day

Pure functions of three things: a load, a machine, and what a payment costs (tools/footprint.toml, measured by
tools/measure_footprint.py). What is assumed and not measured is a named constant below with its reason.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Final

SECONDS_A_DAY: Final = 86_400
GB: Final = 1_000_000_000
# A processor that is busier than this makes whoever comes wait visibly.
BUSY_MOST: Final = 0.5
# A disk that is fuller leaves no room to vacuum, to rebuild an index or to notice in time.
FULL_MOST: Final = 0.7
# One Python process decides, encodes and hashes on one core at a time.
CORES_A_PROCESS: Final = 1
# Two standbys that confirm: one may fail and nothing stops (PostgreSQL; SQLite has none).
STANDBYS: Final = 2
# A transaction of one merchant ran at 0.22 to 0.31 of plain PostgreSQL's rate on Citus 13.2.2, 8 clients, 2 cores
# (measured 2026-11-22); a node of it is taken to do that much less with the same processor.
CITUS_PART: Final = 0.24
# Below that many machines Citus costs more than it brings (same measurement).
WORKERS_LEAST: Final = 4
# A log is signed at most once in so many seconds, by one process of the whole installation.
SIGNED_EVERY_SECONDS: Final = 20

ROOT: Final = Path(__file__).parents[1]
FOOTPRINT: Final = ROOT / "tools" / "footprint.toml"
PAGE: Final = ROOT / "docs" / "scale.md"
BEGINS: Final = "<!-- Written by tools/capacity.py -->\n"
ENDS: Final = "<!-- To here -->\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What one payment costs: bytes, and microseconds of a core like the one it was measured on."""

    measured_on: str
    machine: str
    sqlite_disk_bytes: float
    sqlite_server_cpu_us: float
    postgresql_disk_bytes: float
    postgresql_server_cpu_us: float
    postgresql_database_cpu_us: float
    postgresql_wal_record_bytes: float
    postgresql_sent_bytes: float
    postgresql_received_bytes: float
    signing_cpu_us: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """``payments_a_day`` of all ``merchants``; the busiest second has ``peak`` times the day's mean.

    ``takes_over``: another machine has to go on when one dies, which SQLite has not.
    """

    name: str
    merchants: int
    payments_a_day: int
    peak: float = 10.0
    kept_years: float = 7.0
    takes_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """A server: its cores, and the bytes of its disk."""

    cores: int
    disk_bytes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What it takes. ``server_machines`` run Counterfoil; ``database_machines`` hold records, each with ``standbys``.

    ``*_cores`` are busy in the busiest second; ``wal_bytes`` and ``network_bytes`` are of one second of it, the network
    between servers, databases and standbys; ``kept_bytes`` are of one copy at the end of the years kept.
    """

    engine: str
    peak_payments: float
    commits: float
    server_cores: float
    database_cores: float
    processes: int
    server_machines: int
    database_machines: int
    standbys: int
    kept_bytes: float
    wal_bytes: float
    network_bytes: float
    signings: float
    signed_within_seconds: float


def peak_of(load: Load) -> float:
    """Payments in the busiest second."""
    return load.payments_a_day / SECONDS_A_DAY * load.peak


def plan(load: Load, machine: Machine, cost: Footprint) -> Plan:
    """The least that carries the load: one machine with SQLite, then PostgreSQL, then Citus."""
    peak = peak_of(load)
    signings = min(peak, load.merchants / SIGNED_EVERY_SECONDS)
    alone = _on_sqlite(load, peak, signings, cost)
    small = alone.server_cores <= CORES_A_PROCESS * BUSY_MOST and alone.kept_bytes <= machine.disk_bytes * FULL_MOST
    if small and not load.takes_over:
        return alone
    return _on_postgresql(load, machine, cost, signings)


def _on_sqlite(load: Load, peak: float, signings: float, cost: Footprint) -> Plan:
    signing_cores = signings * cost.signing_cpu_us / 1e6
    return Plan(
        engine="SQLite",
        peak_payments=peak,
        commits=2 * peak,
        server_cores=peak * cost.sqlite_server_cpu_us / 1e6 + signing_cores,
        database_cores=0.0,
        processes=1,
        server_machines=1,
        database_machines=0,
        standbys=0,
        kept_bytes=_payments_kept(load) * cost.sqlite_disk_bytes,
        wal_bytes=0.0,
        network_bytes=0.0,
        signings=signings,
        signed_within_seconds=signed_within(load, cost),
    )


def _on_postgresql(load: Load, machine: Machine, cost: Footprint, signings: float) -> Plan:
    peak = peak_of(load)
    database_cores = peak * cost.postgresql_database_cpu_us / 1e6
    kept_bytes = _payments_kept(load) * cost.postgresql_disk_bytes
    one_is_enough = _machines(database_cores, kept_bytes, machine) == 1
    if not one_is_enough:
        database_cores /= CITUS_PART
    signing_cores = signings * cost.signing_cpu_us / 1e6
    server_cores = peak * cost.postgresql_server_cpu_us / 1e6 + signing_cores
    # Two at least, so that one may fail.
    server_machines = max(2, ceil(server_cores / (machine.cores * BUSY_MOST)))
    wal_bytes = peak * cost.postgresql_wal_record_bytes
    spoken = peak * (cost.postgresql_sent_bytes + cost.postgresql_received_bytes)
    return Plan(
        engine="PostgreSQL" if one_is_enough else "Citus",
        peak_payments=peak,
        commits=2 * peak,
        server_cores=server_cores,
        database_cores=database_cores,
        processes=max(2, ceil(server_cores / (CORES_A_PROCESS * BUSY_MOST))),
        server_machines=server_machines,
        database_machines=1 if one_is_enough else max(WORKERS_LEAST, _machines(database_cores, kept_bytes, machine)),
        standbys=STANDBYS,
        kept_bytes=kept_bytes,
        wal_bytes=wal_bytes,
        network_bytes=spoken + wal_bytes * STANDBYS,
        signings=signings,
        signed_within_seconds=signed_within(load, cost),
    )


def signed_within(load: Load, cost: Footprint) -> float:
    """How old a leaf is at most before its log is signed, at the peak, with the one signer there is."""
    a_log = cost.signing_cpu_us / 1e6 / BUSY_MOST
    if min(peak_of(load), load.merchants / SIGNED_EVERY_SECONDS) * a_log <= 1:
        return float(SIGNED_EVERY_SECONDS)
    # It cannot keep to its 20 seconds: a round then goes over every log that grew meanwhile, in the end over all.
    return max(float(SIGNED_EVERY_SECONDS), load.merchants * a_log)


def _payments_kept(load: Load) -> float:
    return load.payments_a_day * 365 * load.kept_years


def _machines(cores: float, kept_bytes: float, machine: Machine) -> int:
    """How many it takes for both the processors and the disks."""
    return max(1, ceil(cores / (machine.cores * BUSY_MOST)), ceil(kept_bytes / (machine.disk_bytes * FULL_MOST)))


EXAMPLES: Final = (
    (Load(name="one shop", merchants=1, payments_a_day=300), Machine(cores=2, disk_bytes=250 * GB)),
    (Load(name="a chain of 100 shops", merchants=1, payments_a_day=40_000), Machine(cores=4, disk_bytes=1000 * GB)),
    (
        Load(name="1,000 merchants", merchants=1_000, payments_a_day=300_000, takes_over=True),
        Machine(cores=8, disk_bytes=8000 * GB),
    ),
    (
        Load(name="10,000 merchants", merchants=10_000, payments_a_day=3_000_000, takes_over=True),
        Machine(cores=32, disk_bytes=8000 * GB),
    ),
    (
        Load(name="100,000 merchants", merchants=100_000, payments_a_day=20_000_000, takes_over=True),
        Machine(cores=32, disk_bytes=8000 * GB),
    ),
    (
        Load(name="a national acquirer", merchants=3_000_000, payments_a_day=300_000_000, takes_over=True),
        Machine(cores=64, disk_bytes=16_000 * GB),
    ),
)


COLUMNS: Final = (
    "load",
    "payments a day",
    "at the peak, a second",
    "engine",
    "machines for Counterfoil",
    "for the database + standbys",
    "processes",
    "busy cores: Counterfoil, database",
    "kept, one copy",
    "WAL at the peak",
    "network at the peak",
    "signed within",
)


def read_footprint(path: Path = FOOTPRINT) -> Footprint:
    """What was measured."""
    told = tomllib.loads(path.read_text("utf-8"))
    return Footprint(**{name: told[name] for name in Footprint.__dataclass_fields__})


def costs(cost: Footprint) -> str:
    """What a payment costs, in Markdown."""
    spoken = f"{cost.postgresql_sent_bytes:,.0f} + {cost.postgresql_received_bytes:,.0f} B"
    rows = (
        ("one payment", "on SQLite", "on PostgreSQL"),
        ("---", "---", "---"),
        ("disk: rows, indexes, log", f"{cost.sqlite_disk_bytes:,.0f} B", f"{cost.postgresql_disk_bytes:,.0f} B"),
        (
            "processor, server: request, decide, hash, commit, answer",
            f"{cost.sqlite_server_cpu_us:,.0f} µs",
            f"{cost.postgresql_server_cpu_us:,.0f} µs",
        ),
        ("processor, database", "the server's", f"{cost.postgresql_database_cpu_us:,.0f} µs"),
        ("write-ahead log, records", "emptied into the file", f"{cost.postgresql_wal_record_bytes:,.0f} B"),
        ("network, server to database + back", "none", spoken),
        ("network, to each standby", "none", "as the write-ahead log"),
        ("a signature, for each log that grew", f"{cost.signing_cpu_us:,.0f} µs", "about the same"),
    )
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([*lines, "", f"Measured on {cost.measured_on}: {cost.machine}"]) + "\n"


def table(examples: Sequence[tuple[Load, Machine]], cost: Footprint) -> str:
    """The examples in Markdown, with what they stand on."""
    lines = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    lines += [_row(load, machine, plan(load, machine, cost)) for load, machine in examples]
    loads = {(load.peak, load.kept_years) for load, _ in examples}
    (peak, years) = loads.pop() if len(loads) == 1 else (0.0, 0.0)
    lines += ["", f"Computed. The busiest second is {peak:g} times the mean, {years:g} years are kept: both assumed."]
    return "\n".join(lines) + "\n"


def _row(load: Load, machine: Machine, made: Plan) -> str:
    disk = f"{machine.cores} cores, {machine.disk_bytes / 1000 / GB:g} TB"
    databases = f"{made.database_machines} + {made.database_machines * made.standbys} of {disk}"
    on_sqlite = made.engine == "SQLite"
    cells = (
        load.name,
        f"{load.payments_a_day:,}",
        _short(made.peak_payments),
        made.engine,
        f"{made.server_machines} of {disk}" if on_sqlite else f"{made.server_machines} of {machine.cores} cores",
        "in the same process" if on_sqlite else databases,
        str(made.processes),
        _short(made.server_cores) if on_sqlite else f"{_short(made.server_cores)}, {_short(made.database_cores)}",
        _bytes(made.kept_bytes),
        "—" if on_sqlite else f"{_bytes(made.wal_bytes)}/s",
        "—" if on_sqlite else f"{_bytes(made.network_bytes)}/s",
        f"{_short(made.signed_within_seconds)} s",
    )
    return f"| {' | '.join(cells)} |"


def _short(value: float) -> str:
    if value < 0.01:  # noqa: PLR2004 - as people read numbers
        return "< 0.01"
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"  # noqa: PLR2004 - as above


def _bytes(value: float) -> str:
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 1000:  # noqa: PLR2004 - a prefix is a thousand
            return f"{value:.3g} {unit}"
        value /= 1000
    return f"{value:,.3g} PB"


def written(page: str, made: str) -> str:
    """The page with the examples between its marks."""
    before, _, rest = page.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return f"{before}{BEGINS}\n{made}\n{ENDS}{after}"


def main(arguments: Sequence[str]) -> str:
    """What to print."""
    cost = read_footprint()
    numbers = [int(each.replace(",", "")) for each in arguments if not each.startswith("--")]
    if numbers:
        merchants, payments = numbers
        return table([(Load(name="yours", merchants=merchants, payments_a_day=payments), EXAMPLES[3][1])], cost)
    made = f"{costs(cost)}\n{table(EXAMPLES, cost)}"
    if "--write" in arguments:
        PAGE.write_text(written(PAGE.read_text("utf-8"), made), "utf-8")
    return made


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))
