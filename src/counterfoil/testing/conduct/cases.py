"""All rules of conduct, in the order in which a new folder comes to keep them, and whom each is for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from counterfoil.providers import Ability, Manifest
from counterfoil.testing.conduct import first_half as first
from counterfoil.testing.conduct import over_the_counter as counter
from counterfoil.testing.conduct import second_half as second
from counterfoil.testing.conduct.misconduct import Misconduct
from counterfoil.testing.conduct.stage import open_stage


def _always(_manifest: Manifest) -> bool:
    return True


def _calls(manifest: Manifest) -> bool:
    return not manifest.instant


def _instant(manifest: Manifest) -> bool:
    return manifest.instant


def _can(*abilities: Ability) -> Callable[[Manifest], bool]:
    return lambda manifest: not manifest.instant and manifest.abilities >= set(abilities)


@dataclass(frozen=True, slots=True)
class Case:
    """One rule. ``half`` 1 needs no sandbox; ``applies`` says whether a manifest is held to it."""

    half: int
    rule: first.Rule | second.Rule
    applies: Callable[[Manifest], bool] = _calls

    @property
    def name(self) -> str:
        """The rule's name, for a report."""
        return self.rule.__name__


CASES: Final = (
    Case(1, first.has_its_files, _always),
    Case(1, first.is_imported_by_its_package, _always),
    Case(1, first.names_a_missing_setting, _always),
    Case(1, first.builds_without_a_call, _always),
    Case(1, first.bears_spaces_around_settings, _always),
    Case(1, counter.gives_and_takes_over_the_counter, _instant),
    Case(1, first.says_when_nothing_was_sent),
    Case(1, first.says_when_no_answer_came),
    Case(1, first.believes_no_garbage),
    Case(1, first.believes_no_other_status),
    Case(1, first.believes_no_bad_server),
    Case(1, first.believes_no_notice, _can(Ability.NOTICES)),
    Case(1, first.sends_no_other_currency),
    Case(1, first.sends_nothing_over_its_limits),
    Case(2, second.plays_every_trick),
    Case(2, second.takes_money_once, _can(Ability.CHARGE)),
    Case(2, second.takes_a_no_for_a_no, _can(Ability.CHARGE)),
    Case(2, second.waits_for_a_customer, _can(Ability.CHARGE)),
    Case(2, second.finds_what_was_done_and_not_said, _can(Ability.CHARGE, Ability.QUERY)),
    Case(2, second.finds_what_was_not_done, _can(Ability.CHARGE)),
    Case(2, second.takes_a_repeat_for_the_same, _can(Ability.CHARGE)),
    Case(2, second.calls_nothing_unsent_that_went_out, _can(Ability.CHARGE)),
    Case(2, second.takes_other_content_for_no_yes, _can(Ability.CHARGE)),
    Case(2, second.believes_no_altered_answer, _can(Ability.CHARGE)),
    Case(2, second.believes_no_flipped_bit, _can(Ability.CHARGE)),
    Case(2, second.reverses_what_it_cannot_know, _can(Ability.REVERSE)),
    Case(2, second.tells_a_late_success),
    Case(2, second.voids_once, _can(Ability.VOID)),
    Case(2, second.refunds_once, _can(Ability.REFUND)),
    Case(2, second.refunds_in_parts, _can(Ability.PARTIAL_REFUND)),
    Case(2, second.finds_a_refund_that_was_not_said, _can(Ability.PARTIAL_REFUND)),
    Case(2, second.shows_a_code, _can(Ability.SHOW_CODE)),
    Case(2, second.closes_a_code, _can(Ability.CLOSE, Ability.SHOW_CODE)),
    Case(2, second.takes_a_card, _can(Ability.CARD_TERMINAL)),
    Case(2, second.closes_a_card_bill, _can(Ability.CARD_TERMINAL)),
    Case(2, second.finds_a_card_that_was_not_said, _can(Ability.CARD_TERMINAL)),
    Case(2, second.tells_what_it_knows, _can(Ability.ACCOUNT_READS)),
    Case(2, second.tells_the_fee_of_a_refund, _can(Ability.REFUND_FEE)),
    Case(2, second.reads_its_notices, _can(Ability.NOTICES)),
    Case(2, second.writes_no_payment_code, _can(Ability.CHARGE)),
)


def cases_of(manifest: Manifest) -> tuple[Case, ...]:
    """The rules that this provider's folder is held to."""
    return tuple(case for case in CASES if case.applies(manifest))


def matrix(manifests: Iterable[Manifest]) -> list[tuple[Manifest, Case]]:
    """Every provider with every rule it is held to, for a parametrised test."""
    return [(manifest, case) for manifest in manifests for case in cases_of(manifest)]


async def try_case(manifest: Manifest, case: Case, folder: Path) -> None:
    """Hold the folder of ``manifest`` to one rule. Raises Misconduct; any other exception is misconduct as well."""
    try:
        if case.half == 1:
            await case.rule(manifest, folder)  # type: ignore[call-arg,arg-type]
            return
        async with open_stage(manifest, folder) as stage:
            await case.rule(stage)  # type: ignore[call-arg,arg-type]
    except Misconduct:
        raise
    except Exception as error:
        raise Misconduct(f"it raised {type(error).__name__}: {error}") from error
