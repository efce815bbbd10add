"""The cluster is started once a session, and only where it is asked for: CI does so in a step of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.patroni import Patroni, running


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """These tests start nine processes and wait for elections: they run with ``--cluster``."""
    return None if config.getoption("--cluster") else collection_path.name.startswith("test_")


@pytest.fixture(scope="session")
def patroni() -> Iterator[Patroni]:
    """Three PostgreSQL under Patroni, of which any may fail."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-cluster-", dir="/tmp") as folder, running(Path(folder)) as one:
        yield one
