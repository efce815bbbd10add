"""The office's list of records goes on only after a token it gave out, for the same question and the same merchant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from counterfoil.testing.house import PASSWORD
from tests.doors.listed import TAKEN, Listed, listed, refused, written
from tests.doors.tampered import TAMPERED
from tests.doors.till.test_guard import token
from tests.passkeys import passkeys_at

QUERY = {"min": "47.77", "max": "47.77"}


@contextmanager
def signed_in(served, merchant: int = 1) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, headers={"origin": served.url}) as client:
        page = client.get(f"/office/at/{merchant}").text
        form = {"csrf": token(page), "email": "99@example.com", "password": PASSWORD}
        assert client.post(f"/office/at/{merchant}", data=form).headers["location"] == "/office/home"
        passkeys_at(served.url).come_in_by(client, merchant, "99")
        yield client


@pytest.fixture(scope="module")
def records(served) -> Iterator[Listed]:
    for _ in range(TAKEN):
        served.take(4777)
    with signed_in(served) as client:
        yield listed(client, "/office/records", QUERY)


def test_the_token_it_gave_out_leads_on(records):
    assert records.after(records.token).status_code == 200


@pytest.mark.parametrize("change", TAMPERED)
def test_a_token_that_was_tampered_with_is_refused_and_nothing_is_written(served, records, change):
    before = written(served)
    refused(records.after(TAMPERED[change](records.token)))
    assert written(served) == before


def test_a_token_of_another_filter_is_refused(records):
    refused(records.after(records.token, max="47.78"))


def test_a_token_of_another_merchant_is_refused(served, records):
    with signed_in(served, merchant=2) as client:
        assert client.get(records.path, params=QUERY).status_code == 200
        refused(client.get(records.path, params={**QUERY, "after": records.token}))
