"""Whoever has just cloned it makes a first sale within a minute, with nothing but what the program prints."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.doors.till.steps import PATIENCE_MS
from tests.keys import SCANNER, Keys
from tests.walk.conftest import SOURCE
from tests.walk.walker import WECHAT

# From the command to the tick, packages at hand.
SECONDS_MOST = 60


def printed(running: subprocess.Popen[str]) -> str:
    lines = []
    assert running.stdout is not None
    for line in running.stdout:
        lines.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(lines)


def waited_for_a_processor(pid: int) -> float:
    """How many seconds a process could have worked and was not let to, since others did."""
    return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[1]) / 1e9


@pytest.mark.browser
def test_a_first_sale_is_made_within_a_minute_of_the_readmes_command(chromium: Browser, tmp_path: Path):
    began = time.monotonic()
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "COLUMNS": "140", "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-P", "-m", "counterfoil", "demo", "--port", "0", "--data", str(tmp_path / "demo")]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    try:
        text = printed(running)
        sell(chromium, text)
        took = time.monotonic() - began - waited_for_a_processor(running.pid)
    finally:
        running.send_signal(signal.SIGINT)
        running.wait(60)
        if running.stdout is not None:
            running.stdout.close()
    assert took < SECONDS_MOST, f"{took:.1f} s"


def sell(chromium: Browser, text: str) -> None:
    till = re.search(r"till +(http\S+)", text)
    cashier = re.search(r"(T\d\d) +(\d\d) +(\S+) +收银员", text)
    assert till, text
    assert cashier, text
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE_MS)
    keys = Keys.of(page)
    page.goto(till[1])
    terminal = page.locator("#terminal option", has_text=cashier[1]).get_attribute("value")
    page.select_option("#terminal", terminal)
    page.fill("#number", cashier[2])
    page.fill("#password", cashier[3])
    page.keyboard.press("Enter")
    page.click("a.tile.first")
    page.wait_for_url("**/till/take")
    keys.type("38.00", "Enter")
    page.wait_for_url("**/till/take/*?amount=*")
    keys.type(WECHAT, "Enter", apart=SCANNER)
    page.wait_for_selector("section.result.good")
    assert "¥38.00" in page.inner_text("main")
    page.close()
