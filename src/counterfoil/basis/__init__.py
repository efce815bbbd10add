"""What every other area stands on: money, time, ids, secrets, canonical bytes, settings and faults.

Rules
- Imports nothing of ours.
- Time, randomness and ids are handed in from ``app``; nothing here or above reads the wall clock by itself.
- Money is an integer in minor units with its ISO 4217 currency; no float comes near it.
- A fault knows whose it is: Refused (the caller can mend it), Trouble (the world), Broken (us).
"""

from counterfoil.basis.board import Board, Note
from counterfoil.basis.canonical import CANONICAL_BYTES_MAX, JSON, KnownObject, NotCanonical, decode, encode
from counterfoil.basis.card_number import card_numbers, checks, is_card_number, without_cards
from counterfoil.basis.clock import (
    MICROS,
    Clock,
    SystemClock,
    from_rfc3339,
    local_day,
    local_time,
    next_cut,
    rfc3339,
    zone_of,
)
from counterfoil.basis.fault import (
    CANNOT_BE,
    Both,
    Broken,
    Fault,
    FaultKind,
    Language,
    Refused,
    Told,
    Trouble,
    Words,
    broken,
    insist,
    refused,
    trouble,
)
from counterfoil.basis.files import read_or_none, write_whole
from counterfoil.basis.ids import Entropy, Ids, SeededEntropy, SystemEntropy, canonical_uuid, uuid_at, uuid_text
from counterfoil.basis.key_file import KEY_FILE_WRONG, open_key_file
from counterfoil.basis.money import CNY, Money, NotMoney
from counterfoil.basis.networks import HOME, NOWHERE, Address, Networks, address_of
from counterfoil.basis.pace import Pace
from counterfoil.basis.secret import Secret
from counterfoil.basis.settings import (
    CERTIFICATE_UNUSABLE,
    DATABASE_ADDRESS,
    FILE_UNUSABLE,
    ONE_PROCESS_ONLY,
    OPEN_WITHOUT_TLS,
    PACE_MOST,
    PORT_TAKEN,
    PROCESSES_MAX,
    SETTINGS_WRONG,
    Printer,
    Server,
    Settings,
    only_here,
    read_settings,
)
from counterfoil.basis.vault import NotOpened, Vault, add_key, number_of, open_vault

__all__ = [
    "CANNOT_BE",
    "CANONICAL_BYTES_MAX",
    "CERTIFICATE_UNUSABLE",
    "CNY",
    "DATABASE_ADDRESS",
    "FILE_UNUSABLE",
    "HOME",
    "JSON",
    "KEY_FILE_WRONG",
    "MICROS",
    "NOWHERE",
    "ONE_PROCESS_ONLY",
    "OPEN_WITHOUT_TLS",
    "PACE_MOST",
    "PORT_TAKEN",
    "PROCESSES_MAX",
    "SETTINGS_WRONG",
    "Address",
    "Board",
    "Both",
    "Broken",
    "Clock",
    "Entropy",
    "Fault",
    "FaultKind",
    "Ids",
    "KnownObject",
    "Language",
    "Money",
    "Networks",
    "NotCanonical",
    "NotMoney",
    "NotOpened",
    "Note",
    "Pace",
    "Printer",
    "Refused",
    "Secret",
    "SeededEntropy",
    "Server",
    "Settings",
    "SystemClock",
    "SystemEntropy",
    "Told",
    "Trouble",
    "Vault",
    "Words",
    "add_key",
    "address_of",
    "broken",
    "canonical_uuid",
    "card_numbers",
    "checks",
    "decode",
    "encode",
    "from_rfc3339",
    "insist",
    "is_card_number",
    "local_day",
    "local_time",
    "next_cut",
    "number_of",
    "only_here",
    "open_key_file",
    "open_vault",
    "read_or_none",
    "read_settings",
    "refused",
    "rfc3339",
    "trouble",
    "uuid_at",
    "uuid_text",
    "without_cards",
    "write_whole",
    "zone_of",
]
