"""Check one stored approval without Counterfoil: ``python tools/verify_approval.py approval.json [--key VKEY]``.

The file is what the office gives out under Confirmations. Needed are Python and the package ``webauthn`` alone; nothing
of Counterfoil is imported, no database and no server is asked. What is checked, each in a line:

1 evidence   the text's SHA-256 is what the log's entry of the confirmation carries
2 request    the SHA-256 of the request's canonical bytes (RFC 8785) is what that entry carries
3 challenge  SHA-256(nonce ‖ request) is what the device signed
4 signature  the device's answer is by that public key, for that site, with its person verified
5 key        the log's entry that enrolled the passkey names this key and this person
6 log        both entries stand in the log that the checkpoint signs (RFC 6962), and it was signed by ``--key``

A code with a password has no signature that others could check: then 1, 2 and 6 hold, and that is said.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from webauthn import verify_authentication_response
from webauthn.helpers.exceptions import WebAuthnException

_ED25519 = 1
_KEY_ID_BYTES = 4


class Wrong(Exception):  # noqa: N818 - what is said of a file that does not hold
    """A check that failed."""


def verify(file: dict[str, Any], key: str | None = None) -> list[str]:
    """The checks that held, a line each. Raises Wrong at the first that does not."""
    evidence, confirmed = json.loads(file["evidence"]), json.loads(file["confirmed"]["entry"])
    held = [_evidence(file, evidence, confirmed), _request(evidence, confirmed)]
    if evidence["method"] == "passkey":
        held += [_challenge(evidence), _signature(evidence), _key(evidence, file)]
    else:
        held.append("signature  none: a code and a password were shown, which only the server could check")
    entries = [file["confirmed"], *([file["enrolled"]] if file["enrolled"] else [])]
    for entry in entries:
        _in_log(entry["entry"].encode(), entry["proof"], key)
    signed = "signed by the given key" if key else "its signature was not checked: give --key"
    return [*held, f"log        {len(entries)} entries stand under the checkpoint; {signed}"]


def canonical(value: Any) -> bytes:
    """RFC 8785 of what a request may hold: objects, arrays, texts, integers, true, false, null."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def _evidence(file: dict[str, Any], evidence: dict[str, Any], confirmed: dict[str, Any]) -> str:
    _same(hashlib.sha256(file["evidence"].encode()).hexdigest(), confirmed["evidence_sha256"], "evidence")
    _same(confirmed["type"], "act.confirmed", "kind of entry")
    _same(evidence["person"], confirmed["actor"], "person")
    return f"evidence   of {confirmed['ts']}, by person {confirmed['actor']}"


def _request(evidence: dict[str, Any], confirmed: dict[str, Any]) -> str:
    deed = evidence["deed"]
    _same(hashlib.sha256(canonical(deed)).hexdigest(), confirmed["request_sha256"], "request")
    _same(deed["act"], confirmed["act"], "act")
    return f"request    {canonical(deed).decode()}"


def _challenge(evidence: dict[str, Any]) -> str:
    signed = json.loads(unb64(evidence["client_data_json"]))
    challenge = hashlib.sha256(unb64(evidence["nonce"]) + canonical(evidence["deed"])).digest()
    _same(unb64(signed["challenge"]), challenge, "challenge")
    return "challenge  SHA-256(nonce + request) is what the device was asked to sign"


def _signature(evidence: dict[str, Any]) -> str:
    answer = {
        "id": evidence["credential_id"],
        "rawId": evidence["credential_id"],
        "type": "public-key",
        "response": {
            "authenticatorData": evidence["authenticator_data"],
            "clientDataJSON": evidence["client_data_json"],
            "signature": evidence["signature"],
        },
    }
    try:
        verify_authentication_response(
            credential=answer,
            expected_challenge=hashlib.sha256(unb64(evidence["nonce"]) + canonical(evidence["deed"])).digest(),
            expected_rp_id=evidence["rp_id"],
            expected_origin=evidence["origin"],
            credential_public_key=unb64(evidence["public_key"]),
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as error:
        raise Wrong(f"signature: {error}") from error
    return f"signature  by the passkey, at {evidence['origin']}, its person verified"


def _key(evidence: dict[str, Any], file: dict[str, Any]) -> str:
    if not file["enrolled"]:
        raise Wrong("key: the entry that enrolled it is missing")
    enrolled = json.loads(file["enrolled"]["entry"])
    _same(enrolled["type"], "passkey.added", "kind of entry")
    _same(hashlib.sha256(unb64(evidence["public_key"])).hexdigest(), enrolled["public_key_sha256"], "key")
    _same((enrolled["subject"], enrolled["person"]), (evidence["passkey"], evidence["person"]), "person of the key")
    return f"key        enrolled by that person on {enrolled['ts']}"


def _in_log(entry: bytes, proof: str, key: str | None) -> None:
    head, _, note = proof.partition("\n\n")
    kind, index, *hashes = head.split("\n")
    _same(kind, "c2sp.org/tlog-proof@v1", "kind of proof")
    text, _, signatures = note.rpartition("\n\n")
    origin, size, root = text.split("\n")
    position = int(index.removeprefix("index "))
    found = _root(hashlib.sha256(b"\x00" + entry).digest(), position, int(size), [base64.b64decode(h) for h in hashes])
    _same(found, base64.b64decode(root), "root of the log")
    if key is not None:
        _signed(f"{text}\n".encode(), origin, signatures, key)


def _root(node: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """RFC 9162 2.1.3.2: the root that an inclusion path leads to."""
    at, last = index, size - 1
    for beside in path:
        if not last:
            raise Wrong("the path of the proof is too long")
        if at == last and at % 2 == 0:
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        pair = beside + node if at % 2 or at == last else node + beside
        node = hashlib.sha256(b"\x01" + pair).digest()
        at, last = at >> 1, last >> 1
    if last:
        raise Wrong("the path of the proof is too short")
    return node


def _signed(text: bytes, origin: str, signatures: str, key: str) -> None:
    """Whether the note carries a signature by the verifier key ``<name>+<hash>+<base64>`` (C2SP signed-note)."""
    name, _, encoded = key.split("+", 2)
    raw = base64.b64decode(encoded)
    _same((name, raw[0]), (origin, _ED25519), "key of the log")
    for line in signatures.splitlines():
        _, signer, blob = line.split(" ")
        if signer != name:
            continue
        try:
            Ed25519PublicKey.from_public_bytes(raw[1:]).verify(base64.b64decode(blob)[_KEY_ID_BYTES:], text)
        except InvalidSignature:
            continue
        return
    raise Wrong("the checkpoint is not signed by that key")


def unb64(text: str) -> bytes:
    """The bytes of unpadded base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _same(found: object, expected: object, what: str) -> None:
    if found != expected:
        raise Wrong(f"{what}: not what the log says")


def main() -> int:
    """Check the file that is named; 0 where everything holds, 1 where something does not, 2 for no such file."""
    asked = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    asked.add_argument("file", type=Path)
    asked.add_argument("--key", help="the log's verifier key, from a place you trust: <name>+<hash>+<base64>")
    given = asked.parse_args()
    try:
        held = verify(json.loads(given.file.read_text("utf-8")), given.key)
    except Wrong as wrong:
        sys.stderr.write(f"does not hold: {wrong}\n")
        return 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"not an approval: {type(error).__name__}: {error}\n")
        return 2
    sys.stdout.write("".join(f"holds: {line}\n" for line in held))
    return 0


if __name__ == "__main__":
    sys.exit(main())
