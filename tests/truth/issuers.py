# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who issued whom, as `openssl verify` sees it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .certificates import to_pem
from .openssl import UNREAD, Unread, View, run

#: Nothing but the two certificates counts: no time, no purpose, no strength, no store of the system.
_OPTIONS = (
    "-no_check_time", "-ignore_critical", "-auth_level", "0", "-no-CAfile", "-no-CApath", "-no-CAstore",
)  # fmt: skip
#: What says that the one has not issued the other; constraints on names or on the length of a path do not.
_NOT_ITS_ISSUER = (
    "unable to get local issuer certificate", "unable to get issuer certificate", "certificate signature failure",
    "invalid CA certificate", "key usage does not include certificate signing",
)  # fmt: skip
#: A certificate in its own name is taken for self-signed, whoever is offered as its issuer.
_CANNOT_TELL = ("unable to decode issuer public key", "unsupported signature algorithm", "self-signed certificate")
#: Of an issuer with an extension that the program does not understand it only says that it finds none.
_INVALID = r"X509 V3 routines:.*:invalid certificate:"
_NOT_SELF_SIGNED = "certificate signature failure"


def folded(name: str) -> str:
    """A name for finding who may have issued what: the program itself decides whether two are the same."""
    return re.sub(r"\s+", " ", name.casefold()).replace("= ", "=")


class Issuers:
    """The program's verdict on every pair of certificates that have the same name, each asked for once."""

    def __init__(self) -> None:
        self._verdicts: dict[tuple[bytes, bytes], bool | Unread] = {}
        self._wanted: dict[bytes, set[bytes]] = {}

    def want(self, certificates: Iterable[View]) -> None:
        """Ask about all pairs among these."""
        by_subject: dict[str, list[View]] = {}
        for view in certificates:
            by_subject.setdefault(folded(view.subject), []).append(view)
        for view in certificates:
            for issuer in by_subject.get(folded(view.issuer), ()):
                self._wanted.setdefault(issuer.der, set()).add(view.der)

    def ask(self) -> None:
        """Let the program answer everything that is wanted."""
        with ThreadPoolExecutor(2) as pool:
            for verdicts in pool.map(_verdicts, self._wanted.items()):
                self._verdicts.update(verdicts)
        self._wanted.clear()

    def has_issued(self, issuer: View, certificate: View) -> bool | Unread:
        """Whether the one has issued the other; what has another name has not."""
        return self._verdicts.get((issuer.der, certificate.der), False)

    def is_self_signed(self, certificate: View) -> bool | Unread:
        """Whether a certificate has signed itself."""
        return self.has_issued(certificate, certificate)


def _verdicts(wanted: tuple[bytes, set[bytes]]) -> dict[tuple[bytes, bytes], bool | Unread]:
    issuer, certificates = wanted
    found: dict[tuple[bytes, bytes], bool | Unread] = {}
    with tempfile.TemporaryDirectory() as folder:
        trusted = Path(folder, "issuer.pem")
        trusted.write_text(to_pem(issuer), encoding="ascii")
        if issuer in certificates:
            errors = _ask("-check_ss_sig", trusted=trusted, certificates=[trusted])[str(trusted)]
            # Any other error comes before the program has looked at the signature.
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
    """What the program says is wrong with each certificate, by its path."""
    paths = list(map(str, certificates))
    errors = run("verify", *_OPTIONS, *options, "-trusted", str(trusted), *paths).stderr.decode("utf-8", "replace")
    if re.search(_INVALID, errors):
        return dict.fromkeys(paths, _CANNOT_TELL[0])
    found = dict.fromkeys(paths, "")
    # What is wrong comes before the line that says with which.
    parts = re.split(r"^error (\S+): verification failed$", errors, flags=re.MULTILINE)
    found.update(zip(parts[1::2], parts[::2], strict=False))
    return found
