"""Another name, and disabling or enabling: the same two pages for a shop, a terminal and an operator."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response
from starlette.routing import BaseRoute

from counterfoil.app import App
from counterfoil.basis import Fault
from counterfoil.doors.office.danger import Danger, Told
from counterfoil.doors.office.desk import Desk
from counterfoil.doors.office.endpoint import at_desk
from counterfoil.doors.office.things import Kind, Named, id_in, name_page, switch_page
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.pages import go
from counterfoil.people import Permission, demand


@dataclass(frozen=True, slots=True, kw_only=True)
class Changing:
    """What differs between them: who may, how one is found (with the ids of its terminals), and the two acts."""

    kind: Kind
    permission: Permission
    named: Callable[[Desk], Awaitable[tuple[Named, tuple[str, ...]]]]
    rename: Callable[..., Awaitable[None]]
    switch: Callable[..., Awaitable[None]]
    # What the switching says before it is confirmed.
    tell: Callable[[Desk, Form], Awaitable[Told]]

    def routes(self, app: App) -> list[BaseRoute]:
        """The two pages, each with its act."""
        return [
            at_desk(app, f"{self.kind.path}/{{id}}/name", self._ask_name, self._rename),
            at_desk(app, f"{self.kind.path}/{{id}}/switch", self._ask_switch, self.switching),
        ]

    @property
    def switching(self) -> Danger:
        """Disabling or enabling it, once it was confirmed."""
        return Danger(act=f"switch_{self.kind.name}", tell=self.tell, carry_out=self._switch)

    async def _ask_name(self, desk: Desk) -> Response:
        demand(desk.actor, self.permission)
        named, _ = await self.named(desk)
        return name_page(desk, self.kind, named, named.name)

    async def _rename(self, desk: Desk, form: Form) -> Response:
        demand(desk.actor, self.permission)
        named, _ = await self.named(desk)
        try:
            await self.rename(desk.app.people, desk.actor, id_in(desk), form.get("name", ""))
        except Fault as fault:
            desk.note(f"rename_{self.kind.name}", fault)
            return name_page(desk, self.kind, named, form.get("name", "")[:128], fault)
        return go(named.path, done="renamed")

    async def _ask_switch(self, desk: Desk) -> Response:
        demand(desk.actor, self.permission)
        named, terminal_ids = await self.named(desk)
        return await switch_page(desk, self.kind, named, lambda payment: payment.terminal_id in terminal_ids)

    async def _switch(self, desk: Desk, form: Form) -> Response:
        on = form.get("on") == "yes"
        await self.switch(desk.app.people, desk.actor, id_in(desk), on=on)
        return go(f"{self.kind.path}/{id_in(desk)}", done="enabled" if on else "disabled")
