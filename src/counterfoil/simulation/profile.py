"""The weather of a day: how often what goes wrong."""

from __future__ import annotations

import random
from dataclasses import dataclass, fields, replace
from typing import Final

ONE_FAULT_ONLY: Final = "one-fault-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Of a thousand calls, sales or store jobs, how many; some are of a day.

    Of a day: ``outages``, ``rushes``, ``printed``, ``kills``, ``jumps``.

    The first group is the network's, the second the provider's, the third people's, the fourth the machine's.
    """

    refused: int = 0  # the connection does not open
    lost: int = 0  # the request never arrives
    unheard: int = 0  # it is carried out, and the answer is lost
    late: int = 0  # it arrives when nobody waits any more, up to hours later
    doubled: int = 0  # it arrives twice
    echoes: int = 0  # of a thousand refunds and check-ins: another copy of it arrives later
    slow: int = 0
    garbled: int = 0  # one byte of the answer is another
    forged: int = 0  # somebody on the line answers in the provider's place that it was paid
    gateway: int = 0  # carried out or not, the answer is an error page
    outages: int = 0
    rushes: int = 0  # no connection to one provider opens, while all tills are busy

    # Of a thousand notices: they go the other way, from the provider to us.
    notices_lost: int = 0  # it never arrives, or the provider does not hear that it did, and tells it again
    notices_late: int = 0  # it arrives up to a day later
    notices_doubled: int = 0
    notices_spoiled: int = 0  # one byte of it is another
    notices_replayed: int = 0  # somebody on the line sends it again, up to a day later
    # Of a thousand charges that were not paid at once: two notices of it that say what is not so.
    notices_wrong: int = 0

    lies: int = 0  # an answer that is not signed, not listed, about another amount, or "system error"
    short: int = 0  # the account does not cover a refund
    odd_codes: int = 0  # a shown code that is paid in the moment it is closed, or after

    printed: int = 0  # payments of a day by the code on the counter, of which only a notice tells
    taps_twice: int = 0
    gives_up: int = 0  # the till asks no more after its connection broke
    leaves: int = 0  # the customer goes, and the payment is withdrawn or forgotten
    at_once: int = 0  # two persons undo the same payment in the same moment

    crashes: int = 0  # of a thousand jobs of the store's workers, right before or right after it
    kills: int = 0
    jumps: int = 0  # the clock is wrong for a while
    stalls: int = 0  # the disk takes its time


CALM: Final = Weather(printed=1)
STORM: Final = Weather(
    refused=40,
    lost=60,
    unheard=60,
    late=30,
    doubled=60,
    echoes=400,
    slow=60,
    garbled=30,
    forged=20,
    gateway=30,
    outages=3,
    rushes=2,
    notices_lost=200,
    notices_late=150,
    notices_doubled=150,
    notices_spoiled=60,
    notices_replayed=150,
    notices_wrong=900,
    lies=60,
    short=300,
    odd_codes=300,
    printed=4,
    taps_twice=150,
    gives_up=500,
    leaves=400,
    at_once=300,
    crashes=4,
    kills=6,
    jumps=6,
    stalls=30,
)
RAINY: Final = Weather(
    refused=10,
    lost=10,
    unheard=10,
    late=4,
    doubled=10,
    echoes=20,
    slow=10,
    garbled=4,
    forged=3,
    gateway=4,
    outages=1,
    rushes=1,
    notices_lost=40,
    notices_late=20,
    notices_doubled=30,
    notices_spoiled=10,
    notices_replayed=20,
    notices_wrong=50,
    lies=10,
    short=50,
    odd_codes=50,
    printed=2,
    taps_twice=40,
    gives_up=200,
    leaves=100,
    at_once=60,
    crashes=1,
    kills=1,
    jumps=1,
    stalls=5,
)
# What people do stays in a day of one fault: without them nobody would notice it.
_PEOPLE: Final = ("printed", "taps_twice", "gives_up", "leaves", "at_once")
FAULTS: Final = tuple(field.name for field in fields(Weather) if field.name not in _PEOPLE)
PROFILES: Final = ("calm", "rainy", "storm", ONE_FAULT_ONLY)


def weather(profile: str, dice: random.Random) -> Weather:
    """The weather of one day of ``profile``; a day of one fault has it twice as often as a storm."""
    match profile:
        case "calm":
            return CALM
        case "rainy":
            return RAINY
        case "storm":
            return STORM
    return only(FAULTS[dice.randrange(len(FAULTS))])


def only(fault: str) -> Weather:
    """A day on which nothing but ``fault`` goes wrong, and people are people."""
    people = {name: getattr(STORM, name) for name in _PEOPLE}
    return replace(CALM, **people, **{fault: 2 * getattr(STORM, fault)})
