"""Ids come from the injected clock and randomness."""

import os
import uuid
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.basis import Ids, SeededEntropy, SystemEntropy, canonical_uuid

MILLIS = 1_795_000_000_123


def ids(millis=MILLIS, entropy=None):
    return Ids(SimpleNamespace(now=lambda: millis * 1000), entropy or SeededEntropy("ids"))


@given(st.integers(0, 2**48 - 1))
def test_an_id_is_a_uuid_of_version_7_with_the_time_in_front(millis):
    made = uuid.UUID(ids(millis).uuid())
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == millis


def test_ids_sort_by_the_millisecond_they_were_made_in():
    assert ids(MILLIS).uuid() < ids(MILLIS + 1).uuid()


def test_ids_of_the_machine_do_not_repeat():
    made = ids(entropy=SystemEntropy())
    assert len({made.uuid() for _ in range(1000)}) == 1000


@given(st.integers(1, 40))
def test_digits_are_as_many_as_asked_for(count):
    made = ids().digits(count)
    assert len(made) == count
    assert made.isdecimal()


@given(st.lists(st.integers(0, 100), max_size=20))
def test_the_same_seed_gives_the_same_bytes_however_they_are_taken(counts):
    entropy = SeededEntropy("s")
    taken = b"".join(entropy.bytes(count) for count in counts)
    assert taken == SeededEntropy("s").bytes(sum(counts))
    assert SeededEntropy("t").bytes(16) != SeededEntropy("s").bytes(16)


def test_an_id_from_outside_is_brought_to_one_form_or_refused():
    text = "0198C0DE-0000-7000-8000-00000000000A"
    assert canonical_uuid(text) == text.lower()
    for wrong in ("", "x", text.replace("-", ""), "{" + text + "}", "urn:uuid:" + text):
        with pytest.raises(ValueError, match=r".+"):
            canonical_uuid(wrong)


@pytest.mark.parametrize("count", [0, 1, 10, 24, 25, 64, 5000])
def test_as_many_random_bytes_as_were_asked_for(count):
    entropy = SystemEntropy()
    drawn = [entropy.bytes(count) for _ in range(200)]
    assert {len(each) for each in drawn} == {count}
    assert count < 10 or len(set(drawn)) == 200


def test_no_two_threads_are_given_the_same_bytes():
    entropy = SystemEntropy()
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: entropy.bytes(10), range(4000)))
    assert len(set(drawn)) == 4000


def test_a_process_that_is_forked_off_is_given_other_bytes():
    entropy = SystemEntropy()
    entropy.bytes(10)
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writes, b"".join(entropy.bytes(10) for _ in range(50)))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    theirs = os.read(reads, 500)
    os.close(reads)
    os.close(writes)
    assert len(theirs) == 500
    assert {theirs[at : at + 10] for at in range(0, 500, 10)}.isdisjoint(entropy.bytes(10) for _ in range(50))
