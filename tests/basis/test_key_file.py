"""A key file is made once, kept, and never replaced by chance."""

from __future__ import annotations

import pytest

from counterfoil.basis import Refused, SystemEntropy, open_key_file


def test_a_key_is_made_once_and_then_kept(tmp_path):
    path = tmp_path / "keys" / "hmac.key"
    first = open_key_file(path, SystemEntropy(), may_make=True)
    again = open_key_file(path, SystemEntropy(), may_make=False)
    assert len(first.reveal()) == 32
    assert first.reveal() == again.reveal()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def _missing(_path):
    pass


def _readable(path):
    path.write_bytes(b"k" * 32)
    path.chmod(0o644)


def _short(path):
    path.write_bytes(b"k" * 31)
    path.chmod(0o600)


@pytest.mark.parametrize("spoil", [_missing, _readable, _short])
def test_a_key_that_cannot_be_used_is_refused_and_none_is_made(tmp_path, spoil):
    path = tmp_path / "hmac.key"
    spoil(path)
    before = path.read_bytes() if path.exists() else None
    with pytest.raises(Refused) as refused:
        open_key_file(path, SystemEntropy(), may_make=False)
    assert refused.value.kind.code == "CF-7002"
    assert (path.read_bytes() if path.exists() else None) == before
