# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access to files in a folder that only this user can use, safe against replaced files and folders.

The folder is opened once and checked. All files are opened relative to its descriptor, so it does not matter where its
path leads later.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path

_FOLDER_MODE, _FILE_MODE, _OTHERS = 0o700, 0o600, 0o077


@contextmanager
def open_folder(path: Path, *, create: bool = False) -> Iterator[int]:
    """Open a folder, and yield its descriptor for the other functions of this module.

    Args:
        path: Path of the folder.
        create: Whether to create the folder if it does not exist.

    Raises:
        OSError: The folder does not exist, or other users can access it.
    """
    if create:
        with suppress(FileExistsError):
            path.mkdir(mode=_FOLDER_MODE)
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        status = os.fstat(folder)
        if status.st_uid != os.geteuid() or status.st_mode & _OTHERS:
            raise PermissionError(errno.EPERM, "the folder belongs to another user, or is open to others")
        yield folder
    finally:
        os.close(folder)


def exists(folder: int, name: str) -> bool:
    """Whether there is a file, or anything else, with this name."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return True


def read(folder: int, name: str) -> str:
    """Return the text of a file.

    Raises:
        OSError: The file does not exist, is not a regular file, or belongs to another user.
        ValueError: It is not text.
    """
    # Non-blocking, because opening a named pipe would wait for a writer.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    with os.fdopen(os.open(name, flags, dir_fd=folder), encoding="utf-8", newline="") as file:
        status = os.fstat(file.fileno())
        if status.st_uid != os.geteuid() or not stat.S_ISREG(status.st_mode):
            raise PermissionError(errno.EPERM, f"{name} is not a regular file of this user")
        return file.read()


def write(folder: int, name: str, text: str) -> None:
    """Write a file atomically. Only one process may write it at a time."""
    draft = f"{name}.draft"
    with suppress(FileNotFoundError):
        os.unlink(draft, dir_fd=folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    file = os.fdopen(os.open(draft, flags, _FILE_MODE, dir_fd=folder), "w", encoding="utf-8", newline="")
    try:
        with file:
            file.write(text)
        os.replace(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        # An incomplete file is useless, and takes space on a disk that may be full.
        remove(folder, draft)
        raise


def remove(folder: int, name: str) -> None:
    """Remove a file, if it exists."""
    with suppress(OSError):
        os.unlink(name, dir_fd=folder)


def open_lock(folder: int, name: str) -> FileIO:
    """Open a file for locking, reading and writing. Create it if it does not exist."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    return FileIO(os.open(name, flags, _FILE_MODE, dir_fd=folder), "r+")
