"""Software that is not ours agrees: it accepts what we make and refuses every change of it.

sigstore (proof and signed checkpoint), scitt-cose (proof), metamorphic-log (proof, consistency, note) and the openssl
program (the note's signature).
"""

import base64
import random
import subprocess
from types import SimpleNamespace

import metamorphic_log
import pytest
import scitt_cose.merkle
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sigstore._internal.merkle import verify_merkle_inclusion
from sigstore._internal.rekor.checkpoint import verify_checkpoint
from sigstore.errors import VerificationError

from counterfoil.evidence import Checkpoint, NotANote, Verifier, open_checkpoint
from counterfoil.evidence.tree import consistency_proof, inclusion_proof, leaf_hash, root_of
from counterfoil.evidence.tree import verify_consistency as our_consistency
from counterfoil.evidence.tree import verify_inclusion as our_inclusion

ORIGIN = "0198c0de-0000-7000-8000-000000000000.counterfoil/1"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
VERIFIER = Verifier(ORIGIN, KEY.public_key().public_bytes_raw())
SIZES = [1, 2, 3, 255, 256, 257]
LONG_SIZES = [65_535, 65_536, 65_537]


def entry(number):
    return f'{{"n":{number}}}'.encode()


class Log:
    def __init__(self, size):
        self.size = size
        self.hashes = [leaf_hash(entry(number)) for number in range(size)]
        self.root = root_of(self.hashes)
        self.note = Checkpoint(ORIGIN, size, self.root).signed(KEY)

    def case(self, index):
        proof = inclusion_proof(self.hashes, index)
        return SimpleNamespace(leaf=entry(index), index=index, size=self.size, proof=proof, root=self.root)


def sigstore_accepts(case):
    inner = SimpleNamespace(log_index=case.index, tree_size=case.size, hashes=case.proof, root_hash=case.root)
    try:
        verify_merkle_inclusion(
            SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=inner, canonicalized_body=case.leaf))
        )
    except VerificationError:
        return False
    return True


def scitt_accepts(case):
    proof = [each.hex() for each in case.proof]
    return bool(scitt_cose.merkle.verify_inclusion(case.leaf.hex(), case.index, case.size, proof, case.root.hex()))


def metamorphic_accepts(case):
    try:
        metamorphic_log.verify_inclusion(case.index, case.size, leaf_hash(case.leaf), case.proof, case.root)
    except metamorphic_log.VerifyError:
        return False
    return True


def ours_accepts(case):
    return our_inclusion(leaf_hash(case.leaf), case.index, case.size, case.proof, case.root)


JUDGES = [ours_accepts, sigstore_accepts, scitt_accepts, metamorphic_accepts]


def flipped(raw):
    return bytes([raw[0] ^ 1]) + raw[1:]


def mutations(case):
    """The case with one thing wrong, and what that is."""

    def but(**what):
        return SimpleNamespace(**{**vars(case), **what})

    yield "leaf", but(leaf=case.leaf + b" ")
    yield "root", but(root=flipped(case.root))
    yield "longer path", but(proof=[*case.proof, case.root])
    if case.size > 1:
        yield "index", but(index=case.index ^ 1 if case.index ^ 1 < case.size else case.index - 1)
        yield "path cut", but(proof=case.proof[:-1])
        yield "path element", but(proof=[flipped(case.proof[0]), *case.proof[1:]])
    # A size with as long a path for this leaf describes a tree of the same shape above it: no verifier can tell by the
    # path alone, the checkpoint's size does. Twice the size always asks for a longer path.
    yield "size", but(size=case.size * 2)
    if len(set(case.proof)) > 1:
        yield "path reversed", but(proof=case.proof[::-1])


def hold(size):
    log = Log(size)
    dice = random.Random(size)
    for index in {0, size - 1, size // 2, *(dice.randrange(size) for _ in range(20))}:
        case = log.case(index)
        assert [judge(case) for judge in JUDGES] == [True] * len(JUDGES)
        for what, wrong in mutations(case):
            assert [judge(wrong) for judge in JUDGES] == [False] * len(JUDGES), (size, index, what)


@pytest.mark.parametrize("size", SIZES)
def test_all_accept_our_proofs_and_refuse_every_mutation(size):
    hold(size)


@pytest.mark.long
def test_all_agree_on_large_logs_too(long):
    for size in LONG_SIZES if long else [511]:
        hold(size)


@pytest.mark.parametrize("size", SIZES)
def test_consistency_is_seen_by_all_and_a_rewritten_past_by_all(size):
    log = Log(size)
    for old in {1, size // 2, size - 1, size} - {0}:
        proof, old_root = consistency_proof(log.hashes, old), root_of(log.hashes[:old])
        assert _all_consistent(old, size, proof, old_root, log.root) == [True] * 2
        assert _all_consistent(old, size, proof, flipped(old_root), log.root) == [False] * 2
        assert _all_consistent(old, size, proof, old_root, flipped(log.root)) == [False] * 2


def _all_consistent(old, new, proof, old_root, new_root):
    return [
        our_consistency(old, new, proof, old_root, new_root),
        _metamorphic_consistent(old, new, proof, old_root, new_root),
    ]


def _metamorphic_consistent(old, new, proof, old_root, new_root):
    try:
        metamorphic_log.verify_consistency(old, new, proof, old_root, new_root)
    except metamorphic_log.VerifyError:
        return False
    return True


class Ring:
    """sigstore's key ring, with our key in it."""

    def __init__(self, public_key):
        self.public_key = public_key

    def verify(self, *, key_id, signature, data):
        try:
            Ed25519PublicKey.from_public_bytes(self.public_key).verify(signature, data)
        except InvalidSignature as error:
            raise VerificationError(str(error)) from error


def sigstore_opens(note, verifier, root):
    point = SimpleNamespace(root_hash=root, checkpoint=SimpleNamespace(envelope=note.decode()))
    inner = SimpleNamespace(inclusion_proof=point, log_id=SimpleNamespace(key_id=verifier.key_id + bytes(28)))
    try:
        verify_checkpoint(Ring(verifier.public_key), SimpleNamespace(_inner=inner))
    except VerificationError:
        return False
    return True


def metamorphic_opens(note, verifier, _root):
    try:
        return metamorphic_log.checkpoint_verify(note.decode(), [verifier.vkey]).origin == verifier.name
    except metamorphic_log.VerifyError:
        return False


def ours_opens(note, verifier, root):
    try:
        return open_checkpoint(note, verifier).root == root
    except NotANote:
        return False


NOTE_JUDGES = [ours_opens, sigstore_opens, metamorphic_opens]


def test_a_checkpoint_is_accepted_by_all_and_each_change_of_it_refused_by_all():
    log = Log(257)
    assert [judge(log.note, VERIFIER, log.root) for judge in NOTE_JUDGES] == [True] * 3
    head, raw = log.note.decode().rsplit(" ", 1)
    signature = base64.b64decode(raw)
    other_root = base64.b64encode(flipped(log.root)).decode()
    wrong = {
        "signature": f"{head} {base64.b64encode(signature[:-1] + flipped(signature[-1:])).decode()}\n",
        "key id": f"{head} {base64.b64encode(flipped(signature)).decode()}\n",
        "size": log.note.decode().replace("\n257\n", "\n258\n"),
        "root": log.note.decode().replace(base64.b64encode(log.root).decode(), other_root),
        "origin": log.note.decode().replace("counterfoil/1\n", "counterfoil/2\n"),
        "another key's": Checkpoint(ORIGIN, 257, log.root).signed(OTHER).decode(),
        "no signature": log.note.decode().partition("\n\n")[0] + "\n",
    }
    for what, note in wrong.items():
        assert [judge(note.encode(), VERIFIER, log.root) for judge in NOTE_JUDGES] == [False] * 3, what
    other = Verifier(ORIGIN, OTHER.public_key().public_bytes_raw())
    assert [judge(log.note, other, log.root) for judge in NOTE_JUDGES] == [False] * 3


def test_metamorphic_log_checks_leaf_proof_and_checkpoint_at_once():
    log = Log(257)
    case = log.case(200)
    arguments = (log.note.decode(), [VERIFIER.vkey], 200, leaf_hash(case.leaf), case.proof)
    metamorphic_log.checkpoint_verify_inclusion(*arguments)
    with pytest.raises(metamorphic_log.VerifyError):
        metamorphic_log.checkpoint_verify_inclusion(*arguments[:3], leaf_hash(b"other"), case.proof)


def test_openssl_accepts_the_signature_and_refuses_another_text(tmp_path):
    note = Log(3).note.decode()
    text, _, line = note.partition("\n\n")
    (tmp_path / "note.sig").write_bytes(base64.b64decode(line.split(" ")[2])[4:])
    public = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "log.pem").write_bytes(public)
    (tmp_path / "note.txt").write_text(text + "\n", "utf-8")
    (tmp_path / "other.txt").write_text(text.replace("\n3\n", "\n4\n") + "\n", "utf-8")
    assert _openssl(tmp_path, "note.txt") == 0
    assert _openssl(tmp_path, "other.txt") != 0


def _openssl(folder, text):
    verify = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "log.pem", "-rawin", "-in", text]
    return subprocess.run([*verify, "-sigfile", "note.sig"], cwd=folder, capture_output=True, check=False).returncode
