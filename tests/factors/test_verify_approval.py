"""The stored approval of one act is verified by a script that uses only a WebAuthn library and the evidence log."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from counterfoil.basis import SystemEntropy
from counterfoil.evidence import Archive, Signer, Verifier, open_log_key, origin_of
from counterfoil.factors import export_approval
from tests.factors.refusing import refused
from tools.verify_approval import Wrong, verify

SCRIPT = Path(__file__).parents[2] / "tools" / "verify_approval.py"


@pytest.fixture
async def exported(desk, tmp_path):
    """A log with two approvals, by a passkey and by a code, and how each is exported."""
    device = desk.device()
    await desk.enrol(device)
    question = await desk.asked(desk.deed(hold="h1", amount_minor=12345, note="保全"))
    by_passkey = await desk.confirmed(question, desk.answered(question, device))
    await desk.enrol_app_beside()
    question = await desk.asked(desk.deed(hold="h2"))
    by_code = await desk.confirmed(question, desk.typed(1))
    people = desk.means.people
    key = open_log_key(tmp_path / "keys", tmp_path, SystemEntropy(), data_exists=False)
    archive, installation = Archive(people.store, tmp_path), people.store.installation.uuid
    await refused("CF-5005", export_approval(people.store, archive, desk.actor.merchant_id, by_code.approval_id))
    await Signer(people.store, archive, key, installation=installation, clock=people.clock, ids=people.ids).sign_all()
    merchant = desk.actor.merchant_id
    files = [
        json.loads(await export_approval(people.store, archive, merchant, one.approval_id))
        for one in (by_passkey, by_code)
    ]
    return *files, Verifier(origin_of(installation, merchant), key.public_key).vkey


async def test_an_approval_by_a_passkey_holds_to_the_log_s_own_signature(exported, tmp_path):
    passkey, _, vkey = exported
    held = verify(passkey, vkey)
    assert [line.split()[0] for line in held] == ["evidence", "request", "challenge", "signature", "key", "log"]
    assert '"amount_minor":12345' in held[1]
    path = tmp_path / "approval.json"
    path.write_text(json.dumps(passkey, ensure_ascii=False), "utf-8")
    alone = {"PATH": "", "PYTHONPATH": ""}
    done = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", str(SCRIPT), str(path), "--key", vkey), env=alone, stdout=PIPE, stderr=PIPE
    )
    told, complained = await done.communicate()
    assert done.returncode == 0, complained
    assert "保全" in told.decode()
    assert "counterfoil" not in SCRIPT.read_text("utf-8").split('"""')[2]


async def test_an_approval_by_a_code_holds_and_says_what_nobody_else_can_check(exported):
    _, code, vkey = exported
    held = verify(code, vkey)
    assert held[2].startswith("signature  none")


def _evidence(change):
    def spoil(file):
        said = json.loads(file["evidence"])
        change(said)
        file["evidence"] = json.dumps(said)

    return spoil


def _entry(which, **change):
    def spoil(file):
        said = json.loads(file[which]["entry"])
        file[which]["entry"] = json.dumps(said | change, sort_keys=True, separators=(",", ":"))

    return spoil


SPOILED = {
    "another amount": _evidence(lambda said: said["deed"]["what"].update(amount_minor=99999)),
    "another person": _evidence(lambda said: said.update(person="p")),
    "another nonce": _evidence(lambda said: said.update(nonce="AAAA")),
    "another time": _entry("confirmed", ts="2020-01-01T00:00:00.000000Z"),
    "another act": _entry("confirmed", act="refund"),
    "another digest": _entry("confirmed", request_sha256="0" * 64),
    "another key": _entry("enrolled", public_key_sha256="0" * 64),
    "another owner of the key": _entry("enrolled", person="p"),
    "no enrolment": lambda file: file.update(enrolled=None),
    "a longer path": lambda file: file["confirmed"].update(
        proof=file["confirmed"]["proof"].replace("\n\n", "\n" + "A" * 43 + "=\n\n", 1)
    ),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
async def test_an_approval_that_was_changed_does_not_hold(exported, spoil):
    passkey, _, vkey = exported
    spoil(passkey)
    with pytest.raises(Wrong):
        verify(passkey, vkey)


async def test_evidence_that_fits_itself_and_another_signature_does_not_hold(exported):
    passkey, _, vkey = exported
    said = json.loads(passkey["evidence"])
    other = json.loads(passkey["confirmed"]["entry"])
    said["signature"] = said["signature"][:-4] + "AAAA"
    passkey["evidence"] = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    other["evidence_sha256"] = hashlib.sha256(passkey["evidence"].encode()).hexdigest()
    passkey["confirmed"]["entry"] = json.dumps(other, sort_keys=True, separators=(",", ":"))
    with pytest.raises(Wrong, match="signature"):
        verify(passkey, vkey)


async def test_a_log_signed_by_another_key_does_not_hold(exported):
    passkey, _, vkey = exported
    other = Verifier(vkey.split("+")[0], bytes(32)).vkey
    with pytest.raises(Wrong):
        verify(passkey, other)


async def test_an_id_nobody_has_gives_no_file(desk, exported, tmp_path):
    people = desk.means.people
    for one in ("", "x", people.ids.uuid()):
        await refused(
            "CF-2070", export_approval(people.store, Archive(people.store, tmp_path), desk.actor.merchant_id, one)
        )
