"""Measuring: how fast this machine takes payments, answers, verifies and starts; each figure beside its reference.

The story
    A *contestant* is something that can be run for a while. Contestants run one after the other, round after round, in
    one process on one machine, so that whatever disturbs the machine disturbs all of them; a row is the median of the
    rounds, its ratio the median of the ratios of each round to the reference of that same round.

Rules
- The product's own schema, ids, indexes and acts; nothing is left out to look fast.
- Every figure stands beside a reference that was measured in the same run, and says how far the rounds lay apart.
- Started by the command line only. Everything lies in a temporary folder beside the data it would be compared with.
"""

from counterfoil.bench.faults import FAULTS
from counterfoil.bench.machine import Machine, machine
from counterfoil.bench.payments import PaymentsPlan, measure_payments
from counterfoil.bench.report import Report, Row
from counterfoil.bench.search import measure_search
from counterfoil.bench.serving import Serving
from counterfoil.bench.sign_in import PAIRS, PAIRS_QUICK, measure_sign_in
from counterfoil.bench.start import measure_memory, measure_start
from counterfoil.bench.till import measure_till
from counterfoil.bench.verify import measure_verify

__all__ = [
    "FAULTS",
    "PAIRS",
    "PAIRS_QUICK",
    "Machine",
    "PaymentsPlan",
    "Report",
    "Row",
    "Serving",
    "machine",
    "measure_memory",
    "measure_payments",
    "measure_search",
    "measure_sign_in",
    "measure_start",
    "measure_till",
    "measure_verify",
]
