"""Somebody at a desk of the office: what they have signed in with, and the devices they hold."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any

from counterfoil.basis import Secret
from counterfoil.factors import (
    CodeShown,
    Means,
    PasskeyShown,
    Site,
    add_code_app,
    add_passkey,
    ask,
    ask_second,
    code_at,
    confirm,
    factors_of,
    offer_code_app,
    offer_passkey,
    options_of,
    second_step,
    site_of,
    step_at,
)
from counterfoil.people import Actor, Deed, Session, authenticate_session
from counterfoil.testing.authenticator import Authenticator
from tests.people.shop import PASSWORDS

URL = "https://pay.example.org"
SITE = site_of(URL)


@dataclass
class Desk:
    means: Means
    number: str
    token: str
    session: Session
    actor: Actor
    secret: str = ""
    codes: tuple[str, ...] = ()

    @classmethod
    async def open(cls, means: Means, place: Any, number: str) -> Desk:
        made = await place.office(number)
        return cls(means, number, made.token.reveal(), made.session, made.actor)

    @property
    def password(self) -> Secret[str]:
        return Secret(PASSWORDS[self.number])

    async def goes_on(self, token: Secret[str] | str | None) -> None:
        """The browser keeps the new token."""
        if token is not None:
            self.token = token if isinstance(token, str) else token.reveal()
        self.session, self.actor = await authenticate_session(self.means.people, self.token)

    def device(self, origin: str = URL) -> Authenticator:
        return Authenticator(origin)

    async def enrol(self, device: Authenticator, site: Site = SITE, name: str = "手机") -> None:
        offer = await offer_passkey(self.means, site, self.session, self.actor, account="99")
        answer = device.create(offer.options)
        made = await add_passkey(
            self.means, site, self.session, self.actor, ticket=offer.ticket, answer=answer, name=name
        )
        self.codes = tuple(code.reveal() for code in made.codes) or self.codes
        await self.goes_on(made.token)

    async def enrol_app(self) -> None:
        offer = await offer_code_app(self.means, self.session, self.actor, account="99")
        self.secret = offer.secret.reveal()
        made = await add_code_app(self.means, self.session, self.actor, ticket=offer.ticket, code=self.code())
        self.codes = tuple(code.reveal() for code in made.codes) or self.codes
        await self.goes_on(made.token)

    async def enrol_app_beside(self) -> None:
        """A code app for somebody who has a passkey, as after confirming it."""
        self.may_add()
        await self.enrol_app()

    def code(self, steps: int = 0) -> str:
        return code_at(self.secret, step_at(self.means.clock.now()) + steps)

    async def second_question(self) -> tuple[str, str]:
        has = await factors_of(self.means.store, self.actor.merchant_id, self.actor.person_id)
        return ask_second(self.means, SITE, self.session, has.passkeys)

    async def second(self, given: Any, ticket: str | None = None) -> None:
        if ticket is None:
            ticket, _ = await self.second_question()
        await self.goes_on(await second_step(self.means, SITE, self.session, ticket, given))

    def deed(self, act: str = "lift_hold", **what: Any) -> Deed:
        return Deed(act=act, merchant_id=self.actor.merchant_id, by=self.actor.person_id, what=what or {"hold": "h1"})

    async def asked(self, deed: Deed, **form: str) -> Any:
        return await ask(self.means, SITE, self.session, self.actor, deed=deed, form=form)

    async def confirmed(self, question: Any, given: Any, deed: Deed | None = None, site: Site = SITE) -> Any:
        made = await confirm(
            self.means,
            site,
            self.session,
            self.actor,
            question_id=question.id,
            deed=deed or question.deed,
            given=given,
        )
        await self.goes_on(made.token)
        return made

    def answered(self, question: Any, device: Authenticator, site: Site = SITE) -> PasskeyShown:
        return PasskeyShown(device.get(options_of(site, question.challenge, question.passkeys)))

    def typed(self, steps: int = 0, password: Secret[str] | None = None) -> CodeShown:
        return CodeShown(self.code(steps), password or self.password)

    def may_add(self) -> None:
        """As if adding a factor had just been confirmed."""
        self.actor = replace(self.actor, deed_sha256="0" * 64)


def changed(answer: PasskeyShown, **response: str) -> PasskeyShown:
    """The answer with parts of it replaced."""
    said = json.loads(answer.answer)
    said["response"] |= response
    return PasskeyShown(json.dumps(said))
