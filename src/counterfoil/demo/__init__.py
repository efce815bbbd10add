"""The demonstration: three invented shops with a year in the log, and a provider's sandbox, on this machine.

The story
    A plan is made out of a seed and the moment of the first start; then the past happens: the acts' own Changes are
    made under a clock that stands where the plan says and committed about a day at a time, and Lakala's sandbox finds
    the same in its books. From then on it is an installation like any other, marked as a demonstration, and goes on
    where it was at each start. A first start that was cut short goes on to the same bytes.

Rules
- Same seed and day: the same rows and leaf bytes. Keys, salts and passwords are the system's and exempt.
- No payment lies in the future; today is only as full as the clock says.
- Everything stands in one folder, with its keys beside it in ``<folder>.keys``; nothing reaches beyond loopback.
- Started by the command line only.
"""

from counterfoil.demo.faults import FAULTS, NOT_A_DEMONSTRATION
from counterfoil.demo.open_demonstration import SEED, Demonstration, SignIn, open_demonstration
from counterfoil.demo.plan import PAYMENTS
from counterfoil.demo.state import NAME as STATE_NAME

__all__ = [
    "FAULTS",
    "NOT_A_DEMONSTRATION",
    "PAYMENTS",
    "SEED",
    "STATE_NAME",
    "Demonstration",
    "SignIn",
    "open_demonstration",
]
