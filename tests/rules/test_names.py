"""What must not be committed: registries' host names, and paths of the machine that somebody worked on."""

from __future__ import annotations

import re
import subprocess

from tests.rules.source import ROOT

# Put together here, so that this file does not hold what it looks for.
HOSTS = ("pyp" + "i.org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian.org", "registry." + "yarnpkg")
PATHS = (
    "/wo" + "rk/",
    "/fa" + "rm/",
    "bash_" + "jobs",
    "." + "library/",
    "fa" + "rm-b",
    "fa" + "rm-s",
    "/ro" + "ot/",
    "/ho" + "me/",
)
_FORBIDDEN = re.compile("|".join(map(re.escape, (*HOSTS, *PATHS))))


def committed() -> list[str]:
    """What git knows or would add; without git, every file outside hidden folders."""
    asked = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists():
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.splitlines()
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [path.as_posix() for path in paths if not any(part.startswith(".ven") for part in path.parts)]


def forbidden(text: str) -> list[str]:
    return [found[0] for found in _FORBIDDEN.finditer(text)]


def test_no_registry_and_no_machine_is_named():
    found = []
    for name in committed():
        path = ROOT / name
        if path.is_file() and b"\0" not in (raw := path.read_bytes()):
            found += [f"{name}: {said}" for said in forbidden(raw.decode("utf-8", "replace"))]
    assert found == []


def test_a_named_registry_or_path_is_found():
    for word in (*HOSTS, *PATHS):
        assert forbidden(f"see https:/{word} for more")
    assert forbidden("an ordinary sentence about work and a library") == []
