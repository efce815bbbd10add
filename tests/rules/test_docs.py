"""The documents are held against the program: commands and options exist, links lead somewhere, pictures are shown."""

from __future__ import annotations

import re
from pathlib import Path

import click

from counterfoil.doors.cli import main
from tests.rules.source import ROOT

_COMMAND = re.compile(r"(?:\./counterfoil|`counterfoil) ([a-z][a-z-]*)([^`\n]*)")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
# Known to the script ./counterfoil itself, not to the program.
OF_THE_SCRIPT = {"test"}


def documents() -> dict[Path, str]:
    paths = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return {path: path.read_text("utf-8") for path in sorted(paths)}


def commands() -> dict[str, click.Command]:
    context = click.Context(main)
    found = {name: main.get_command(context, name) for name in main.list_commands(context)}
    return {name: command for name, command in found.items() if command}


def unknown_commands(text: str, known: dict[str, click.Command]) -> list[str]:
    found = []
    for name, rest in _COMMAND.findall(text):
        if name in OF_THE_SCRIPT:
            continue
        if name not in known:
            found.append(f"counterfoil {name}")
            continue
        options = options_of(known[name])
        found += [f"counterfoil {name} {option}" for option in re.findall(r"--[a-z-]+", rest) if option not in options]
    return found


def options_of(command: click.Command) -> set[str]:
    found = {"--help"} | {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
    if isinstance(command, click.Group):
        context = click.Context(command)
        inner = (command.get_command(context, name) for name in command.list_commands(context))
        found |= {option for each in inner if each for option in options_of(each)}
    return found


def dead_links(path: Path, text: str) -> list[str]:
    targets = (target for target in _LINK.findall(text) if "://" not in target and not target.startswith("mailto:"))
    return [target for target in targets if not (path.parent / target).exists()]


def test_every_command_and_option_in_the_documents_exists():
    known = commands()
    assert [
        f"{path.name}: {said}" for path, text in documents().items() for said in unknown_commands(text, known)
    ] == []


def test_every_command_is_in_the_documents_and_says_what_it_does():
    every = "\n".join(documents().values())
    for name, command in commands().items():
        assert command.get_short_help_str(), name
        assert re.search(rf"counterfoil {name}\b", every), f"no document speaks of counterfoil {name}"


def test_every_link_leads_somewhere():
    assert [f"{path.name}: {dead}" for path, text in documents().items() for dead in dead_links(path, text)] == []


def test_a_picture_that_exists_is_shown():
    shown = "\n".join(documents().values())
    for picture in (ROOT / "docs/pictures").glob("*"):
        assert picture.name in shown, f"no document shows {picture.name}"


def test_both_readmes_name_the_same_commands():
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md"))
    assert {name for name, _ in _COMMAND.findall(english)} == {name for name, _ in _COMMAND.findall(chinese)}


def test_a_command_an_option_or_a_link_that_does_not_exist_is_found():
    known = {"version": commands()["version"]}
    assert unknown_commands("run `./counterfoil nonsense`", known)
    assert unknown_commands("run `counterfoil version --nonsense`", known)
    assert not unknown_commands("run `./counterfoil version --json` or `./counterfoil test`", known)
    assert dead_links(ROOT / "README.md", "[a](docs/nowhere.md)")
    assert not dead_links(ROOT / "README.md", "[a](LICENSE) [b](https://example.org)")


# In both on one page.
ONE_PAGE = {"roles.md"}


def without_the_other(folder: Path) -> list[str]:
    """The guides that lack their other language, or do not lead to it."""
    found = []
    for path in sorted(folder.glob("*.md")):
        ours = path.name.endswith(".zh-CN.md")
        other = path.name.replace(".zh-CN.md", ".md") if ours else path.name.replace(".md", ".zh-CN.md")
        if path.name not in ONE_PAGE and not (folder / other).exists():
            found.append(f"{path.name} has no {other}")
        elif path.name not in ONE_PAGE and f"]({other})" not in path.read_text("utf-8").split("\n\n## ")[0]:
            found.append(f"{path.name} does not lead to {other}")
    return found


def test_every_guide_exists_in_both_languages_and_leads_to_the_other():
    assert without_the_other(ROOT / "docs/guide") == []


def test_a_guide_in_one_language_is_found(tmp_path):
    (tmp_path / "new.md").write_text("# New\n")
    (tmp_path / "both.md").write_text("# Both\n\n[中文](both.zh-CN.md)\n")
    (tmp_path / "both.zh-CN.md").write_text("# 两种\n")
    assert without_the_other(tmp_path) == ["both.zh-CN.md does not lead to both.md", "new.md has no new.zh-CN.md"]
