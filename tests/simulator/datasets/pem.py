# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificate files of a folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..fleet import Fleet, record

SUFFIXES = (".pem", ".crt")


def pem(directory: str | Path, *, region: str = "cn-bj2", project: str = "org-default") -> Fleet:
    """Return a record for each ``*.pem`` and ``*.crt`` file of the folder, sorted by name.

    Files are served unchanged, except that bytes that are not UTF-8 are replaced.

    Raises:
        NotADirectoryError: There is no such folder.
    """
    folder = Path(directory)
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    records = [
        record(
            f"ssl-{hashlib.sha256(path.name.encode()).hexdigest()[:10]}",
            path.stem,
            path.read_bytes().decode("utf-8", "replace"),
            int(path.stat().st_mtime),
        )
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in SUFFIXES and path.is_file()
    ]
    return Fleet.single(records, region=region, project=project)
