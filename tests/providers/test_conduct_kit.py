"""The conduct kit over every provider that is found, ours and those of installed packages."""

import msgspec
import pytest

from counterfoil.providers import Ability, scan
from counterfoil.testing.conduct import cases_of, matrix, try_case


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("conduct")


@pytest.mark.parametrize(
    ("manifest", "case"), [pytest.param(*pair, id=f"{pair[0].id}-{pair[1].name}") for pair in matrix(scan().values())]
)
async def test_conduct(manifest, case, folder):
    await try_case(manifest, case, folder)


@pytest.mark.parametrize("ability", Ability)
def test_an_ability_that_is_declared_is_tried(ability):
    able = msgspec.structs.replace(scan()["lakala"], abilities=frozenset(Ability))
    less = msgspec.structs.replace(able, abilities=able.abilities - {ability})
    assert set(cases_of(less)) < set(cases_of(able))
