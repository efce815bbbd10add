"""A code on a screen or in a log can be looked up, in both languages."""

from __future__ import annotations

import json

from click.testing import CliRunner

from counterfoil.basis import CANNOT_BE
from counterfoil.doors.cli import main
from counterfoil.support import catalogue


def explain(*args):
    return CliRunner().invoke(main, ["explain", *args])


def test_a_code_is_explained_in_both_languages():
    done = explain("CF-9001")
    assert done.exit_code == 0
    for words in (CANNOT_BE.zh, CANNOT_BE.en):
        for part in (words.what, words.money, words.do):
            assert part in done.stdout


def test_a_code_is_explained_as_one_line_of_json():
    done = explain("9001", "--json")
    assert done.stdout.count("\n") == 1
    told = json.loads(done.stdout)
    assert told["code"] == "CF-9001"
    assert told["en"]["do"] == CANNOT_BE.en.do
    assert told["zh-CN"]["what"] == CANNOT_BE.zh.what


def test_an_unknown_code_ends_with_1_and_names_those_like_it():
    done = explain("CF-9010")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "CF-9001" in done.stderr
    told = json.loads(explain("CF-9010", "--json").stdout)
    assert "CF-9001" in told["near"]


def test_without_a_code_the_whole_catalogue_is_listed():
    lines = explain().stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(catalogue())
    assert len(json.loads(explain("--json").stdout)["faults"]) == len(lines)
