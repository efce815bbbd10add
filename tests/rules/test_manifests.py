"""Every connector's folder has a manifest that is valid, read without importing its code."""

from __future__ import annotations

import sys

import pytest

from counterfoil.basis import Refused
from counterfoil.providers import scan
from tests.rules.source import PACKAGE, ROOT

FOLDER = ROOT / PACKAGE / "providers"
GOOD = """
id = "{id}"
name_zh = "现金"
name_en = "Cash"
tier = "house"
instant = true
abilities = ["charge", "void", "reverse", "refund", "partial_refund"]
methods = ["cash"]
wallets = ["cash"]
entries = ["keyed"]
void_entries = ["keyed"]
[limits]
amount_max = 100
order_no_max = 32
subject_max = 10
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


def wrong(tmp_path, text, name="cash"):
    """The refusal of a manifest, told; it names the file."""
    with pytest.raises(Refused) as refused:
        scan(_plant(tmp_path, name, text))
    told = refused.value.tell("en").what
    assert str(tmp_path / name / "manifest.toml") in told
    return told


def test_a_manifest_with_an_unknown_key_is_found(tmp_path):
    assert "colour" in wrong(tmp_path, 'colour = "red"' + GOOD.format(id="cash"))


def test_a_manifest_of_another_folder_is_found(tmp_path):
    assert "'lakala'" in wrong(tmp_path, GOOD.format(id="lakala"))


@pytest.mark.parametrize(
    ("right", "planted", "field"),
    [
        ('name_en = "Cash"', 'name_en = ""', "name_en"),
        ('name_en = "Cash"\n', "", "name_en"),
        ('tier = "house"', 'tier = "documented"', "documentation"),
        ('tier = "house"', 'tier = "best"', "tier"),
        ('methods = ["cash"]', 'methods = ["shell"]', "methods"),
        ('wallets = ["cash"]', "wallets = []", "wallets"),
        ('void_entries = ["keyed"]', 'void_entries = ["chip"]', "void_entries"),
        ('void_entries = ["keyed"]', "void_entries = []", "abilities"),
        ('"reverse", ', "", "abilities"),
        ('"reverse", ', '"reverse", "fly", ', "abilities"),
        ('"reverse", ', '"reverse", "query", ', "abilities"),
        ('"reverse", "refund", ', '"reverse", ', "abilities"),
        ("amount_max = 100", "amount_max = 0", "limits.amount_max"),
        ("amount_max = 100\n", "", "amount_max"),
        ("order_no_max = 32", "order_no_max = 20", "limits.order_no_max"),
        ("ask = [5]", "ask = []", "schedule.ask"),
        ("reverse_after = {}", "reverse_after = {chip = 5}", "schedule.reverse_after"),
        ('id = "cash"', 'id = "cash"\ncut_minute = 1440', "cut_minute"),
        ('id = "cash"', 'id = "cash"\nzone = "Moon/Tycho"', "zone"),
        ('id = "cash"', 'id = "cash"\nshowable = ["auth_code"]', "showable"),
        ('id = "cash"', 'id = "cash"\npackage = "os"', "package"),
        ('id = "cash"', "id = ", "manifest.toml"),
    ],
)
def test_what_does_not_fit_in_a_manifest_is_named(tmp_path, right, planted, field):
    text = GOOD.format(id="cash")
    assert right in text
    assert field in wrong(tmp_path, text.replace(right, planted))


SETTING = """
[[settings]]
key = "k"
type = "line"
required = true
label_zh = "字段"
label_en = "Field"
"""


@pytest.mark.parametrize(
    ("right", "planted"),
    [
        ('key = "k"', 'key = "K-1"'),
        ('type = "line"', 'type = "number"'),
        ('type = "line"', 'type = "number"\nlow = 9\nhigh = 1'),
        ('type = "line"', 'type = "line"\nlow = 1\nhigh = 9'),
        ('type = "line"', 'type = "choice"'),
        ('type = "line"', 'type = "line"\nchoices = ["a"]'),
        ('type = "line"', 'type = "pem_key"'),
        ('type = "line"', 'type = "colour"'),
        ('label_en = "Field"', 'label_en = ""'),
        ('label_en = "Field"', 'label_en = "Field"\nhint_en = "x"'),
        ('label_en = "Field"', 'label_en = "Field"\n' + SETTING),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, right, planted):
    assert right in SETTING
    assert "settings" in wrong(tmp_path, GOOD.format(id="cash") + SETTING.replace(right, planted))
