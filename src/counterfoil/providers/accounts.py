"""From an account's row and its section in the settings to a connector that is ready to call."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from counterfoil.basis import Clock, Entropy
from counterfoil.providers.connector import Connector, Means
from counterfoil.providers.faults import settings_wrong
from counterfoil.providers.manifest import Manifest, Schedule, scan
from counterfoil.providers.open_account import ENVIRONMENTS
from counterfoil.providers.outage import Outage
from counterfoil.providers.spool import Exchange, Spool
from counterfoil.providers.transport import Answer, NoAnswer, NotSent, Transport, check_address
from counterfoil.store import Row

_REVERSE_AFTER: Final = "reverse_after_seconds"
_REVERSE_AFTER_SECONDS: Final = range(10, 3601)
_STATIC_CODE_TERMINAL: Final = "static_code_terminal"
_CODE_MINUTES: Final = "code_minutes"
# Lakala's bounds of timeout_express; a provider with others will need its own.
_CODE_MINUTES_RANGE: Final = range(1, 16)
_SHOWN: Final = "merchant_code"


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
        notify_url: Callable[[int, str], str | None] = lambda _merchant_id, _account_id: None,
    ) -> None:
        """``sections``: the settings ``[providers.<account name>]``, by account name.

        ``notify_url``: where the notices of a merchant's account arrive; None where the world cannot reach us.
        """
        self.manifests = scan()
        self.outage = outage
        self._sections = sections
        self._transport = transport
        self._spool = spool
        self._clock = clock
        self._entropy = entropy
        self._demonstration = demonstration
        self._notify_url = notify_url
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

        Raises Refused CF-4211 where the settings hold no number of seconds from 10 to 3600, CF-4212 where they hold no
        number of minutes from 1 to 15.
        """
        schedule = self.manifest(account["provider"]).schedule
        seconds = self._told(account, _REVERSE_AFTER, _REVERSE_AFTER_SECONDS, "value")
        minutes = self._told(account, _CODE_MINUTES, _CODE_MINUTES_RANGE, "code_minutes")
        after = dict(schedule.reverse_after)
        if seconds is not None:
            # A shown code is alive until its own end, however soon the machine gives up a scanned one.
            after |= {entry: float(seconds) for entry in after if entry != _SHOWN}
        code_seconds = schedule.code_seconds
        if minutes is not None and _SHOWN in after:
            code_seconds = minutes * 60.0
            after[_SHOWN] += code_seconds - schedule.code_seconds
        return msgspec.structs.replace(schedule, reverse_after=after, code_seconds=code_seconds)

    def static_code_terminal(self, account: Row) -> str | None:
        """The number of the terminal on whose counter the account's printed code stands, where the settings name it."""
        return self._sections.get(account["name"], {}).get(_STATIC_CODE_TERMINAL)

    def _told(self, account: Row, key: str, bounds: range, wrong: str) -> int | None:
        """The whole number an account's settings hold under ``key``; None where they say nothing."""
        told = self._sections.get(account["name"], {}).get(key)
        if told is None:
            return None
        if not (told.isascii() and told.isdecimal() and int(told) in bounds):
            raise settings_wrong(wrong, field=key, account=account["name"], key=key)
        return int(told)

    def _build(self, account: Row) -> Connector:
        manifest = self.manifest(account["provider"])
        if account["environment"] not in ENVIRONMENTS:
            raise settings_wrong("environment", field="environment")
        if self._demonstration and account["environment"] == "live":
            raise settings_wrong("demonstration", account=account["name"])
        folder = importlib.import_module(f"counterfoil.providers.{manifest.id}.connector")
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
            notify_url=self._notify_url(account["merchant_id"], account["id"]),
        )

    def _settings(self, account: Row, manifest: Manifest) -> Mapping[str, str]:
        name = account["name"]
        section = self._sections.get(name)
        if section is None:
            if manifest.settings:
                raise settings_wrong("section", account=name)
            section = {}
        for key in manifest.settings:
            if not section.get(key):
                raise settings_wrong("missing", field=key, account=name, key=key)
        for key in section:
            if key not in manifest.settings and key not in manifest.optional:
                raise settings_wrong("unknown", field=key, account=name, key=key)
        if "base_url" in section:
            check_address(section["base_url"], account["environment"])
        if section.get("merchant_no", account["merchant_no"]) != account["merchant_no"]:
            raise settings_wrong("merchant_no", field="merchant_no", account=name)
        return section


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
