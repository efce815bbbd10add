"""The tables of moves, in full: what stands in them is legal, every other pair is not."""

from __future__ import annotations

from itertools import product

import pytest

from counterfoil.payments.states import (
    AT_REST,
    DISPUTE,
    LEG,
    MONEY,
    SETTLEMENT,
    VISIBILITY,
    Dispute,
    DisputeEvent,
    LegEvent,
    LegState,
    MoneyEvent,
    MoneyState,
    Settlement,
    SettlementEvent,
    Visibility,
    VisibilityEvent,
)

# Written down a second time, from the design's table and not from the code.
MONEY_MOVES = """
created send sent | created expire expired
sent approve captured | sent authorize authorized | sent decline declined | sent lose_sight unknown
sent reverse reversing
unknown approve captured | unknown authorize authorized | unknown decline declined | unknown lose_sight unknown
unknown reverse reversing
reversing reversal_done reversed | reversing reversal_stuck manual | reversing late_success manual
reversed late_success manual | declined late_success manual
manual person_kept captured | manual person_undid reversed
authorized capture capturing | capturing capture_done captured | capturing capture_refused authorized
authorized reverse reversing
captured void voiding | voiding void_done voided | voiding void_refused captured | voiding void_unknown voiding
captured reserve_refund captured | part_refunded reserve_refund part_refunded
captured refund_part part_refunded | part_refunded refund_part part_refunded
captured refund_whole refunded | part_refunded refund_whole refunded
"""
LEG_MOVES = """
created send sent | created cancel failed | sent queue created | unknown queue created
sent confirm done | sent refuse failed | sent lose_sight unknown
unknown lose_sight unknown | unknown confirm done | unknown refuse failed
"""
SETTLEMENT_MOVES = "open batch batched | batched match settled | batched differ mismatch | mismatch decide settled"
VISIBILITY_MOVES = "visible hide hidden | hidden restore visible | hidden purge purged"
DISPUTE_MOVES = "none open opened | opened win won | opened lose lost | opened accept accepted"

MACHINES = [
    (MONEY, MoneyState, MoneyEvent, MONEY_MOVES),
    (LEG, LegState, LegEvent, LEG_MOVES),
    (SETTLEMENT, Settlement, SettlementEvent, SETTLEMENT_MOVES),
    (VISIBILITY, Visibility, VisibilityEvent, VISIBILITY_MOVES),
    (DISPUTE, Dispute, DisputeEvent, DISPUTE_MOVES),
]


def _written(text):
    moves = [move.split() for line in text.splitlines() for move in line.split("|") if move.strip()]
    return {(start, event): end for start, event, end in moves}


@pytest.mark.parametrize(("machine", "states", "events", "text"), MACHINES, ids=lambda one: getattr(one, "name", ""))
def test_every_pair_moves_as_written_or_is_refused(machine, states, events, text):
    written = _written(text)
    for state, event in product(states, events):
        assert machine.move(state, event) == written.get((state.value, event.value)), (state, event)


@pytest.mark.parametrize(("machine", "states", "events", "text"), MACHINES, ids=lambda one: getattr(one, "name", ""))
def test_nothing_leaves_a_final_state_except_a_late_success(machine, states, events, text):
    for state, event in product(machine.final, events):
        to = machine.move(state, event)
        assert to is None or event is MoneyEvent.LATE_SUCCESS, (state, event)


def test_every_state_of_money_is_at_rest_or_somebody_has_to_look():
    looked_at = {MoneyState.CREATED, MoneyState.SENT, MoneyState.UNKNOWN, MoneyState.REVERSING, MoneyState.VOIDING}
    assert set(MoneyState) == AT_REST | looked_at | {MoneyState.CAPTURING}
    assert not AT_REST & looked_at
