"""Known secrets, every way in which bytes may hold them, and looking for them in all that is kept."""

from __future__ import annotations

import base64
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import apsw

from tests.conftest import BINARIES

CARD = "4761739001010010"
TRACK_2 = ";4761739001010010=25122011143804400000?"
PIN_BLOCK = "1B9C1845EB993A7A"
CVV = "cvv2=9174"
PASSWORD = "canary sings Passwort 7f3a9c51"
PHONE = "13812345678"
_PEM_BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCanaryCanary17"
PEM = f"-----BEGIN PRIVATE KEY-----\n{_PEM_BODY}\n-----END PRIVATE KEY-----\n"
CANARIES = {
    "card number": CARD,
    "track 2": TRACK_2[1:30],
    "PIN block": PIN_BLOCK,
    "CVV": CVV,
    "password": PASSWORD,
    "phone": PHONE,
    "private key": _PEM_BODY,
}


def encodings(text: str) -> Iterator[tuple[str, bytes]]:
    """As text, hex, base64 at each of its three beginnings, UTF-16, backwards, in an address; digits as BCD."""
    plain = text.encode()
    yield "text", plain
    yield "hex", plain.hex().encode()
    yield "HEX", plain.hex().upper().encode()
    for shift in range(3):
        # What stands around it decides the first and last character, so these are left out.
        coded = base64.b64encode(b"\0" * shift + plain)
        yield f"base64+{shift}", coded[shift + 1 if shift else 0 : -4]
    yield "UTF-16", text.encode("utf-16-le")
    yield "backwards", plain[::-1]
    if quote(text, safe="") != text:
        yield "in an address", quote(text, safe="").encode()
        yield "in a form", quote(text, safe="").replace("%20", "+").encode()
    if len(text) % 2 == 0 and all(each in "0123456789ABCDEFabcdef" for each in text):
        yield "BCD", bytes.fromhex(text)


def found_in(named: Mapping[str, bytes], canaries: Mapping[str, str]) -> list[str]:
    """Each place that holds one, with how: free pages and the write-ahead log are bytes of files like the rest."""
    return [
        f"{what} as {how} in {place}"
        for place, content in named.items()
        for what, text in canaries.items()
        for how, needle in encodings(text)
        if needle in content
    ]


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below, by its path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def copy_of(database: str, folder: Path) -> dict[str, bytes]:
    """The whole store as a backup of it would hold it: SQLite's own copy into a new file, PostgreSQL's dump."""
    if database.startswith("sqlite://"):
        copied = folder / "copy.db"
        copied.unlink(missing_ok=True)
        store = apsw.Connection(database.removeprefix("sqlite://"), flags=apsw.SQLITE_OPEN_READONLY)
        store.execute("VACUUM INTO ?", (str(copied),))
        store.close()
        return {"copy.db": copied.read_bytes()}
    told = subprocess.run([BINARIES / "pg_dump", f"--dbname={database}"], capture_output=True, check=True)
    return {"dump.sql": told.stdout}


def store_of(database: str, folder: Path) -> dict[str, bytes]:
    """What an installation in ``folder`` keeps: its files, those of a store in a file, and a copy of the store."""
    beside = {path.name: path.read_bytes() for path in sorted(folder.glob("counterfoil.db*"))}
    copied = copy_of(database, folder)
    # It is a copy of this store: a row of each merchant's people is in it.
    assert any(b"canary@example.com" in content for content in copied.values())
    return {**files_of(folder / "data"), **beside, **copied}
