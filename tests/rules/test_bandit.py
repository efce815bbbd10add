"""What bandit complains of, each with the reason why it is none; what else it finds fails."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

from tests.rules.source import PACKAGE, ROOT

_OWN_NAMES = "the names are those of our own schema; every value is a parameter"
_SEEDED = "the same from the same seed; it keeps no secret"
_A_WORD = "the name of a thing, not a password"
# By file and rule: how often, and why.
NONE_OF_IT = {
    ("bench/cluster.py", "B404"): (1, "starts PostgreSQL for a measurement"),
    ("bench/cluster.py", "B603"): (1, "our own arguments, and no shell"),
    ("bench/inserts.py", "B608"): (1, _OWN_NAMES),
    ("bench/made_records.py", "B311"): (1, _SEEDED),
    ("bench/search.py", "B311"): (1, _SEEDED),
    ("doors/screen/qr_code.py", "B704"): (1, "drawn by segno; no text of anybody stands in it"),
    ("doors/tls.py", "B106"): (1, "an empty password, or OpenSSL would ask at the console"),
    ("factors/enrolling.py", "B105"): (1, _A_WORD),
    ("people/logins/change_login.py", "B105"): (1, _A_WORD),
    ("people/permission.py", "B105"): (1, _A_WORD),
    ("people/policy.py", "B105"): (1, _A_WORD),
    ("providers/lakala/sandbox/trick.py", "B105"): (3, _A_WORD),
    ("providers/lakala/sm4.py", "B305"): (1, "the provider's protocol says so, and signs around it"),
    ("providers/shouqianba/sandbox/trick.py", "B105"): (3, _A_WORD),
    ("simulation/day.py", "B108"): (1, "a private folder is made inside it"),
    ("simulation/day.py", "B311"): (2, _SEEDED),
    ("simulation/keys.py", "B311"): (1, _SEEDED),
    ("store/engines/postgresql.py", "B608"): (1, _OWN_NAMES),
    ("store/engines/sqlite_writing.py", "B608"): (3, _OWN_NAMES),
    ("store/statements.py", "B608"): (6, _OWN_NAMES),
    ("testing/fault_proxy.py", "B105"): (1, _A_WORD),
}


def complaints(folder: str) -> Counter[tuple[str, str]]:
    """How often bandit complains of what in which file."""
    asked = [sys.executable, "-m", "bandit", "--quiet", "--recursive", "--format", "json", folder]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    found = json.loads(done.stdout)
    assert not found["errors"], found["errors"]
    return Counter((each["filename"].removeprefix(PACKAGE), each["test_id"]) for each in found["results"])


def test_each_complaint_of_bandit_is_known_to_be_none():
    found = complaints(PACKAGE)
    assert found - Counter({key: times for key, (times, _) in NONE_OF_IT.items()}) == Counter()
    # What is no longer there is no longer excused.
    assert Counter({key: times for key, (times, _) in NONE_OF_IT.items()}) - found == Counter()


def test_bandit_finds_what_is_planted(tmp_path):
    (tmp_path / "planted.py").write_text("import subprocess\nsubprocess.run('ls ' + input(), shell=True)\neval('1')\n")
    assert {rule for _, rule in complaints(str(tmp_path))} >= {"B602", "B307"}
