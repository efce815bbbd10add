"""What people call shops, terminals, operators, providers and accounts, read once a page."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.doors.screen.guest import Signed
from counterfoil.doors.screen.in_sight import accounts_in_sight, people_in_sight
from counterfoil.people import Permission, Person, Shop, Terminal, persons, shops, terminals
from counterfoil.providers import accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """A merchant's, in the order they are offered; ``providers`` and ``accounts`` as pairs of id and name.

    ``people`` and ``accounts`` are all there are, so that each can be named; ``staff`` and ``channels`` are those among
    whom one may choose.
    """

    shops: tuple[Shop, ...]
    terminals: tuple[tuple[Terminal, Shop], ...]
    people: tuple[Person, ...]
    providers: tuple[tuple[str, str], ...]
    accounts: tuple[tuple[str, str], ...]
    staff: tuple[Person, ...]
    channels: tuple[tuple[str, str], ...]

    @property
    def places(self) -> dict[str, tuple[Terminal, Shop]]:
        """Terminals with their shops, by the terminal's id."""
        return {one.id: (one, shop) for one, shop in self.terminals}

    @property
    def numbers(self) -> dict[str, str]:
        """Operators' numbers by id."""
        return {one.id: one.called for one in self.people}


async def names_of(desk: Signed) -> Names:
    """The names of what this person may see."""
    store, merchant_id, seen = desk.app.store, desk.merchant_id, desk.actor.shops_for(Permission.READ)
    found = await accounts(store, merchant_id)
    offered = await accounts_in_sight(desk, Permission.READ)
    used = {row["provider"] for row in offered}
    manifests = desk.app.manifests.items()
    return Names(
        shops=tuple(one for one in await shops(store, merchant_id) if seen is None or one.id in seen),
        terminals=tuple(each for each in await terminals(store, merchant_id) if seen is None or each[1].id in seen),
        people=tuple(await persons(store, merchant_id)),
        providers=tuple(
            (name, each.name_zh if desk.language == "zh-CN" else each.name_en)
            for name, each in manifests
            if name in used
        ),
        accounts=tuple((row["id"], row["name"]) for row in found),
        staff=tuple(await people_in_sight(desk, Permission.READ)),
        channels=tuple((row["id"], row["name"]) for row in offered),
    )
