"""The tree is RFC 6962's: held against the published vectors of Certificate Transparency and against itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.evidence.tree import (
    EMPTY_ROOT,
    append,
    consistency_proof,
    decode_frontier,
    encode_frontier,
    fold,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The eight inputs and the roots of the CT reference implementation's tests (certificate-transparency, merkletree).
CT_LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
HASHES = [leaf_hash(bytes([number])) for number in range(33)]


def test_roots_are_those_of_certificate_transparency():
    hashes = [leaf_hash(bytes.fromhex(each)) for each in CT_LEAVES]
    assert [root_of(hashes[:size]).hex() for size in range(1, 9)] == CT_ROOTS
    assert root_of([]) == EMPTY_ROOT


def test_a_published_path_is_made():
    hashes = [leaf_hash(bytes.fromhex(each)) for each in CT_LEAVES]
    assert [each.hex() for each in inclusion_proof(hashes, 5)] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_of_every_size_is_proven_and_nothing_else(size):
    hashes = HASHES[:size]
    root = root_of(hashes)
    for index, leaf in enumerate(hashes):
        proof = inclusion_proof(hashes, index)
        assert verify_inclusion(leaf, index, size, proof, root)
        assert not any(verify_inclusion(leaf, other, size, proof, root) for other in range(size) if other != index)
        assert not verify_inclusion(leaf_hash(b"forged"), index, size, proof, root)
        assert not verify_inclusion(leaf, index, size, proof, EMPTY_ROOT)
        assert not verify_inclusion(leaf, index, size, [*proof, root], root)
        assert not verify_inclusion(leaf, index, size, proof[:-1], root) or not proof


@pytest.mark.parametrize("size", range(1, 34))
def test_every_earlier_size_is_consistent_and_nothing_else(size):
    root = root_of(HASHES[:size])
    for old in range(1, size + 1):
        proof, old_root = consistency_proof(HASHES[:size], old), root_of(HASHES[:old])
        assert verify_consistency(old, size, proof, old_root, root)
        assert not verify_consistency(old, size, proof, EMPTY_ROOT, root)
        assert not verify_consistency(old, size, proof, old_root, EMPTY_ROOT)
        assert not verify_consistency(old, size, [*proof, root], old_root, root)
        assert not proof or not verify_consistency(old, size, proof[:-1], old_root, root)


@given(st.lists(st.binary(max_size=8), max_size=300), st.integers(0, 300))
def test_a_frontier_put_away_and_taken_up_again_leads_to_the_same_root(leaves, cut):
    frontier = []
    for size, leaf in enumerate(leaves):
        if size == cut:
            frontier = decode_frontier(size, encode_frontier(frontier))
        append(size, frontier, leaf_hash(leaf))
    assert fold(frontier) == root_of([leaf_hash(leaf) for leaf in leaves])


def test_a_frontier_that_does_not_fit_its_size_is_refused():
    with pytest.raises(ValueError, match="frontier of 3 leaves"):
        decode_frontier(3, b"\x00" * 32)
