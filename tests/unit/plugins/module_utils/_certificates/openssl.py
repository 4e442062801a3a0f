# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read certificates with the program ``openssl``, for comparison. Texts that depend on its version are not used."""

from __future__ import annotations

import re
import subprocess
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

_DATE = re.compile(r"(\w{3} +\d+ \d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT")


class Seen(NamedTuple):
    """A certificate as the program shows it, with times as timestamps, and names by RFC 2253."""

    serial_number: int
    not_before: int
    not_after: int
    subject: str
    issuer: str


def run_bytes(*arguments: str, given: bytes = b"") -> bytes | None:
    """Return the program's output; ``None`` if it fails."""
    done = subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=False)
    return done.stdout if done.returncode == 0 else None


def run(*arguments: str, given: bytes = b"") -> str | None:
    """Return the program's output as text; ``None`` if it fails."""
    output = run_bytes(*arguments, given=given)
    return output.decode("utf-8", "replace") if output is not None else None


def read(certificate: bytes) -> Seen | None:
    """Read a certificate (DER); ``None`` if the program cannot."""
    wanted = ("-serial", "-dates", "-subject", "-issuer", "-nameopt", "RFC2253,-esc_msb,utf8")
    shown = run("x509", "-inform", "DER", "-noout", *wanted, given=certificate)
    if shown is None:
        return None
    fields = dict(line.split("=", 1) for line in shown.splitlines() if "=" in line)
    return Seen(
        int(fields["serial"], 16),
        _moment(fields["notBefore"]),
        _moment(fields["notAfter"]),
        fields["subject"].strip(),
        fields["issuer"].strip(),
    )


def dates(certificate: bytes) -> tuple[int, int] | None:
    """Return start and end of the validity of a certificate (DER); ``None`` if the program does not show them."""
    shown = run("x509", "-inform", "DER", "-noout", "-dates", given=certificate) or ""
    found = [_moment(line.partition("=")[2]) for line in shown.splitlines() if _DATE.search(line)]
    return (found[0], found[1]) if len(found) == 2 else None


def public_key(certificate: bytes) -> bytes | None:
    """Return the public key of a certificate as PEM; ``None`` if the program cannot read it."""
    shown = run("x509", "-inform", "DER", "-noout", "-pubkey", given=certificate)
    return shown.encode() if shown else None


def has_issued(issuer: str, certificate: str, folder: Path) -> bool:
    """Whether the program accepts a certificate (PEM) as the issuer of another one, regardless of the time."""
    (folder / "issuer.pem").write_text(issuer)
    (folder / "certificate.pem").write_text(certificate)
    options = ("-partial_chain", "-no_check_time", "-auth_level", "0", "-trusted", str(folder / "issuer.pem"))
    return run("verify", *options, str(folder / "certificate.pem")) is not None


def _moment(shown: str) -> int:
    match = _DATE.fullmatch(shown)
    assert match, shown
    return int(datetime.strptime(f"{match[1]} {match[2]} +0000", "%b %d %H:%M:%S %Y %z").timestamp())
