"""Draw docs/states.md from the tables of moves: ``PYTHONPATH=src python tools/draw_states.py > docs/states.md``."""

from __future__ import annotations

import sys

from counterfoil.payments.states import DISPUTE, LEG, MONEY, SETTLEMENT, VISIBILITY
from counterfoil.removal import HOLD
from counterfoil.second_person import REQUEST

HEAD = """# The states of a payment

Drawn from the tables in `states.py` of `payments`, `removal` and `second_person` (under `src/counterfoil`) by
`tools/draw_states.py`; a test holds this page against them. A payment has four independent regions; what is not an
arrow here is refused. Arrows to the end mark final states.
"""
TOLD = {
    "money": "Where the money is. `manual`: the two sides contradict each other, and a person decides.",
    "leg": "A void, a reversal or a refund. What is unknown is asked for, never guessed.",
    "settlement": "Whether the provider's statement has met the record.",
    "visibility": "Whether people see it in everyday lists. It never influences money, settlement or a total.",
    "dispute": "Whether the customer's bank disputes it.",
    "request": "What somebody asked another person to approve. `half`: one of two has.",
    "hold": "A legal hold, of which a record may have several. It ends when a second person lifts it.",
}


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for machine in (MONEY, LEG, SETTLEMENT, VISIBILITY, DISPUTE, HOLD, REQUEST):
        arrows = [f"    {start} --> {end}: {event}" for (start, event), end in machine.moves.items()]
        ends = [f"    {state} --> [*]" for state in sorted(machine.final)]
        body = "\n".join(["```mermaid", "stateDiagram-v2", *arrows, *ends, "```"])
        rows = "\n".join(f"| {start} | {event} | {end} |" for (start, event), end in machine.moves.items())
        table = f"| from | event | to |\n|---|---|---|\n{rows}"
        parts.append(f"## {machine.name}\n\n{TOLD[machine.name]}\n\n{body}\n\n{table}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
