"""The log key is made once and never again."""

import stat

import pytest

from counterfoil.basis import Fault, SeededEntropy
from counterfoil.evidence import open_log_key, public_key

ENTROPY = SeededEntropy("keys")


@pytest.fixture
def folders(tmp_path):
    (tmp_path / "data").mkdir()
    return tmp_path / "keys", tmp_path / "data"


def test_the_key_is_kept_for_its_owner_alone_and_is_the_same_at_the_next_start(folders):
    made = open_log_key(*folders, ENTROPY, data_exists=False)
    assert stat.S_IMODE(folders[0].stat().st_mode) == 0o700
    assert stat.S_IMODE((folders[0] / "log_key.pem").stat().st_mode) == 0o600
    assert open_log_key(*folders, ENTROPY, data_exists=True).public_key == made.public_key


def test_a_missing_key_beside_existing_data_is_never_made_anew(folders):
    with pytest.raises(Fault) as raised:
        open_log_key(*folders, ENTROPY, data_exists=True)
    assert raised.value.kind.code == "CF-5001"
    assert not folders[0].exists()


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_cannot_be_read_is_named_and_kept(folders, content):
    open_log_key(*folders, ENTROPY, data_exists=False)
    (folders[0] / "log_key.pem").write_bytes(content)
    with pytest.raises(Fault) as raised:
        open_log_key(*folders, ENTROPY, data_exists=True)
    assert raised.value.kind.code == "CF-5002"
    assert (folders[0] / "log_key.pem").read_bytes() == content


def test_a_key_that_others_may_read_is_refused(folders):
    open_log_key(*folders, ENTROPY, data_exists=False)
    (folders[0] / "log_key.pem").chmod(0o640)
    with pytest.raises(Fault) as raised:
        open_log_key(*folders, ENTROPY, data_exists=True)
    assert raised.value.kind.code == "CF-5002"


def test_verifying_needs_the_public_half_alone(folders):
    made = open_log_key(*folders, ENTROPY, data_exists=False)
    assert public_key(folders[1]) == (made.public_key, folders[1] / "evidence" / "log_key.pub.pem")
    assert public_key(folders[1], folders[0]) == (made.public_key, folders[0] / "log_key.pub.pem")
    assert public_key(folders[0]) is None
