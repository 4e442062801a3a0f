# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Count the secrets of which a piece is in a file or folder: python -m leaks STATE EVERYTHING PATH...

STATE is the simulator's state file, EVERYTHING the result of a task with ``content: all``. Prints a JSON object:
``secrets`` has the numbers of private keys of certificates and of credentials (private keys and tokens of accounts) to
search for, ``found`` has for each path the numbers of those found in it, and ``files`` its number of files.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .search import Secrets


def _secrets(state: Path, everything: Path) -> Secrets:
    accounts = json.loads(state.read_text(encoding="utf-8"))["accounts"].values()
    certificates = json.loads(everything.read_text(encoding="utf-8"))["certificates"]
    credentials = [account[name] for account in accounts for name in ("private_key", "security_token")]
    return Secrets((item["content"] or "" for item in certificates), filter(None, credentials))


def _count(secrets: Secrets, found: set[str]) -> dict[str, int]:
    return {"keys": len(found & set(secrets.keys)), "credentials": len(found & set(secrets.credentials))}


def main() -> None:
    """Search all files and their names."""
    state, everything, *paths = map(Path, sys.argv[1:])
    secrets = _secrets(state, everything)
    found, count = {}, {}
    for path in paths:
        files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
        names = (str(file.relative_to(path)) for file in files)
        pieces = secrets.found_in(*names, *(file.read_bytes() for file in files))
        found[path.name] = _count(secrets, secrets.owners(pieces))
        count[path.name] = len(files)
    everyone = {*secrets.keys, *secrets.credentials}
    print(json.dumps({"secrets": _count(secrets, everyone), "found": found, "files": count}))


if __name__ == "__main__":
    main()
