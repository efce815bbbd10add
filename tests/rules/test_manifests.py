"""Every connector's folder has a manifest that is valid, read without importing its code."""

from __future__ import annotations

import sys

import msgspec
import pytest

from counterfoil.providers.manifest import scan
from tests.rules.source import PACKAGE, ROOT

FOLDER = ROOT / PACKAGE / "providers"
GOOD = """
id = "{id}"
name_zh = "现金"
name_en = "Cash"
instant = true
methods = ["cash"]
wallets = ["cash"]
entries = ["keyed"]
void_entries = ["keyed"]
partial_refunds = true
[schedule]
ask = [5]
reverse_after = {{}}
"""


def test_every_connector_has_a_valid_manifest():
    folders = {path.parent.name for path in FOLDER.glob("*/__init__.py")}
    assert set(scan(FOLDER)) == folders


def test_manifests_are_read_without_importing_connectors():
    before = {name for name in sys.modules if name.startswith("counterfoil.providers.")}
    scan(FOLDER)
    assert {name for name in sys.modules if name.startswith("counterfoil.providers.")} == before


def _plant(folder, name, text):
    (folder / name).mkdir()
    (folder / name / "manifest.toml").write_text(text, "utf-8")
    return folder


def test_a_right_manifest_passes(tmp_path):
    assert set(scan(_plant(tmp_path, "cash", GOOD.format(id="cash")))) == {"cash"}


def test_a_manifest_with_an_unknown_key_is_found(tmp_path):
    with pytest.raises(msgspec.ValidationError):
        scan(_plant(tmp_path, "cash", 'colour = "red"' + GOOD.format(id="cash")))


def test_a_manifest_of_another_folder_is_found(tmp_path):
    with pytest.raises(ValueError, match="the id is"):
        scan(_plant(tmp_path, "cash", GOOD.format(id="lakala")))
