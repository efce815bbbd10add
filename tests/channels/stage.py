"""What the tests of this area stand on."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path

from counterfoil.channels import configure
from counterfoil.people import Role
from counterfoil.providers import OpenAccount, account_by_id, account_by_name, open_account
from counterfoil.providers.lakala.sandbox import MERCHANT_NO, Sandbox, SandboxKeys, running_sandbox
from counterfoil.testing.house import MERCHANT, House, sandbox_section


def keys_of(house: House) -> SandboxKeys:
    return SandboxKeys(Path(house.app.settings.providers["lakala"]["private_key"]).parent)


def typed(house: House, url: str | None = None) -> dict[str, str]:
    """What somebody types into the form: the keys as text."""
    keys = keys_of(house)
    section = sandbox_section(keys.folder, url or house.sandbox_url)
    return section | {
        "private_key": keys.merchant_key.read_text(),
        "platform_certs": keys.platform_cert.read_text(),
    }


async def lakala(house: House, name: str = "lakala"):
    return await account_by_name(house.app.store, MERCHANT, name)


async def enter(house: House, told: dict[str, str], account_id: str | None = None, role: Role = Role.ADMINISTRATOR):
    account_id = account_id or (await lakala(house))["id"]
    return await configure(house.app.people, house.app.accounts, house.actor(role), account_id, told)


@asynccontextmanager
async def second(house: House, folder, between=None):
    """Another account at the same provider, whose stand-in runs beside the first, configured as people do."""
    app = house.app
    sandbox = Sandbox(keys_of(house), clock=app.clock, entropy=app.entropy, state_path=folder / "second.jsonl")
    async with running_sandbox(sandbox) as url:
        asked = OpenAccount(
            id=app.ids.uuid(),
            merchant_id=MERCHANT,
            provider="lakala",
            name="second",
            environment="sandbox",
            merchant_no=MERCHANT_NO,
        )
        await open_account(app.store, app.clock, app.ids, app.manifests["lakala"], asked)
        assert (await enter(house, typed(house, url), asked.id)).good
        yield sandbox, await account_by_id(app.store, MERCHANT, asked.id), url
