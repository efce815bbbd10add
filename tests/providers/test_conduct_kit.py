"""The conduct kit over every provider that is found, ours and those of installed packages."""

import pytest

from counterfoil.providers import scan
from counterfoil.testing.conduct import matrix, try_case


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("conduct")


@pytest.mark.parametrize(
    ("manifest", "case"), [pytest.param(*pair, id=f"{pair[0].id}-{pair[1].name}") for pair in matrix(scan().values())]
)
async def test_conduct(manifest, case, folder):
    await try_case(manifest, case, folder)
