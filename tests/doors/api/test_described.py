"""The API asked for whatever its own description allows and forbids; every check of schemathesis on every answer."""

from __future__ import annotations

import warnings
from itertools import product

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from counterfoil.doors.api.openapi import description
from tests.doors.api.house import House

with warnings.catch_warnings():
    # Of its own imports.
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis import GenerationMode
    from schemathesis.checks import CHECKS, load_all_checks

load_all_checks()
OPERATIONS = {
    f"{each.ok().method.upper()} {each.ok().path}": each.ok()
    for each in schemathesis.openapi.from_dict(description()).get_all_operations()
}
FEW, MANY = 4, 250
# What a description cannot say (an order of two times, what is in the store) is refused with 4xx as it declares;
# this check would have each such request accepted.
LEFT_OUT = [CHECKS.get_one("positive_data_acceptance")]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "mode"), list(product(OPERATIONS, MODES)))
def test_every_answer_is_as_described(house: House, name: str, mode: GenerationMode, *, long: bool):
    key = {"Authorization": f"Bearer {house.keys['all']}"}

    @seed(20261126)
    @settings(
        max_examples=MANY if long else FEW,
        phases=[Phase.explicit, Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=OPERATIONS[name].as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        answer = case.call(base_url=house.url, headers=key, timeout=60)
        case.validate_response(answer, headers=key, excluded_checks=LEFT_OUT)

    try:
        ask()
    except BaseException as error:
        if type(error).__name__ != "Unsatisfiable":
            raise
        # Nothing can be wrong where nothing is asked for.
        assert mode is GenerationMode.NEGATIVE
        assert not OPERATIONS[name].body


def test_every_endpoint_is_asked():
    assert len(OPERATIONS) == 14
