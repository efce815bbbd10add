"""Settings: one TOML file and the environment, validated; a key nobody knows is refused by name.

    [server] [database] [keys] [providers.<account>] [printers."<merchant>.<terminal>"]

``COUNTERFOIL_SECTION__KEY`` in the environment overrides the file, ``COUNTERFOIL_PROVIDERS__<ACCOUNT>__KEY`` an
account's member. Secrets stand in files the settings name, never in the settings themselves.
"""

from __future__ import annotations

import ipaddress
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from counterfoil.basis.fault import Words, refused
from counterfoil.basis.networks import Networks

PREFIX: Final = "COUNTERFOIL_"
DATABASE_ADDRESS: Final = f"{PREFIX}DATABASE__ADDRESS"
# Named by the start script and the tests; no settings of the program.
_NOT_OURS: Final = frozenset({"COUNTERFOIL_CHROMIUM", "COUNTERFOIL_VENV", "COUNTERFOIL_PYTHON"})

# More than the largest machine has use for; each holds up to nine connections to the database.
PROCESSES_MAX: Final = 64
# Below the least a page that refreshes itself could not be used; the most is no bound any more.
PACE_LEAST: Final = 120
PACE_MOST: Final = 1_000_000

SETTINGS_WRONG: Final = refused(
    "CF-7001",
    500,
    zh=Words("设置有误：{why}", "程序没有启动，款项没有变化", "请改正 {where} 里的这一项，再启动"),
    en=Words(
        "A setting is wrong: {why}",
        "The program did not start; no money has moved",
        "Correct it in {where} and start again",
    ),
)

PORT_TAKEN: Final = refused(
    "CF-7003",
    500,
    zh=Words(
        "{host} 的端口 {port} 不能使用（{why}）", "程序没有启动，款项没有变化", "请停止占用它的程序，或换一个端口再启动"
    ),
    en=Words(
        "Port {port} of {host} cannot be used ({why})",
        "The program did not start; no money has moved",
        "Stop what is using it, or choose another port and start again",
    ),
)

FILE_UNUSABLE: Final = refused(
    "CF-7004",
    500,
    zh=Words(
        "文件或文件夹不能使用：{path}（{why}）",
        "这一步没有完成，已记录的款项没有变化",
        "请检查路径、权限和磁盘空间，再试一次",
    ),
    en=Words(
        "A file or folder cannot be used: {path} ({why})",
        "This step was not completed; recorded money is unchanged",
        "Check the path, its permissions and the space on the disk, then try again",
    ),
)


OPEN_WITHOUT_TLS: Final = refused(
    "CF-7005",
    500,
    zh=Words(
        "{host} 不是本机地址，而这里没有加密（TLS）",
        "程序没有启动，款项没有变化",
        "请用 counterfoil tls init 生成证书并写进设置，或改回 127.0.0.1、在前面放提供 TLS 的代理；"
        "确认网络可信、愿意明文传输密码时，加 --i-know 再启动",
    ),
    en=Words(
        "Others can reach {host}, and nothing here is encrypted (TLS)",
        "The program did not start; no money has moved",
        "Make a certificate with counterfoil tls init and name it in the settings, or listen on 127.0.0.1 behind a "
        "proxy with TLS; or, where the network is trusted and passwords may cross it unencrypted, add --i-know and "
        "start again",
    ),
)

CERTIFICATE_UNUSABLE: Final = refused(
    "CF-7007",
    500,
    zh=Words(
        "服务器证书不能使用：{path}（{why}）",
        "程序没有启动，款项没有变化",
        "请核对 [server] 里的 certificate 和 certificate_key：两个 PEM 文件要成对、未过期；"
        "可用 counterfoil tls init 重新生成",
    ),
    en=Words(
        "The server's certificate cannot be used: {path} ({why})",
        "The program did not start; no money has moved",
        "Check certificate and certificate_key under [server]: two PEM files that belong together and are in date; "
        "counterfoil tls init makes new ones",
    ),
)

ONE_PROCESS_ONLY: Final = refused(
    "CF-7006",
    500,
    zh=Words(
        "数据在 SQLite 文件里，只能由一个进程使用，不能启动 {processes} 个",
        "程序没有启动，款项没有变化",
        "请去掉 --processes；需要多个进程时，先把 [database] address 设为 PostgreSQL 的地址",
    ),
    en=Words(
        "The data is in a SQLite file, which one process alone may use, not {processes}",
        "The program did not start; no money has moved",
        "Leave --processes out; for several processes set the address under [database] to a PostgreSQL database first",
    ),
)


class Server(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where the doors listen. ``public_url`` is how people reach them; with ``https://`` cookies are for TLS only.

    ``processes``: how many serve the port together, on PostgreSQL only. ``certificate`` and ``certificate_key``: PEM
    files; with them the port speaks TLS and nothing else. ``proxies``: the networks of proxies before this server,
    whose word on where a caller comes from is believed. ``loopback_sandboxes``: whether a
    provider's sandbox on this machine may be called; off where real money is taken. ``key_requests_a_minute`` and
    ``session_requests_a_minute``: how often one API key, and one signed-in session, may ask a process.
    ``hsts_subdomains``: whether browsers that come over TLS are told to use TLS for all names below ours, too.
    """

    host: str = "127.0.0.1"
    port: int = 8460
    processes: Annotated[int, msgspec.Meta(ge=1, le=PROCESSES_MAX)] = 1
    host_port: int | None = None
    public_url: str | None = None
    loopback_sandboxes: bool = False
    certificate: str | None = None
    certificate_key: str | None = None
    proxies: tuple[str, ...] = ()
    key_requests_a_minute: Annotated[int, msgspec.Meta(ge=PACE_LEAST, le=PACE_MOST)] = 6_000
    hsts_subdomains: bool = False
    session_requests_a_minute: Annotated[int, msgspec.Meta(ge=PACE_LEAST, le=PACE_MOST)] = 1_200

    @property
    def tls(self) -> bool:
        """Whether TLS ends here."""
        return self.certificate is not None

    def __post_init__(self) -> None:
        """Raises ValueError for what cannot be meant, which ``read_settings`` tells as CF-7001."""
        if (self.certificate is None) != (self.certificate_key is None):
            raise ValueError("certificate and certificate_key belong together")
        Networks.read(self.proxies)


class Database(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``sqlite:///…`` or ``postgresql://…``; None: one SQLite file in the data folder.

    ``distributed``: the PostgreSQL is one of several nodes with Citus, and the tables are spread over them by merchant.
    ``trusted_wire``: one on another machine may be reached without verified TLS, since nobody else is on that wire.
    """

    address: str | None = None
    distributed: bool = False
    trusted_wire: bool = False


class Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``folder`` lies outside the data folder; None: ``<data>.keys`` beside it.

    ``seal``: the file of the keys that settings are sealed with; None: ``seal.keys`` in that folder.
    """

    folder: str | None = None
    seal: str | None = None


class Printer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A receipt printer in the network, which takes ESC/POS as it is (port 9100); ``paper`` is 58 or 80 mm wide."""

    host: str
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 9100
    paper: Literal["58", "80"] = "80"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All settings. ``providers`` holds each account's own members, checked by its provider.

    ``printers``: the receipt printer of a terminal, by merchant and terminal number: ``1.T01``.
    """

    server: Server = Server()
    database: Database = Database()
    keys: Keys = Keys()
    providers: dict[str, dict[str, str]] = {}
    printers: dict[str, Printer] = {}

    def keys_dir(self, data: Path) -> Path:
        """Where the keys lie for this data folder."""
        return Path(self.keys.folder) if self.keys.folder else data.with_name(data.name + ".keys")

    def seal_file(self, data: Path) -> Path:
        """Where the keys lie that settings are sealed with."""
        return Path(self.keys.seal) if self.keys.seal else self.keys_dir(data) / "seal.keys"

    def database_address(self, data: Path) -> str:
        """The store's address for this data folder."""
        return self.database.address or f"sqlite://{data.resolve()}/counterfoil.db"

    def hold_processes(self, count: int, data: Path) -> None:
        """Whether ``count`` processes may use the data at once. Raises CF-7006."""
        if count > 1 and self.database_address(data).startswith("sqlite:"):
            raise ONE_PROCESS_ONLY(processes=count)


def only_here(host: str) -> bool:
    """Whether only programs of this machine can reach what listens on ``host``."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def read_settings(file: Path | None, environment: Mapping[str, str]) -> Settings:
    """The settings of ``file`` (None: all defaults) under the environment. Raises CF-7001."""
    where = str(file or "environment")
    try:
        told: dict[str, Any] = tomllib.loads(file.read_text("utf-8")) if file else {}
        for name, value in sorted(environment.items()):
            if name.startswith(PREFIX) and name not in _NOT_OURS:
                _override(told, name.removeprefix(PREFIX).lower().split("__"), value)
        return msgspec.convert(told, Settings, strict=False)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SETTINGS_WRONG(why=_why(error), where=where) from error


def _why(error: Exception) -> str:
    """What a reader can use of it; the path stands beside it."""
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)


def _override(told: dict[str, Any], path: list[str], value: str) -> None:
    for part in path[:-1]:
        inner = told.setdefault(part, {})
        if not isinstance(inner, dict):
            raise msgspec.ValidationError(f"{part} is no section")
        told = inner
    told[path[-1]] = value
