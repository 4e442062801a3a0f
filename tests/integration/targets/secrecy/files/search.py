# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Count the private keys of which a piece stands in a file or folder: search.py STATE EVERYTHING PATH...

STATE is the simulator's state file, EVERYTHING the result of a task with ``content: all``. Prints a
JSON object: ``keys`` is the number of private keys and tokens that were looked for, ``found`` has
for each path the number of those of which it holds any piece, and ``files`` how many files it is.
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


def pieces_of(file: Path) -> set[str]:
    """All pieces of a file."""
    # An escaped line end must not make a piece of its letter and what follows. Some temporary files are binary.
    text = file.read_text(encoding="utf-8", errors="replace").replace("\\n", "\n")
    return {text[start : start + WINDOW] for start in range(len(text) - WINDOW + 1)}


def main() -> None:
    """Search all files."""
    state, everything, *paths = map(Path, sys.argv[1:])
    keys = secrets(state, everything)
    found, count = {}, {}
    for path in paths:
        files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
        pieces = set().union(*map(pieces_of, files))
        found[path.name] = sum(not key.isdisjoint(pieces) for key in keys)
        count[path.name] = len(files)
    print(json.dumps({"keys": len(keys), "found": found, "files": count}))


if __name__ == "__main__":
    main()
