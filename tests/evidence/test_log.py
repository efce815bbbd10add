"""A Change's facts become leaves that name every row it wrote."""

import base64
import hashlib

import pytest
import rfc8785

from counterfoil.basis import NotCanonical, decode
from counterfoil.evidence import MerkleLog, commitment, committed, digest, fact_kind
from counterfoil.evidence.tree import fold, leaf_hash, root_of
from counterfoil.people.tables import merchant, person, session, terminal
from counterfoil.store import Entry, Touched

AT = 1_795_000_000_000_000
MOVED = fact_kind("terminal.moved", "shop")


def place(number):
    ids = {"id": f"t-{number}", "shop_id": "s"}
    return {"merchant_id": 1, **ids, "number": str(number), "label": "", "state": "open", "made_at": 1}


def logged(facts, touched):
    log = MerkleLog()
    head, (leaves,) = log.append(log.start(), [Entry(facts, touched)])
    return head, leaves, [decode(leaf.entry) for leaf in leaves]


def test_a_leaf_says_who_when_what_about_whom_in_canonical_bytes():
    _, leaves, said = logged([MOVED.fact(at=AT, actor="p", subject="t-1", shop="s")], [])
    assert said == [
        {
            "v": 1,
            "type": "terminal.moved",
            "ts": "2026-11-18T11:06:40.000000Z",
            "actor": "p",
            "subject": "t-1",
            "shop": "s",
        }
    ]
    assert leaves[0].entry == rfc8785.dumps(said[0])
    assert leaves[0].leaf_hash == hashlib.sha256(b"\x00" + leaves[0].entry).digest()
    assert (leaves[0].position, leaves[0].subject) == (0, "t-1")


def test_the_last_fact_of_a_change_names_every_row_sorted():
    facts = [MOVED.fact(at=AT, shop="a"), MOVED.fact(at=AT, shop="b")]
    rows = [place(2), place(1)]
    _, _, said = logged(facts, [Touched(terminal, row) for row in rows])
    assert "rows" not in said[0]
    assert said[1]["rows"] == [["terminal", [f"t-{n}"], digest(terminal, place(n))] for n in (1, 2)]


def test_more_rows_than_a_leaf_holds_are_shared_among_the_facts_of_the_change():
    facts = [MOVED.fact(at=AT, shop="a"), MOVED.fact(at=AT, shop="b")]
    _, _, said = logged(facts, [Touched(terminal, place(number)) for number in range(90)])
    named = [row[1][0] for leaf in said for row in leaf["rows"]]
    assert named == sorted(f"t-{number}" for number in range(90))
    with pytest.raises(NotCanonical):
        logged(facts[:1], [Touched(terminal, place(number)) for number in range(100)])


def test_a_digest_is_the_sha_256_of_table_key_and_evidenced_columns():
    row = place(1)
    assert (
        digest(terminal, row | {"version": 7}) == hashlib.sha256(rfc8785.dumps(["terminal", ["t-1"], row])).hexdigest()
    )
    assert digest(terminal, row | {"label": "x"}) != digest(terminal, row)


def test_the_key_in_a_table_of_no_one_merchant_is_whole():
    row = {"merchant_id": 3, "name": "茶", "zone": "Z", "currency": "CNY", "made_at": 1}
    _, _, said = logged([MOVED.fact(at=AT)], [Touched(merchant, row)])
    assert said[0]["rows"] == [["merchant", [3], digest(merchant, row)]]


def test_tables_without_evidenced_columns_are_not_named():
    _, _, said = logged([MOVED.fact(at=AT)], [Touched(session, {"merchant_id": 1, "id": "s"})])
    assert "rows" not in said[0]


def test_a_personal_value_enters_as_its_salted_commitment_and_never_itself():
    name = committed("name", "李明", bytes(16))
    row = {"merchant_id": 1, "id": "p", "number": "01", **name, "state": "active", "made_at": 1}
    # RFC 9901 4.2.3: the digest is taken over the ASCII of the base64url of the disclosure.
    assert name["name_commitment"] == commitment("name", "李明", "AAAAAAAAAAAAAAAAAAAAAA")
    assert digest(person, row | {"name": None, "name_salt": None}) == digest(person, row)
    assert committed("name", "", bytes(16)) == {"name": None, "name_salt": None, "name_commitment": None}


def test_the_commitment_is_that_of_rfc_9901():
    # The published example of a disclosure and its digest, RFC 9901 4.2.1 and 4.2.3, built without spaces.
    disclosure = b'["_26bc4LT-ac6q2KI6cBW5es","family_name","M\xc3\xb6bius"]'
    encoded = base64.urlsafe_b64encode(disclosure).rstrip(b"=")
    expected = base64.urlsafe_b64encode(hashlib.sha256(encoded).digest()).rstrip(b"=").decode()
    assert commitment("family_name", "Möbius", "_26bc4LT-ac6q2KI6cBW5es") == expected


def test_the_log_goes_on_from_its_head_and_its_root_is_that_of_all_leaves():
    log, head, hashes = MerkleLog(), MerkleLog().start(), []
    for count in (1, 4, 2):
        entries = [Entry([MOVED.fact(at=AT + len(hashes), shop="s")], []) for _ in range(count)]
        head, made = log.append(head, entries)
        hashes += [leaf.leaf_hash for (leaf,) in made]
        assert [leaf.position for (leaf,) in made] == list(range(len(hashes) - count, len(hashes)))
    frontier = [head.frontier[at : at + 32] for at in range(0, len(head.frontier), 32)]
    assert (head.size, fold(frontier)) == (7, root_of(hashes))
    assert hashes[0] == leaf_hash(
        b'{"actor":"system","shop":"s","ts":"2026-11-18T11:06:40.000000Z","type":"terminal.moved","v":1}'
    )


def test_a_field_that_the_kind_does_not_carry_is_refused():
    with pytest.raises(Exception, match="CF-9001"):
        MOVED.fact(at=AT, phone="138")


def test_a_fact_that_has_no_canonical_form_is_refused():
    with pytest.raises(NotCanonical):
        logged([MOVED.fact(at=AT, shop=1.5)], [])
