"""A dangerous act that no second factor confirms: from the networks the merchant named for such, if it named any."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.responses import Response

from counterfoil.basis import Fault
from counterfoil.doors.place import hold_act
from counterfoil.doors.screen.guard import Form
from counterfoil.doors.screen.guest import Signed
from counterfoil.people import Permission

D = TypeVar("D", bound=Signed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed(Generic[D]):
    """``act``, held to the place that its ``permission`` needs; ``name``: what a refusal of it is called.

    ``otherwise`` shows the form again with what was refused; without it a page of the fault does.
    """

    permission: Permission
    name: Callable[[Form], str]
    act: Callable[[D, Form], Awaitable[Response]]
    otherwise: Callable[[D, Form, Fault], Awaitable[Response]] | None = None

    async def __call__(self, desk: D, form: Form) -> Response:
        """Do it, from there. Raises CF-2122 from elsewhere."""
        try:
            await hold_act(desk.app, desk.request, desk.merchant_id, self.permission)
        except Fault as fault:
            desk.note(self.name(form), fault)
            if self.otherwise is None:
                raise
            return await self.otherwise(desk, form, fault)
        return await self.act(desk, form)


def always(name: str) -> Callable[[Form], str]:
    """The name of an act that is the same whatever its form says."""
    return lambda _: name
