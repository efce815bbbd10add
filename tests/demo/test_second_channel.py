"""The demonstration's second channel: ready to be activated, and at the same address after a restart."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from counterfoil.basis import SystemClock, SystemEntropy
from counterfoil.demo.second_channel import PROVIDER, second_sandbox
from counterfoil.demo.state import load_or_begin


async def test_its_sandbox_listens_where_it_did_and_elsewhere_only_where_somebody_else_does(tmp_path):
    entropy = SystemEntropy()
    state = load_or_begin(tmp_path, "s", 0, entropy)
    async with second_sandbox(tmp_path, state, clock=SystemClock(), entropy=entropy) as first:
        key = first.settings["terminal_key"]
    kept = load_or_begin(tmp_path, "s", 0, entropy)
    port = urlsplit(first.url).port
    assert kept.ports == {PROVIDER: port}
    async with second_sandbox(tmp_path, kept, clock=SystemClock(), entropy=entropy) as again:
        assert (again.url, again.settings["terminal_key"]) == (first.url, key)
    with socket.create_server(("127.0.0.1", port)):
        async with second_sandbox(tmp_path, kept, clock=SystemClock(), entropy=entropy) as moved:
            assert moved.url != first.url
