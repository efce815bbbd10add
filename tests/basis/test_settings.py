"""Settings: one file and the environment, and a key nobody knows is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from counterfoil.basis import Refused, read_settings

GOOD = """
[server]
port = 9000
public_url = "https://pay.example.org"

[keys]
folder = "/etc/counterfoil/keys"

[providers.lakala]
appid = "OP00000003"
"""


def written(folder, text):
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_all_is_as_by_default(tmp_path):
    settings = read_settings(None, {})
    data = tmp_path / "shop"
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 8460)
    assert settings.keys_dir(data) == tmp_path / "shop.keys"
    assert settings.database_address(data) == f"sqlite://{data.resolve()}/counterfoil.db"


def test_a_file_is_read_and_the_environment_overrides_it(tmp_path):
    environment = {
        "COUNTERFOIL_SERVER__PORT": "9001",
        "COUNTERFOIL_PROVIDERS__LAKALA__APPID": "OP99000001",
        "COUNTERFOIL_DATABASE__ADDRESS": "postgresql://localhost/shop",
        "HOME": "/root",
    }
    settings = read_settings(written(tmp_path, GOOD), environment)
    assert settings.server.port == 9001
    assert settings.server.public_url == "https://pay.example.org"
    assert settings.keys_dir(tmp_path) == Path("/etc/counterfoil/keys")
    assert settings.providers == {"lakala": {"appid": "OP99000001"}}
    assert settings.database_address(tmp_path) == "postgresql://localhost/shop"


def test_a_store_is_distributed_where_the_file_or_the_environment_says_so(tmp_path):
    assert read_settings(None, {}).database.distributed is False
    assert read_settings(written(tmp_path, "[database]\ndistributed = true\n"), {}).database.distributed is True
    assert read_settings(None, {"COUNTERFOIL_DATABASE__DISTRIBUTED": "true"}).database.distributed is True


@pytest.mark.parametrize(
    ("text", "environment", "named"),
    [
        ("", {"COUNTERFOIL_DATABASE__DISTRIBUTED": "perhaps"}, "distributed"),
        ("[server]\nprot = 1\n", {}, "prot"),
        ("[sever]\nport = 1\n", {}, "sever"),
        ('[server]\nport = "many"\n', {}, "port"),
        ("[server\n", {}, "settings.toml"),
        ("", {"COUNTERFOIL_SERVER__PROT": "1"}, "prot"),
        ("", {"COUNTERFOIL_SERVER__PORT": "eighty"}, "port"),
        ("[server]\nport = 1\n", {"COUNTERFOIL_SERVER__PORT__DEEPER": "1"}, "port"),
    ],
)
def test_what_is_wrong_is_refused_by_name(tmp_path, text, environment, named):
    with pytest.raises(Refused) as refused:
        read_settings(written(tmp_path, text), environment)
    told = refused.value.tell("en")
    assert told.code == "CF-7001"
    assert named in told.what + told.do


def test_a_file_that_is_named_and_not_there_is_refused(tmp_path):
    with pytest.raises(Refused) as refused:
        read_settings(tmp_path / "typo.toml", {})
    assert "typo.toml" in refused.value.tell("en").do
