"""Write docs/security/asvs.md from docs/security/asvs.toml: ``python tools/write_asvs.py > docs/security/asvs.md``."""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
DATA: Final = ROOT / "docs" / "security" / "asvs.toml"
MET: Final = "met"
NOT_APPLICABLE: Final = "not applicable"
NOT_MET: Final = "not met"
VERDICTS: Final = (MET, NOT_APPLICABLE, NOT_MET)
CHAPTERS: Final = (
    "Encoding and Sanitization",
    "Validation and Business Logic",
    "Web Frontend Security",
    "API and Web Service",
    "File Handling",
    "Authentication",
    "Session Management",
    "Authorization",
    "Self-contained Tokens",
    "OAuth and OIDC",
    "Cryptography",
    "Secure Communication",
    "Configuration",
    "Data Protection",
    "Secure Coding and Architecture",
    "Security Logging and Error Handling",
    "WebRTC",
)
HEAD: Final = """# OWASP ASVS 5.0.0, levels 1 and 2 · 应用安全验证标准

Written from `docs/security/asvs.toml` by `tools/write_asvs.py`; a test holds this page, the numbers of the standard and
every named file and test against each other. The standard is OWASP's *Application Security Verification Standard* 5.0.0
(May 2025), published under CC BY-SA 4.0 at <https://github.com/OWASP/ASVS>; numbers, levels and chapter names are its
own, the short wording is ours and does not replace it.

这一页逐条说明本系统对 OWASP ASVS 5.0.0 一级、二级要求的符合情况：**met** 已满足（写明代码位置和测试），
**not applicable** 不适用（写明原因），**not met** 未满足（写明缺什么、怎样才算满足）。条目为我们自己的简短英文概括，
原文以标准为准。

## For the auditor

| verdict | means |
|---|---|
| met | the code or document named does it; tests that are named fail if it stops; *no test*: only reading shows it |
| not applicable | the thing the requirement is about does not exist here; the note says which |
| not met | it is not done, or not everywhere; the note says what is missing and what would meet it |

- A requirement that is met in one part and not in another is *not met*. A provider's protocol that we must speak counts
  like our own choice.
- It is our own reading, not a certificate. Any test named here runs with `pytest <file>::<name>`.
- What the standard asks to have written down stands in [rules](rules.md). What happens outside this program (the
  machine, its users, its proxy, where its logs go) is the operator's; the [guide](../guide/operator.md) says what is
  expected.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement: its number, such as ``6.2.1``, and what we say of it."""

    number: str
    level: int
    says: str
    verdict: str
    where: Sequence[str] = ()
    tests: Sequence[str] = ()
    note: str = ""

    @property
    def chapter(self) -> int:
        """The number of its chapter, from 1."""
        return int(self.number.partition(".")[0])


def requirements(text: str) -> list[Requirement]:
    """All that the data file holds, in its order. Raises ValueError, TypeError for what is no such file."""
    return [Requirement(number=number, **said) for number, said in tomllib.loads(text).items()]


def page(found: Sequence[Requirement]) -> str:
    """The whole page."""
    lines = [HEAD, *_numbers(found), "", *_not_met(found)]
    for chapter, name in enumerate(CHAPTERS, 1):
        lines += ["", f"## V{chapter} {name}", "", "| | L | requirement, in our words | verdict | where, tests, note |"]
        lines += ["|---|---|---|---|---|", *(_row(one) for one in found if one.chapter == chapter)]
    return "\n".join(lines) + "\n"


def _numbers(found: Sequence[Requirement]) -> list[str]:
    lines = [
        "## The numbers · 统计",
        "",
        "| | level | all | met | not applicable | not met |",
        "|---|---|---|---|---|---|",
    ]
    chapters = ((f"V{at} {name}", [one for one in found if one.chapter == at]) for at, name in enumerate(CHAPTERS, 1))
    lines += [_counted(name, "1, 2", some) for name, some in chapters]
    lines += [_counted("all", str(level), [one for one in found if one.level == level]) for level in (1, 2)]
    lines.append(_counted("**all**", "**1, 2**", found))
    shown = sum(one.verdict == MET and bool(one.tests) for one in found)
    return [*lines, "", f"Of those met, {shown} are shown by tests; the others by reading the code or document named."]


def _counted(name: str, level: str, some: Sequence[Requirement]) -> str:
    counts: Mapping[str, int] = Counter(one.verdict for one in some)
    return f"| {name} | {level} | {len(some)} | {' | '.join(str(counts.get(each, 0)) for each in VERDICTS)} |"


def _not_met(found: Sequence[Requirement]) -> list[str]:
    missing = [one for one in found if one.verdict == NOT_MET]
    return [
        "## What is not met · 未满足",
        "",
        "| | L | requirement, in our words | what is missing, and what would meet it |",
        "|---|---|---|---|",
        *(f"| {one.number} | {one.level} | {one.says} | {one.note} |" for one in missing),
    ]


def _row(one: Requirement) -> str:
    where = " · ".join(f"[{_short(path)}](../../{path})" for path in one.where)
    tests = "<br>".join(_test(test) for test in one.tests) or ("no test" if one.verdict == MET else "")
    told = "<br>".join(part for part in (where, tests, one.note) if part)
    verdict = f"**{one.verdict}**" if one.verdict == NOT_MET else one.verdict
    return f"| {one.number} | {one.level} | {one.says} | {verdict} | {told} |"


def _test(test: str) -> str:
    path, _, name = test.partition("::")
    return f"[`{name}`](../../{path})"


def _short(path: str) -> str:
    return path.removeprefix("src/counterfoil/").removeprefix("docs/")


if __name__ == "__main__":
    sys.stdout.write(page(requirements(DATA.read_text("utf-8"))))
