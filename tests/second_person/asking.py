"""One side of a request: somebody at a desk who asks, or confirms what another asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from counterfoil.people import Act, Deed
from counterfoil.second_person import Asking, Request, approve_request, ask_somebody
from tests.factors.desk import Desk


@dataclass
class Side:
    desk: Desk

    @property
    def id(self) -> str:
        return self.desk.actor.person_id

    @property
    def means(self) -> Any:
        return self.desk.means

    @property
    def actor(self) -> Any:
        return self.desk.actor

    def deed(self, **what: Any) -> Deed:
        return self.desk.deed("set_policy", **(what or {"persons": 2}))

    async def asks(self, deed: Deed | None = None, act: Act = Act.SET_POLICY, **more: Any) -> Request:
        deed = deed or self.deed()
        if "approval_id" not in more:
            more["approval_id"] = (await self.confirms(deed))[1]
        asking = Asking(
            id=self.means.ids.uuid(), act=act, deed=deed, form={"persons": "2"}, path={}, language="en", **more
        )
        return await ask_somebody(self.means, self.actor, asking)

    async def confirms(self, deed: Deed) -> tuple[Any, str]:
        """A code counts once, so the clock goes on by its 30 seconds."""
        await self.means.clock.advance(30)
        question = await self.desk.asked(deed)
        made = await self.desk.confirmed(question, self.desk.typed())
        return made.actor, made.approval_id

    async def approves(self, request: Request, deed: Deed) -> Request:
        actor, approval_id = await self.confirms(deed)
        return await approve_request(self.means, actor, request.id, approval_id)
