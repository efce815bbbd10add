"""Days simulated from a seed, in which everything goes wrong that can, and an auditor who looks for lost money.

The story
    ``run_day`` puts a world together around the whole app: tills that retry, tap twice and give up, customers who
    leave, a provider that lies and is late, a network that loses, doubles and reorders, a machine that crashes at every
    commit and whose clock jumps. When the shop has closed the faults stop, the house comes to rest, and ``audit`` holds
    the records, the provider's books, the log and what people were told against each other.

Rules
- The same seed and profile give the same day, byte for byte, in any process: what fails is replayed by its seed.
- One thread, virtual time, no sockets; chance comes from generators of the seed, one for each part of the world, so
  that a change in one part leaves the others' chances alone.
- The auditor reads rows and books and has its own sums: it calls none of the program's decisions.
- Nothing here is known to the program: it runs on the loop, clock, entropy and way out that it is handed.
"""

from counterfoil.simulation.audit import Violation
from counterfoil.simulation.day import SALES, Day, Plan, run_day
from counterfoil.simulation.many import Report, simulate
from counterfoil.simulation.profile import FAULTS, ONE_FAULT_ONLY, PROFILES, Weather, only

__all__ = [
    "FAULTS",
    "ONE_FAULT_ONLY",
    "PROFILES",
    "SALES",
    "Day",
    "Plan",
    "Report",
    "Violation",
    "Weather",
    "only",
    "run_day",
    "simulate",
]
