# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds certificates in files of any kind, as PEM or DER.

It does not use the collection's own reader, because that is what is tested.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: In bytes. Larger files are archives or programs.
_LARGEST_FILE = 4_000_000
#: In bytes of base64. Limits the search for the end of a block, so that it takes linear time.
_LONGEST_BLOCK = 200_000
_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 ]{0,60}CERTIFICATE)-----")


@dataclass(frozen=True)
class CertificateFile:
    """A file with at least one block that may be a certificate.

    Attributes:
        text: The input for the reader.
        certificates: The DER of each certificate block, or ``b""`` if the block is not a certificate.
    """

    name: str
    text: str
    certificates: list[bytes] = field(repr=False)

    @property
    def has_key(self) -> bool:
        """Whether the file contains a private key."""
        return "PRIVATE KEY-----" in self.text


@dataclass
class Search:
    """The result of a search. ``skipped`` is the number of files without certificates."""

    files: list[CertificateFile] = field(default_factory=list)
    skipped: int = 0


def search(folders: Iterable[Path]) -> Search:
    """Search all files of some folders, or single files, sorted by name."""
    found = Search()
    for path in _files(folders):
        file = read(path)
        if file is None:
            found.skipped += 1
        else:
            found.files.append(file)
    return found


def read(path: Path) -> CertificateFile | None:
    """Return possible certificates in a file, or ``None`` if there are none."""
    if path.stat().st_size > _LARGEST_FILE:
        return None
    data = path.read_bytes()
    if _may_be_certificate(data):
        der = data[: _whole_length(data)]
        return CertificateFile(str(path), to_pem(der), [der])
    certificates = [der if _may_be_certificate(der) else b"" for der in map(_decoded, _certificate_blocks(data))]
    return CertificateFile(str(path), data.decode("utf-8", "replace"), certificates) if any(certificates) else None


def to_pem(*certificates: bytes) -> str:
    """Convert certificates from DER to PEM."""
    return "".join(
        f"-----BEGIN CERTIFICATE-----\n{base64.encodebytes(der).decode()}-----END CERTIFICATE-----\n"
        for der in certificates
    )


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if folder.is_dir():
            yield from sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        else:
            yield folder


def _certificate_blocks(data: bytes) -> Iterator[bytes]:
    for begin in _BEGIN.finditer(data):
        body, end, _rest = data[begin.end() : begin.end() + _LONGEST_BLOCK].partition(b"-----END %s-----" % begin[1])
        yield body if end else b""


def _decoded(body: bytes) -> bytes:
    try:
        der = base64.b64decode(b"".join(body.split()), validate=True)
    except binascii.Error:
        return b""
    # A TRUSTED CERTIFICATE has additional data of OpenSSL after the certificate.
    return der[: _whole_length(der)]


def _may_be_certificate(data: bytes) -> bool:
    """Whether the data starts like a certificate: two nested SEQUENCEs, then a version or serial number."""
    outer = _header(data)
    inner = _header(data[outer:]) if outer else 0
    return bool(inner) and data[outer + inner : outer + inner + 1] in (b"\xa0", b"\x02")


def _header(data: bytes) -> int:
    """Return the length of the header of a SEQUENCE at this offset, or 0 if there is none."""
    if len(data) < 2 or data[0] != 0x30:
        return 0
    return 2 + (data[1] & 0x7F) if data[1] & 0x80 else 2


def _whole_length(data: bytes) -> int:
    """Return the length of the SEQUENCE at this offset."""
    header = _header(data)
    return header + (int.from_bytes(data[2:header], "big") if header > 2 else data[1]) if header else 0
