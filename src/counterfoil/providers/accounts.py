"""From an account's row and its section in the settings to a connector that is ready to call."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from counterfoil.basis import Clock, Entropy
from counterfoil.providers.connector import Connector, Means
from counterfoil.providers.faults import settings_wrong
from counterfoil.providers.manifest import CODE_MINUTES, MERCHANT_NO, REVERSE_AFTER, SHOWN, Manifest, Schedule
from counterfoil.providers.open_account import ENVIRONMENTS
from counterfoil.providers.outage import Outage
from counterfoil.providers.read_settings import read_settings, whole_number
from counterfoil.providers.scan import scan
from counterfoil.providers.spool import Exchange, Spool
from counterfoil.providers.transport import Answer, NoAnswer, NotSent, Transport
from counterfoil.store import Row


class Accounts:
    """Builds connectors, and keeps one for each account as it stands. Made once, in ``app``."""

    def __init__(
        self,
        *,
        sections: Mapping[str, Mapping[str, str]],
        transport: Transport,
        outage: Outage,
        spool: Spool,
        clock: Clock,
        entropy: Entropy,
        demonstration: bool = False,
    ) -> None:
        """``sections``: the settings ``[providers.<account name>]``, by account name."""
        self.manifests = scan()
        self.outage = outage
        self._sections = sections
        self._transport = transport
        self._spool = spool
        self._clock = clock
        self._entropy = entropy
        self._demonstration = demonstration
        self._built: dict[tuple[int, str, int], Connector] = {}

    def manifest(self, provider: str) -> Manifest:
        """What a provider can do. Raises Refused CF-4206 for one that is not here."""
        found = self.manifests.get(provider)
        if found is None:
            raise settings_wrong("provider", field="provider", provider=provider)
        return found

    def connector(self, account: Row) -> Connector:
        """The connector of an account's row. Raises Refused CF-42xx where its settings cannot be used."""
        key = (account["merchant_id"], account["id"], account["version"])
        if key not in self._built:
            self._built[key] = self._build(account)
        return self._built[key]

    def schedule(self, account: Row) -> Schedule:
        """When to ask and when to give up: the provider's schedule, as far as the account's settings say nothing else.

        Raises Refused CF-4211 where the settings hold no number in the range that the manifest says.
        """
        schedule = self.manifest(account["provider"]).schedule
        seconds, minutes = self._told(account, REVERSE_AFTER), self._told(account, CODE_MINUTES)
        after = dict(schedule.reverse_after)
        if seconds is not None:
            # A shown code is alive until its own end, however soon the machine gives up a scanned one.
            after |= {entry: float(seconds) for entry in after if entry != SHOWN}
        code_seconds = schedule.code_seconds
        if minutes is not None and SHOWN in after:
            code_seconds = minutes * 60.0
            after[SHOWN] += code_seconds - schedule.code_seconds
        return msgspec.structs.replace(schedule, reverse_after=after, code_seconds=code_seconds)

    def _told(self, account: Row, key: str) -> int | None:
        """The whole number an account's settings hold under ``key``; None where they, or its provider, know none."""
        told = self._sections.get(account["name"], {}).get(key)
        setting = self.manifest(account["provider"]).setting(key)
        return None if told is None or setting is None else whole_number(setting, account["name"], told.strip())

    def _build(self, account: Row) -> Connector:
        manifest = self.manifest(account["provider"])
        if account["environment"] not in ENVIRONMENTS:
            raise settings_wrong("environment", field="environment")
        if self._demonstration and account["environment"] == "live":
            raise settings_wrong("demonstration", account=account["name"])
        folder = importlib.import_module(f"{manifest.package}.connector")
        made: Connector = folder.connector(self._means(account, manifest))
        return made

    def _means(self, account: Row, manifest: Manifest) -> Means:
        return Means(
            account_id=account["id"],
            environment=account["environment"],
            manifest=manifest,
            settings=self._settings(account, manifest),
            post=_SpooledPost(account["id"], frozenset(manifest.showable), self._transport, self._spool, self._clock),
            clock=self._clock,
            entropy=self._entropy,
        )

    def _settings(self, account: Row, manifest: Manifest) -> Mapping[str, str]:
        name = account["name"]
        section = self._sections.get(name)
        if section is None and any(setting.required for setting in manifest.settings):
            raise settings_wrong("section", account=name)
        read = read_settings(manifest, name, account["environment"], section or {})
        if read.get(MERCHANT_NO, account["merchant_no"]) != account["merchant_no"]:
            raise settings_wrong("merchant_no", field=MERCHANT_NO, account=name)
        return read


@dataclass(frozen=True, slots=True)
class _SpooledPost:
    """The way out of one account: what is said goes to the spool too."""

    account_id: str
    showable: frozenset[str]
    transport: Transport
    spool: Spool
    clock: Clock

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST, and note the exchange however it ended."""
        at = self.clock.now()
        try:
            answer = await self.transport.post(url, headers, body)
        except (NotSent, NoAnswer) as error:
            end = f"{type(error).__name__}: {error}"
            self.spool.note(Exchange(at=at, account_id=self.account_id, url=url, request=body, end=end), self.showable)
            raise
        self.spool.note(
            Exchange(
                at=at,
                account_id=self.account_id,
                url=url,
                request=body,
                end="answered",
                status=answer.status,
                headers=answer.headers,
                answer=answer.body,
            ),
            self.showable,
        )
        return answer
