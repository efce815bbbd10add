"""A test waits for what it came for; what the machine's pace decides fails where the machine is busy."""

from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
BY_THE_CLOCK = (
    ("wait_for_timeout" + "(", "wait for what is to be seen"),
    (".keyboard.type" + "(", "tests/keys.py says when each key is pressed"),
)


@pytest.mark.parametrize(("call", "instead"), BY_THE_CLOCK)
def test_no_test_of_a_page_goes_by_the_machines_pace(call, instead):
    found = [str(path.relative_to(TESTS)) for path in TESTS.rglob("*.py") if call in path.read_text("utf-8")]
    assert not found, f"{instead}: {found}"
