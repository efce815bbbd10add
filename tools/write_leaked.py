"""Write the list of leaked passwords that ships: ``python tools/write_leaked.py zxcvbn-4.5.0-py2.py3-none-any.whl``.

The source is the frequency list "passwords" of zxcvbn (MIT licence). What ships is no list of passwords but the first
five bytes of each one's SHA-256, sorted; among 30,000 of them a password of chance is found with odds of 1 to 36
million. Beside it stands where it came from, with the digests of both files.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from pathlib import Path

BYTES = 5
TO = Path(__file__).parents[1] / "src" / "counterfoil" / "people" / "logins"
INSIDE = "zxcvbn/frequency_lists.py"


def passwords(wheel: Path) -> list[str]:
    """The list as it stands in the wheel, lower case, one each."""
    names: dict[str, object] = {}
    exec(zipfile.ZipFile(wheel).read(INSIDE), names)  # noqa: S102 - a wheel whose digest is written down
    lists = names["FREQUENCY_LISTS"]
    found = lists["passwords"] if isinstance(lists, dict) else []
    return sorted({one.lower() for one in found})


def main(wheel: Path) -> None:
    """Write both files."""
    found = passwords(wheel)
    packed = b"".join(sorted({hashlib.sha256(one.encode()).digest()[:BYTES] for one in found}))
    (TO / "leaked.bin").write_bytes(packed)
    told = {
        "source": "zxcvbn 4.5.0, frequency list 'passwords', https://github.com/dwolfhub/zxcvbn-python",
        "licence": "MIT, Copyright (c) 2012-2016 Dan Wheeler and Dropbox, Inc.; (c) 2016 Daniel Wolf",
        "source_sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "passwords": len(found),
        "sha256": hashlib.sha256(packed).hexdigest(),
    }
    (TO / "leaked.json").write_text(json.dumps(told, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
