"""How a provider's folder must behave, whoever wrote it: the conduct kit.

The story
    ``scan`` finds the manifests; for each there are cases, named after the rule they hold. The first half needs no
    sandbox: a folder that is whole, readable, and believes nobody. The second half is played against the folder's own
    sandbox, and holds what the connector said against the sandbox's books; what a manifest does not declare is not
    tried, and what it declares is.

    @pytest.mark.parametrize(("manifest", "case"), matrix(scan().values()))
    async def test_conduct(manifest, case, tmp_path):
        await try_case(manifest, case, tmp_path)

Rules
- A case ends, or raises Misconduct with a sentence that says what the folder did.
- ``folder`` may be the same for all cases of a run: numbers are fresh, and a sandbox keeps its keys there.
"""

from counterfoil.testing.conduct.canned import (
    AMOUNT,
    LEG_NO,
    ORDER_NO,
    Answers,
    approves_nothing,
    believes_nothing,
    outcomes,
)
from counterfoil.testing.conduct.cases import CASES, Case, cases_of, matrix, try_case
from counterfoil.testing.conduct.examples import example_settings
from counterfoil.testing.conduct.misconduct import Misconduct, must
from counterfoil.testing.conduct.new_provider import new_provider

__all__ = [
    "AMOUNT",
    "CASES",
    "LEG_NO",
    "ORDER_NO",
    "Answers",
    "Case",
    "Misconduct",
    "approves_nothing",
    "believes_nothing",
    "cases_of",
    "example_settings",
    "matrix",
    "must",
    "new_provider",
    "outcomes",
    "try_case",
]
