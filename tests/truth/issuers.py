# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Issuers of certificates according to `openssl verify`."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .certificates import to_pem
from .openssl import UNREAD, Unread, View, run

#: Consider only the two certificates: no time, purpose, security level or system trust store.
_OPTIONS = (
    "-no_check_time", "-ignore_critical", "-auth_level", "0", "-no-CAfile", "-no-CApath", "-no-CAstore",
)  # fmt: skip
#: Errors that mean that one did not issue the other. Name and path length constraints do not.
_NOT_ITS_ISSUER = (
    "unable to get local issuer certificate", "unable to get issuer certificate", "certificate signature failure",
    "invalid CA certificate", "key usage does not include certificate signing",
)  # fmt: skip
#: A certificate whose subject equals its issuer is treated as self-signed, regardless of the offered issuer.
_CANNOT_TELL = ("unable to decode issuer public key", "unsupported signature algorithm", "self-signed certificate")
#: If an issuer has an unknown extension, the program only reports that it finds no issuer.
_INVALID = r"X509 V3 routines:.*:invalid certificate:"
_NOT_SELF_SIGNED = "certificate signature failure"


def folded(name: str) -> str:
    """Return a normalized name to find possible issuers. The program decides whether names are equal."""
    return re.sub(r"\s+", " ", name.casefold()).replace("= ", "=")


class Issuers:
    """The program's result for each pair of certificates with matching names. Each pair is checked once."""

    def __init__(self) -> None:
        self._verdicts: dict[tuple[bytes, bytes], bool | Unread] = {}
        self._wanted: dict[bytes, set[bytes]] = {}

    def want(self, certificates: Iterable[View]) -> None:
        """Queue all pairs of these certificates."""
        by_subject: dict[str, list[View]] = {}
        for view in certificates:
            by_subject.setdefault(folded(view.subject), []).append(view)
        for view in certificates:
            for issuer in by_subject.get(folded(view.issuer), ()):
                self._wanted.setdefault(issuer.der, set()).add(view.der)

    def ask(self) -> None:
        """Run the program for all queued pairs."""
        with ThreadPoolExecutor(2) as pool:
            for verdicts in pool.map(_verdicts, self._wanted.items()):
                self._verdicts.update(verdicts)
        self._wanted.clear()

    def has_issued(self, issuer: View, certificate: View) -> bool | Unread:
        """Whether one certificate issued the other. False if the names differ."""
        return self._verdicts.get((issuer.der, certificate.der), False)

    def is_self_signed(self, certificate: View) -> bool | Unread:
        """Whether a certificate is self-signed."""
        return self.has_issued(certificate, certificate)


def _verdicts(wanted: tuple[bytes, set[bytes]]) -> dict[tuple[bytes, bytes], bool | Unread]:
    issuer, certificates = wanted
    found: dict[tuple[bytes, bytes], bool | Unread] = {}
    with tempfile.TemporaryDirectory() as folder:
        trusted = Path(folder, "issuer.pem")
        trusted.write_text(to_pem(issuer), encoding="ascii")
        if issuer in certificates:
            errors = _ask("-check_ss_sig", trusted=trusted, certificates=[trusted])[str(trusted)]
            # Any other error is reported before the signature is checked.
            found[issuer, issuer] = True if not errors else False if _NOT_SELF_SIGNED in errors else UNREAD
        others = {str(Path(folder, f"{number}.pem")): der for number, der in enumerate(certificates - {issuer})}
        for path, der in others.items():
            Path(path).write_text(to_pem(der), encoding="ascii")
        if others:
            answers = _ask("-partial_chain", trusted=trusted, certificates=map(Path, others))
            for path, der in others.items():
                found[issuer, der] = _verdict(answers[path])
    return found


def _verdict(errors: str) -> bool | Unread:
    if any(text in errors for text in _CANNOT_TELL):
        return UNREAD
    return not any(text in errors for text in _NOT_ITS_ISSUER)


def _ask(*options: str, trusted: Path, certificates: Iterable[Path]) -> dict[str, str]:
    """Return the program's errors for each certificate by path."""
    paths = list(map(str, certificates))
    errors = run("verify", *_OPTIONS, *options, "-trusted", str(trusted), *paths).stderr.decode("utf-8", "replace")
    if re.search(_INVALID, errors):
        return dict.fromkeys(paths, _CANNOT_TELL[0])
    found = dict.fromkeys(paths, "")
    # Errors come before the line with the path.
    parts = re.split(r"^error (\S+): verification failed$", errors, flags=re.MULTILINE)
    found.update(zip(parts[1::2], parts[::2], strict=False))
    return found
