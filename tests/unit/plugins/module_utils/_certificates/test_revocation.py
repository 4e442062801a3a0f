# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether a certificate is revoked by a CRL. ``openssl verify`` has to agree wherever the answer is known."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.crypto import RevocationList
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.revocation import Status, read_status
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.x509 import Parsed
from ansible_collections.ucloud.ulb.tests.unit.factories import certs, chains, crls
from ansible_collections.ucloud.ulb.tests.unit.factories.certs import DAY, NOW
from ansible_collections.ucloud.ulb.tests.unit.factories.crls import (
    OTHER_URL,
    SERIAL,
    URL,
    Reasons,
    crl,
    distribution_points,
    entry,
    part,
)

CA = chains.ca("Example CA")
NAMESAKE = chains.ca("Example CA", key=certs.ec_key("namesake"))
NO_SIGNER = chains.ca("Example CA", may=("key_cert_sign",))
LEAF = crls.server(CA, URL)
SUB_CA = chains.ca("Example Sub CA", CA, serial=SERIAL)


class Case(NamedTuple):
    """A CRL about a certificate of a CA, and the status. ``agrees`` is whether openssl comes to the same one."""

    revoked: bool | None
    make: Callable[[], x509.CertificateRevocationList]
    reason: str | None = None
    certificate: x509.Certificate = LEAF
    ca: chains.Signer = CA
    agrees: bool = True


def _partly(*urls: str, critical: bool = True, **properties: object) -> Callable[[], x509.CertificateRevocationList]:
    return lambda: crl(CA, extensions=[(part(*urls, **properties), critical)])


#: A certificate of which the CRL at this URL only says whether it is revoked for one reason.
PARTLY_COVERED = chains.server(
    CA, others=[(distribution_points(URL, reasons=frozenset((Reasons.key_compromise,))), False)], serial=SERIAL
)

CASES = {
    "not revoked": Case(False, lambda: crl(CA, entry(SERIAL + 1))),
    "nobody is": Case(False, lambda: crl(CA)),
    "revoked": Case(True, lambda: crl(CA, entry(SERIAL + 1), entry()), "key compromise"),
    "revoked without a reason": Case(True, lambda: crl(CA, entry(reason=None))),
    "revoked for no special reason": Case(True, lambda: crl(CA, entry(reason=Reasons.unspecified))),
    "a CA": Case(True, lambda: crl(CA, entry(reason=Reasons.ca_compromise)), "CA compromise", SUB_CA.certificate),
    "on hold": Case(True, lambda: crl(CA, entry(reason=Reasons.certificate_hold)), "certificate hold"),
    "one of its own part": Case(False, _partly(URL, only_contains_user_certs=True)),
    "one of its own kind": Case(False, _partly(only_contains_user_certs=True)),
    # It belongs to the validity, but not to the program.
    "last second": Case(False, lambda: crl(CA, ends=NOW), agrees=False),
    "expired": Case(None, lambda: crl(CA, ends=NOW - 1), "its CRL has expired at 2025-12-31T23:59:59Z"),
    # Revocation is final, except for this reason. To the program, it is final, too.
    "revoked by an expired one": Case(True, lambda: crl(CA, entry(), ends=NOW - 1), "key compromise"),
    "on hold by an expired one": Case(
        None, lambda: crl(CA, entry(reason=Reasons.certificate_hold), ends=NOW - 1),
        "its CRL has expired at 2025-12-31T23:59:59Z", agrees=False,
    ),
    "from the future": Case(
        None, lambda: crl(CA, begins=NOW + 1), "its CRL is not valid before 2026-01-01T00:00:01Z"
    ),
    "of a namesake": Case(None, lambda: crl(NAMESAKE, entry()), "its issuer did not sign its CRL"),
    "of another CA": Case(
        None, lambda: crl(chains.ca("Other CA"), entry()), "its CRL is one of another issuer"
    ),
    "in another name": Case(
        None, lambda: crl(CA, entry(), issuer=certs.name("Other CA")), "its CRL is one of another issuer"
    ),
    "of a CA that may not": Case(
        None, lambda: crl(NO_SIGNER, entry()), "the key usage of its issuer does not allow it to sign CRLs",
        ca=NO_SIGNER,
    ),
    "of certain reasons": Case(None, lambda: crl(CA), "its CRL is only about certain reasons", PARTLY_COVERED),
    "of another part": Case(None, _partly(OTHER_URL), "its CRL is only about certificates that name another URL"),
    "of CAs": Case(None, _partly(only_contains_ca_certs=True), "its CRL is only about other kinds of certificates"),
    "of servers": Case(
        None, _partly(only_contains_user_certs=True), "its CRL is only about other kinds of certificates",
        SUB_CA.certificate,
    ),
}  # fmt: skip

UNUSABLE: dict[str, Callable[[], x509.CertificateRevocationList]] = {
    "it is an indirect CRL": _partly(URL, indirect_crl=True),
    "it only has certain reasons or certificates": _partly(URL, only_some_reasons=frozenset((Reasons.key_compromise,))),
    "it is a delta CRL": lambda: crl(CA, extensions=[(x509.DeltaCRLIndicator(1), True)]),
    "it has a critical extension that is not supported": lambda: crl(
        CA, extensions=[(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\5\0"), True)]
    ),
}


def status_of(case: Case) -> Status:
    found = RevocationList(case.make().public_bytes(Encoding.DER))
    return read_status(Parsed(certs.der(case.certificate)), Parsed(certs.der(case.ca.certificate)), found, URL, NOW)


@pytest.mark.parametrize("name", CASES)
def test_whether_it_is_revoked(name: str) -> None:
    case = CASES[name]
    status = status_of(case)

    assert (status.revoked, status.reason, status.url) == (case.revoked, case.reason, URL)
    assert status.revoked_at == (NOW - 2 * DAY if case.revoked else None)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.agrees])
def test_the_program_agrees(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    roots = [case.ca.certificate]
    files = {"ca": certs.pem(*roots), "leaf": certs.pem(case.certificate)}
    files["crl"] = case.make().public_bytes(Encoding.PEM).decode()
    for file, text in files.items():
        (tmp_path / file).write_text(text)
    command = (
        "openssl", "verify", "-crl_check", "-attime", str(NOW), "-no-CApath", "-no-CAstore", "-CAfile",
        str(tmp_path / "ca"), "-CRLfile", str(tmp_path / "crl"), str(tmp_path / "leaf"),
    )  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True, check=False)

    found = False if result.returncode == 0 else True if "certificate revoked" in result.stderr else None
    assert found is case.revoked, result.stderr


@pytest.mark.parametrize("problem", UNUSABLE)
def test_forms_that_are_not_supported(problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        RevocationList(UNUSABLE[problem]().public_bytes(Encoding.DER))


def test_pem_is_as_good_as_der_and_garbage_is_not() -> None:
    made = crl(CA, entry())

    assert RevocationList(made.public_bytes(Encoding.PEM)).find(SERIAL) == RevocationList(
        made.public_bytes(Encoding.DER)
    ).find(SERIAL)
    for garbage in (b"", b"<html>", b"-----BEGIN X509 CRL-----\n", made.public_bytes(Encoding.DER)[:-1]):
        with pytest.raises(ValueError, match="it cannot be read"):
            RevocationList(garbage)


def test_entries_that_are_not_supported() -> None:
    """One of another issuer, one of a delta CRL, and one with an extension that nobody knows."""
    of_other = x509.CertificateIssuer([x509.DirectoryName(certs.name("Other CA"))])
    plain = x509.RevokedCertificateBuilder().serial_number(SERIAL).revocation_date(certs.utc(NOW))
    for revoked, problem in (
        (plain.add_extension(of_other, critical=True).build(), "an extension that is not supported"),
        (entry(reason=Reasons.remove_from_crl), "only a delta CRL may have"),
    ):
        status = status_of(Case(None, partial(crl, CA, revoked)))

        assert status.revoked is None
        assert problem in str(status.reason)
