# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulator's certificate authority, and valid and invalid server certificates."""

from __future__ import annotations

import functools
import ssl
import time
from pathlib import Path

from cryptography import x509

from .issuing import Authority, Request, certificate_pem, self_signed, subject, utc
from .keys import PrivateKey, key_pem, signing_key

DAY = 86400
HOSTS = ("localhost", "127.0.0.1")
GOOD = "good"
BAD_KINDS = ("expired", "wrong_host", "self_signed", "unknown_ca")


@functools.cache
def _authority(label: str = "authority") -> Authority:
    """Return the authority; with another label, a different authority with the same name."""
    now = time.time()
    return Authority.root(
        Request(
            subject("Simulator CA", "UCloud API simulator"),
            signing_key("p256", f"simulator {label}"),
            utc(now - 30 * DAY),
            utc(now + 30 * DAY),
            is_ca=True,
            usage=None,
        )
    )


@functools.cache
def _certificate(kind: str) -> tuple[x509.Certificate, PrivateKey]:
    key = signing_key("p256", f"simulator {kind}")
    now = time.time()
    ends = now - DAY if kind == "expired" else now + 20 * DAY
    names = ("api.other.example",) if kind == "wrong_host" else HOSTS
    request = Request(
        subject(names[0], "UCloud API simulator"),
        key,
        utc(now - 20 * DAY),
        utc(ends),
        names=names,
    )
    if kind == "self_signed":
        return self_signed(request), key
    authority = _authority("impostor") if kind == "unknown_ca" else _authority()
    return authority.issue(request), key


def write_authority(folder: Path) -> Path:
    """Write the authority's certificate, which clients have to trust, and return its path."""
    path = folder / "ca.pem"
    path.write_text(certificate_pem(_authority().certificate), encoding="ascii")
    return path


def server_context(kind: str, folder: Path) -> ssl.SSLContext:
    """Return TLS settings of a server, ``good`` or one of :data:`BAD_KINDS`. The key is written to ``folder``."""
    if kind not in (GOOD, *BAD_KINDS):
        raise ValueError(f"unknown kind of TLS site {kind!r}; valid values: {', '.join(BAD_KINDS)}")
    certificate, key = _certificate(kind)
    path = folder / f"{kind}.pem"
    # The ssl module reads keys only from files. The folder is private to this user.
    path.write_text(certificate_pem(certificate) + key_pem(key), encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
