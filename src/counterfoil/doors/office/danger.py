"""A dangerous act in the office: shown exactly, confirmed with a second factor, carried out once.

One step for any page: ``at_desk(app, path, view, Danger(tell=…, carry_out=…))``. The form that asks for the act is not
carried out; the page that answers says what would happen and puts the question. The answer comes to the same address,
the form is taken from where it was sealed, and only what was shown is done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from starlette.responses import Response

from counterfoil.basis import Fault, Secret
from counterfoil.doors.office.desk import SESSION, Desk
from counterfoil.doors.office.here import packed, site_at, why_no_passkeys
from counterfoil.doors.office.pages import fault_page, render
from counterfoil.doors.place import hold_place
from counterfoil.doors.screen.cookies import keep
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go, status_of, tell
from counterfoil.factors import (
    CONFIRMATION_OVER,
    CodeShown,
    PasskeyShown,
    Question,
    Shown,
    ask,
    code_now,
    confirm,
    options_of,
    pending,
)
from counterfoil.people import DANGER, Act, Deed, SixWords, rule_for
from counterfoil.second_person import Asking, ask_somebody

CONFIRMATION: Final = "confirmation"
# Comes with the form and stays sealed with it: what a deed names only by its digest cannot be guessed from that.
SALT: Final = "salt"

_SALT_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a page says before an act: its ``title``, ``lines`` (what, value), what it ``means``, and the button's text.

    ``deed`` is the same for the machine; ``back`` is where whoever thinks again goes. ``amount_minor`` and ``shop_id``
    are of an act that has them; ``made_by``: who made the payment it is about; ``words``: to compare once more.
    ``alone``: no rule of the merchant's table is about it.
    """

    deed: Deed
    title: str
    lines: tuple[tuple[str, str], ...]
    means: str
    button: str
    back: str
    amount_minor: int | None = None
    shop_id: str | None = None
    made_by: str | None = None
    words: SixWords | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """``tell`` says what the form would do, or refuses; ``carry_out`` does it, for an actor who confirmed it.

    ``otherwise`` shows the form again with what ``tell`` refused; without it a page of the fault does. ``act`` is the
    act's short name for refusals.

    Where the merchant's table says that the act needs another person, what was confirmed becomes a request.
    """

    act: str
    tell: Callable[[Desk, Form], Awaitable[Told]]
    carry_out: Callable[[Desk, Form], Awaitable[Response]]
    otherwise: Callable[[Desk, Form, Fault], Awaitable[Response]] | None = None

    async def __call__(self, desk: Desk, form: Form) -> Response:
        """Put the question, or take the answer. Raises CF-2122 from where dangerous acts are not done."""
        await hold_place(desk.app, desk.request, desk.merchant_id, DANGER)
        if CONFIRMATION in form:
            return await self._answered(desk, form)
        form = {**form, SALT: desk.app.entropy.bytes(_SALT_BYTES).hex()}
        try:
            told = await self.tell(desk, form)
        except Fault as fault:
            desk.note(self.act, fault)
            if self.otherwise is None:
                raise
            return await self.otherwise(desk, form, fault)
        needs = await self._needs(desk, told)
        return await _put(desk, told, form, needs=needs)

    async def _needs(self, desk: Desk, told: Told) -> int:
        """How many others it takes."""
        if told.alone or self.act not in set(Act):
            return 0
        return (await rule_for(desk.app.store, desk.merchant_id, Act(self.act))).needed(told.amount_minor)

    async def _ask_somebody(self, desk: Desk, told: Told, form: Form, approval_id: str) -> Response:
        asking = Asking(
            id=desk.app.ids.uuid(),
            act=Act(self.act),
            deed=told.deed,
            form=form,
            path={name: str(value) for name, value in desk.request.path_params.items()},
            language=desk.language,
            amount_minor=told.amount_minor,
            shop_id=told.shop_id,
            approval_id=approval_id,
        )
        made = await ask_somebody(desk.app.factors, desk.actor, asking)
        return go(f"/office/requests/{made.id}", done="asked")

    async def _answered(self, desk: Desk, form: Form) -> Response:
        asked = await pending(desk.app.factors, desk.session, form[CONFIRMATION])
        told = await self.tell(desk, asked.form)
        needs = await self._needs(desk, told)
        try:
            made = await confirm(
                desk.app.factors,
                site_at(desk),
                desk.session,
                desk.actor,
                question_id=form[CONFIRMATION],
                deed=told.deed,
                given=shown_in(form),
            )
        except Fault as fault:
            desk.note(self.act, fault)
            if fault.kind is CONFIRMATION_OVER:
                raise
            return await _put(desk, told, asked.form, fault, needs=needs)
        may = replace(desk, actor=made.actor, session=made.session, approval_id=made.approval_id)
        try:
            response = (
                await self._ask_somebody(may, told, asked.form, made.approval_id)
                if needs
                else await self.carry_out(may, asked.form)
            )
        except Fault as fault:
            desk.note(self.act, fault)
            response = fault_page(may, fault)
        keep(response, desk.request, SESSION, made.token.reveal())
        return response


def shown_in(form: Form) -> Shown:
    """What a form of a question shows: a passkey's answer, else a code and the password."""
    if "credential" in form:
        return PasskeyShown(form["credential"])
    return CodeShown(form.get("code", ""), Secret(form.get("password", "")))


async def _put(desk: Desk, told: Told, form: Form, fault: Fault | None = None, *, needs: int = 0) -> Response:
    kept = {name: value for name, value in form.items() if name != "csrf"}
    question = await ask(desk.app.factors, site_at(desk), desk.session, desk.actor, deed=told.deed, form=kept)
    return render(
        desk,
        "danger.html",
        status_of(fault),
        told=replace(told, button=desk.t("request.ask")) if needs else told,
        needs=needs,
        here=desk.request.url.path,
        question=question,
        **await asked_with(desk, question),
        **tell(desk, fault),
    )


async def asked_with(desk: Desk, question: Question) -> dict[str, Any]:
    """What the parts of a page need that put a question: the passkey's options, or why there is none."""
    why_not = why_no_passkeys(desk)
    usable = bool(question.passkeys) and why_not is None
    shows_code = desk.app.demonstration and question.by_code
    return {
        "options": packed(options_of(site_at(desk), question.challenge, question.passkeys)) if usable else None,
        "why_not": why_not,
        "by_code": question.by_code,
        "code_now": await code_now(desk.app.factors, desk.merchant_id, desk.person.id) if shows_code else None,
    }
