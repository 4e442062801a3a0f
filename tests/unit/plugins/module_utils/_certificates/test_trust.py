# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether clients trust a certificate. ``openssl verify`` has to agree wherever the answer is known."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from cryptography import x509

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import crypto
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import ContentReader, Trust
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.trust import TrustStore
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.x509 import Parsed
from ansible_collections.ucloud.ulb.tests.unit.factories import certs, chains
from ansible_collections.ucloud.ulb.tests.unit.factories.certs import DAY, NOW

CASES = chains.cases()
HAS_PATHS = crypto.path_library_problem() is None
needs_paths = pytest.mark.skipif(not HAS_PATHS, reason="cryptography verifies no paths before version 42")
#: Before version 45, the library cannot be told to be as lenient as clients are.
IS_LENIENT = HAS_PATHS and hasattr(crypto._path_library()[1], "ExtensionPolicy")
needs_policies = pytest.mark.skipif(not IS_LENIENT, reason="cryptography has no policies before version 45")


def store_of(roots: Sequence[x509.Certificate]) -> TrustStore:
    return TrustStore("some roots", [Parsed(certs.der(root)) for root in roots])


def trust_of(content: str, roots: Sequence[x509.Certificate], now: int = NOW) -> dict[str, Any]:
    found = ContentReader(trust=Trust(store_of(roots), now)).read(content)
    assert found.x509 is not None
    trust: dict[str, Any] = found.x509["trust"]
    return trust


@needs_policies
@pytest.mark.parametrize("name", CASES)
def test_whether_it_is_trusted(name: str) -> None:
    case = CASES[name]

    found = trust_of(certs.pem(*case.content), case.roots)
    assert found["trusted"] is case.trusted, found["reason"]
    assert case.reason in (found["reason"] or "")
    assert (found["reason"] is None) is (case.trusted is True)
    assert (found["store"], found["evaluated_at"]) == ("some roots", "2026-01-01T00:00:00Z")


@pytest.mark.parametrize("name", CASES)
def test_the_program_agrees(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    found = trust_of(certs.pem(*case.content), case.roots)["trusted"]

    # The last second belongs to the validity (RFC 5280, 4.1.2.5). To the program, it does not.
    if found is not None and name != "expires now":
        assert found is verifies(case, tmp_path)


def verifies(case: chains.Case, folder: Path) -> bool:
    """Whether ``openssl verify`` accepts a server certificate."""
    (folder / "roots.pem").write_text(certs.pem(*case.roots))
    (folder / "leaf.pem").write_text(certs.pem(case.content[0]))
    (folder / "others.pem").write_text(certs.pem(*case.content[1:]))
    others = ("-untrusted", str(folder / "others.pem")) if case.content[1:] else ()
    command = (
        "openssl", "verify", "-purpose", "sslserver", "-partial_chain", "-attime", str(NOW), "-no-CApath",
        "-no-CAstore", "-CAfile", str(folder / "roots.pem"), *others, str(folder / "leaf.pem"),
    )  # fmt: skip
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_without_the_library_only_what_is_certain_is_known() -> None:
    def found(name: str) -> tuple[Any, str]:
        trust = trust_of(certs.pem(*CASES[name].content), CASES[name].roots)
        return trust["trusted"], trust["reason"]

    with patch.object(crypto, "_path_library", side_effect=ImportError):
        trusted, reason = found("usual")
        assert trusted is None
        assert reason.startswith("this needs cryptography 42 or newer, and version ")
        for name in ("expired", "self-signed", "incomplete", "private with its root"):
            assert found(name) == (False, trust_reason(name))


def trust_reason(name: str) -> Any:
    reason = CASES[name].reason
    full = trust_of(certs.pem(*CASES[name].content), CASES[name].roots)["reason"]
    assert reason in full
    return full


@needs_paths
def test_it_depends_on_the_time() -> None:
    content, roots = certs.pem(*CASES["usual"].content), CASES["usual"].roots

    assert trust_of(content, roots, NOW + 60 * DAY)["trusted"] is True
    later = trust_of(content, roots, NOW + 60 * DAY + 1)
    assert (later["trusted"], later["evaluated_at"]) == (False, "2026-03-02T00:00:01Z")


BROKEN = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"


@needs_paths
def test_a_certificate_that_is_unread_may_be_the_missing_one() -> None:
    case = CASES["incomplete"]

    found = trust_of(certs.pem(*case.content) + BROKEN, case.roots)
    assert found["trusted"] is None
    assert "not all certificates in the content" in found["reason"]
    usual = CASES["usual"]
    assert trust_of(certs.pem(*usual.content) + BROKEN, usual.roots)["trusted"] is True


@needs_paths
def test_a_root_that_is_unread_may_be_the_missing_one() -> None:
    leaf, *others = map(Parsed, map(certs.der, CASES["private"].content))
    roots = [Parsed(certs.der(root)) for root in CASES["private"].roots]

    assert TrustStore("all", roots).facts(leaf, [leaf, *others], NOW)["trusted"] is False
    assert TrustStore("part", [*roots, None]).facts(leaf, [leaf, *others], NOW)["trusted"] is None


@needs_paths
def test_hundreds_of_namesakes_take_no_time() -> None:
    usual = CASES["usual"]
    namesakes = [chains.ca("Middle", key=certs.ec_key("other"), serial=number).certificate for number in range(1, 100)]

    found = trust_of(certs.pem(usual.content[0], *namesakes), usual.roots)
    assert found["trusted"] is None
    assert trust_of(certs.pem(*usual.content, *namesakes), usual.roots)["trusted"] is True


def test_each_content_is_verified_once() -> None:
    store = store_of(CASES["usual"].roots)
    reader = ContentReader(trust=Trust(store, NOW))

    with patch.object(store, "facts", autospec=True, return_value={}) as facts:
        for _number in range(3):
            reader.read(certs.pem(*CASES["usual"].content))
    assert facts.call_count == 1


@needs_paths
@pytest.mark.parametrize("serial", [0, -1])
def test_certificates_that_a_later_version_will_refuse_cause_no_warning(
    serial: int, recwarn: pytest.WarningsRecorder
) -> None:
    root = chains.ca("Root")
    data = certs.raw_certificate(
        certs.dns_names(certs.SHOP), serial=certs.integer(serial), issuer=certs.common_name("Root"), signer=root.key
    )

    found = trust_of(certs.pem_block(data), [root.certificate])
    assert found["trusted"] in (True, None)
    assert list(recwarn) == []


@needs_paths
def test_a_root_that_the_library_refuses_is_not_known() -> None:
    # A certificate of the first version of X.509 has no extensions.
    key = certs.ec_key("v1")
    data = certs.raw_certificate(version=b"", key=key, subject=certs.common_name("Example CA"))
    leaf = chains.server(chains.Signer(chains.ca("Example CA", key=key).certificate, key))
    store = TrustStore("old", [Parsed(data)])

    found = store.facts(Parsed(certs.der(leaf)), [], NOW)
    assert found["trusted"] is None
    assert found["reason"] == "cryptography does not support Example CA in paths, because of its format"
