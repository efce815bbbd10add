"""From an account's row and its section in the settings to a connector that is ready to call."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import msgspec

from counterfoil.basis import Clock, Entropy, Secret, Vault, insist
from counterfoil.providers.address import is_loopback
from counterfoil.providers.connector import Activates, Connector, Means, Post
from counterfoil.providers.distrust import Distrust, Doubt
from counterfoil.providers.faults import settings_wrong
from counterfoil.providers.held_faults import LOOPBACK_OFF
from counterfoil.providers.manifest import (
    AT_TERMINAL,
    CARD_TERMINAL,
    CODE_MINUTES,
    MERCHANT_NO,
    REVERSE_AFTER,
    SHOWN,
    Manifest,
    Schedule,
)
from counterfoil.providers.open_account import ENVIRONMENTS
from counterfoil.providers.outage import Outage
from counterfoil.providers.outcome import Outcome
from counterfoil.providers.pulse import AWAY, Beat, End, Pulse, Pulses
from counterfoil.providers.read_settings import read_settings, whole_number
from counterfoil.providers.scan import scan
from counterfoil.providers.sealed_settings import unsealed
from counterfoil.providers.sealed_state import opened_state, sealed_state
from counterfoil.providers.spool import Exchange, Spool
from counterfoil.providers.transport import Answer, NoAnswer, NotCertified, NotSent, Transport
from counterfoil.store import Row

_STATIC_CODE_TERMINAL: Final = "static_code_terminal"
_UNTIL_ITS_END: Final = frozenset({SHOWN, AT_TERMINAL})


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
        vault: Vault | None = None,
        manifests: Mapping[str, Manifest] | None = None,
        notify_url: Callable[[int, str], str | None] = lambda _merchant_id, _account_id: None,
    ) -> None:
        """``sections``: the settings ``[providers.<account name>]``, by account name.

        ``vault`` opens the settings that were entered in the office; they stand in the place of a section.
        ``manifests``: the providers; without them, those that ``scan`` finds. ``notify_url``: where the notices of a
        merchant's account arrive; None where the world cannot reach us.
        """
        self.manifests = scan() if manifests is None else manifests
        self.outage = outage
        self.pulses = Pulses()
        self.distrust = Distrust(clock)
        self._vault = vault
        self._opened: dict[tuple[int, str, int], Mapping[str, str] | None] = {}
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

    def read(self, account: Row, told: Mapping[str, str] | None = None) -> Mapping[str, str]:
        """What its connector is given: the account's settings, or ``told``, as the manifest says they are.

        Raises Refused CF-42xx where they cannot be used.
        """
        manifest = self._usable(account)
        return self._settings(account, manifest, self._told_of(account) if told is None else told)

    def trial(self, account: Row, told: Mapping[str, str] | None = None) -> tuple[Connector, Heard]:
        """A connector of its own, with what it hears on the wire: for trying settings before anybody relies on them.

        ``told``: other settings than the account has. Raises Refused CF-42xx where they cannot be used.
        """
        heard = Heard()
        return self._build(account, told, heard), heard

    async def activate(self, account: Row, told: Mapping[str, str]) -> Mapping[str, str] | Outcome:
        """激活: what the account's provider hands out for ``told``, the fields of its activation.

        Raises Refused CF-42xx where the account cannot be used.
        """
        manifest = self._usable(account)
        folder: Activates = importlib.import_module(f"{manifest.package}.connector")
        return await folder.activate(self._post(account, manifest, None), told)

    def settings(self, account: Row) -> Mapping[str, str]:
        """What the account was given, entered in the office or written in the settings file; secrets too."""
        return self._told_of(account) or {}

    @property
    def vault(self) -> Vault:
        """What settings are sealed with."""
        insist(self._vault is not None, "settings are sealed where there is a vault")
        return self._vault  # type: ignore[return-value]

    def schedule(self, account: Row) -> Schedule:
        """When to ask and when to give up: the provider's schedule, as far as the account's settings say nothing else.

        Raises Refused CF-4211 where the settings hold no number in the range that the manifest says.
        """
        schedule = self.manifest(account["provider"]).schedule
        seconds, minutes = self._told(account, REVERSE_AFTER), self._told(account, CODE_MINUTES)
        after = dict(schedule.reverse_after)
        if seconds is not None:
            # What waits for a customer is alive until its own end, however soon the machine gives up a scanned code.
            after |= {entry: float(seconds) for entry in after if entry not in _UNTIL_ITS_END}
        code_seconds = schedule.code_seconds
        if minutes is not None:
            code_seconds = minutes * 60.0
            longer = code_seconds - schedule.code_seconds
            after |= {entry: seconds + longer for entry, seconds in after.items() if entry in _UNTIL_ITS_END}
        return msgspec.structs.replace(schedule, reverse_after=after, code_seconds=code_seconds)

    def takes_cards(self, account: Row) -> bool:
        """Whether a card terminal of the provider's belongs to the account: its settings then name it."""
        return bool(self.settings(account).get(CARD_TERMINAL, "").strip())

    def static_code_terminal(self, account: Row) -> str | None:
        """The number of the terminal on whose counter the account's printed code stands, where the settings name it."""
        return self.settings(account).get(_STATIC_CODE_TERMINAL)

    def _told(self, account: Row, key: str) -> int | None:
        """The whole number an account's settings hold under ``key``; None where they, or its provider, know none."""
        told = (self._told_of(account) or {}).get(key)
        setting = self.manifest(account["provider"]).setting(key)
        return None if told is None or setting is None else whole_number(setting, account["name"], told.strip())

    def _told_of(self, account: Row) -> Mapping[str, str] | None:
        """The account's settings as they were given; None where it has none."""
        if account.get("sealed_settings") is None:
            return self._sections.get(account["name"])
        key = (account["merchant_id"], account["id"], account["version"])
        if key not in self._opened:
            self._opened[key] = unsealed(self._vault, account)
        return self._opened[key]

    def _usable(self, account: Row) -> Manifest:
        manifest = self.manifest(account["provider"])
        if account["environment"] not in ENVIRONMENTS:
            raise settings_wrong("environment", field="environment")
        if self._demonstration and account["environment"] == "live":
            raise settings_wrong("demonstration", account=account["name"])
        return manifest

    def _build(self, account: Row, told: Mapping[str, str] | None = None, heard: Heard | None = None) -> Connector:
        manifest = self._usable(account)
        folder = importlib.import_module(f"{manifest.package}.connector")
        told = self._told_of(account) if told is None else told
        made: Connector = folder.connector(self._means(account, manifest, told, heard))
        return made

    def _post(self, account: Row, manifest: Manifest, heard: Heard | None) -> Post:
        # What is only tried says nothing of the account's own line.
        pulse = self.pulses.of(account["merchant_id"], account["id"]) if heard is None else Pulse()
        doubted = partial(self.distrust.note, account["merchant_id"], account["id"], Doubt.CERTIFICATE)
        return _SpooledPost(account["id"], manifest, self._transport, self._spool, self._clock, pulse, heard, doubted)

    def _means(self, account: Row, manifest: Manifest, told: Mapping[str, str] | None, heard: Heard | None) -> Means:
        return Means(
            account_id=account["id"],
            environment=account["environment"],
            manifest=manifest,
            settings=self._settings(account, manifest, told),
            post=self._post(account, manifest, heard),
            clock=self._clock,
            entropy=self._entropy,
            notify_url=self._notify_url(account["merchant_id"], account["id"]),
            state=opened_state(self._vault, account),
        )

    def state(self, account: Row) -> Secret[bytes] | None:
        """What the account's provider handed out, opened; None where nothing was. Raises Refused CF-4270."""
        return opened_state(self._vault, account)

    def now(self) -> int:
        """UTC microseconds, by the clock that connectors are given."""
        return self._clock.now()

    def sealed(self, account: Row, state: bytes) -> bytes:
        """An account's new state as it is stored."""
        return sealed_state(self._vault, account, state)

    def _settings(self, account: Row, manifest: Manifest, section: Mapping[str, str] | None) -> Mapping[str, str]:
        name = account["name"]
        if section is None and any(setting.required for setting in manifest.settings):
            raise settings_wrong("section", account=name)
        read = read_settings(manifest, name, account["environment"], section or {})
        for setting in manifest.settings:
            if setting.type == "url" and is_loopback(_host(read.get(setting.key, ""))) and not self._transport.loopback:
                raise LOOPBACK_OFF(field=setting.key)
        if read.get(MERCHANT_NO, account["merchant_no"]) != account["merchant_no"]:
            raise settings_wrong("merchant_no", field=MERCHANT_NO, account=name)
        return read


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


@dataclass(slots=True)
class Heard:
    """What came back on the wire while settings were tried: the last answer's status and headers, or why none came."""

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    why: str = ""

    def answer(self, url: str, answer: Answer) -> None:
        """An answer came."""
        self.url, self.status, self.headers, self.why = url, answer.status, answer.headers, ""

    def nothing(self, url: str, why: str) -> None:
        """None came."""
        self.url, self.status, self.headers, self.why = url, None, {}, why


@dataclass(frozen=True, slots=True)
class _SpooledPost:
    """The way out of one account: what is said goes to the spool too, and how it ended to the account's pulse."""

    account_id: str
    manifest: Manifest
    transport: Transport
    spool: Spool
    clock: Clock
    pulse: Pulse
    heard: Heard | None
    doubted: Callable[[], None]

    async def __call__(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """POST, and note the exchange however it ended."""
        at = self.clock.now()
        try:
            seconds = self.manifest.seconds_for(urlsplit(url).path)
            answer = await self.transport.post(url, headers, body, read_seconds=seconds)
        except (NotSent, NoAnswer) as error:
            end = f"{type(error).__name__}: {error}"
            self._beat(at, End.NOT_SENT if isinstance(error, NotSent) else End.NO_ANSWER, str(error))
            if isinstance(error, NotCertified):
                self.doubted()
            if self.heard is not None:
                self.heard.nothing(url, str(error))
            self.spool.note(
                Exchange(at=at, account_id=self.account_id, url=url, request=body, end=end),
                frozenset(self.manifest.showable),
            )
            raise
        away = answer.status in AWAY
        self._beat(at, End.AWAY if away else End.ANSWERED, f"HTTP {answer.status}" if away else "")
        if self.heard is not None:
            self.heard.answer(url, answer)
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
            frozenset(self.manifest.showable),
        )
        return answer

    def _beat(self, at: int, end: End, why: str) -> None:
        now = self.clock.now()
        self.pulse.note(Beat(at, max(0, now - at) // 1000, end, why), now)
