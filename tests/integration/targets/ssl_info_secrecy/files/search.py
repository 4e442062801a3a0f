# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Count the private keys of which a piece stands in a file: search.py STATE EVERYTHING FILE...

STATE is the simulator's state file, EVERYTHING the result of a task with ``content: all``. Prints a
JSON object: ``keys`` is the number of private keys and tokens that were looked for, ``found`` has
for each file the number of those of which it holds any piece.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

WINDOW = 16
_PRIVATE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(.+?)-----END", re.DOTALL)
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----(.+?)-----END", re.DOTALL)


def windows(text: str) -> set[str]:
    """All pieces of a text; lines are taken one by one, as line ends may be written differently."""
    lines = text.split()
    return {
        line[start : start + WINDOW]
        for line in lines
        for start in range(max(1, len(line) - WINDOW + 1))
        if len(line) >= WINDOW
    }


def secrets(state: Path, everything: Path) -> list[set[str]]:
    """The pieces of each private key and token that are in nothing that is public."""
    accounts = json.loads(state.read_text(encoding="utf-8"))["accounts"].values()
    contents = [
        certificate["content"] or ""
        for certificate in json.loads(everything.read_text(encoding="utf-8"))["certificates"]
    ]
    texts = {account["private_key"] for account in accounts}
    texts |= {account["security_token"] for account in accounts if account["security_token"]}
    texts |= {body for content in contents for body in _PRIVATE.findall(content)}
    # The public half of a key stands in its certificate, too, and may be written the same there.
    public = {body for content in contents for body in _CERTIFICATE.findall(content)}
    known = set().union(*map(windows, public))
    return [windows(text) - known for text in texts]


def main() -> None:
    """Search all files."""
    state, everything, *files = map(Path, sys.argv[1:])
    keys = secrets(state, everything)
    found = {}
    for file in files:
        # An escaped line end must not make a piece of its letter and what follows.
        text = file.read_text(encoding="utf-8").replace("\\n", "\n")
        pieces = {text[start : start + WINDOW] for start in range(len(text) - WINDOW + 1)}
        found[file.name] = sum(not key.isdisjoint(pieces) for key in keys)
    print(json.dumps({"keys": len(keys), "found": found}))


if __name__ == "__main__":
    main()
