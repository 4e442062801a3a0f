# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files in a folder that only one user can use, and that nobody else can slip in.

The folder is opened once, looked at, and all files are named relative to it: what is found in it by its descriptor is
in it, whatever its path may lead to by then.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

_PRIVATE_FOLDER, _PRIVATE_FILE, _OTHERS = 0o700, 0o600, 0o077


@contextmanager
def open_folder(path: Path, *, make: bool = False) -> Iterator[int]:
    """The folder as a descriptor, for the other functions here; made first if it is not there and that is wanted.

    :raises OSError: there is none, or it is not one that only this user can use.
    """
    if make:
        with suppress(FileExistsError):
            path.mkdir(mode=_PRIVATE_FOLDER)
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        status = os.fstat(folder)
        if status.st_uid != os.geteuid() or status.st_mode & _OTHERS:
            raise PermissionError(errno.EPERM, "the folder belongs to another user, or is open to others")
        yield folder
    finally:
        os.close(folder)


def has(folder: int, name: str) -> bool:
    """Whether there is a file, or anything, of that name."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return True


def read(folder: int, name: str) -> str:
    """The text of a file.

    :raises OSError: it is not there, or is no file of this user's.
    :raises ValueError: it is no text.
    """
    # Not to wait: whoever opens a named pipe would, for somebody who writes.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    with os.fdopen(os.open(name, flags, dir_fd=folder), encoding="utf-8", newline="") as file:
        status = os.fstat(file.fileno())
        if status.st_uid != os.geteuid() or not stat.S_ISREG(status.st_mode):
            raise PermissionError(errno.EPERM, f"{name} is not a file of this user's")
        return file.read()


def write(folder: int, name: str, text: str) -> None:
    """Put a file there, whole from the moment that it has its name. Only one process may write it at a time."""
    draft = f"{name}.draft"
    with suppress(FileNotFoundError):
        os.unlink(draft, dir_fd=folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    file = os.fdopen(os.open(draft, flags, _PRIVATE_FILE, dir_fd=folder), "w", encoding="utf-8", newline="")
    try:
        with file:
            file.write(text)
        os.replace(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        # What there is of it is of no use, and takes room on a disk that may be full.
        remove(folder, draft)
        raise


def remove(folder: int, name: str) -> None:
    """Remove a file, if it is there."""
    with suppress(OSError):
        os.unlink(name, dir_fd=folder)


def open_lock(folder: int, name: str) -> FileIO:
    """A file to lock, and to read and write; made if it is not there."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    return FileIO(os.open(name, flags, _PRIVATE_FILE, dir_fd=folder), "r+")
