# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which roots the option ``trust_store`` names."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import certifi
import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import trust, trust_stores
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.trust import TrustStore
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.x509 import Parsed
from ansible_collections.ucloud.ulb.tests.unit.factories import certs, chains

ROOT = chains.ca("Root")
PEM = certs.pem(ROOT.certificate)
LEAF = Parsed(certs.der(chains.server(chains.ca("Middle", ROOT))))
BELOW = Parsed(certs.der(chains.server(ROOT)))


def reason_for(store: TrustStore | None, leaf: Parsed = LEAF) -> Any:
    assert store is not None
    return store.facts(leaf, [leaf], certs.NOW)["reason"]


def names(store: TrustStore | None) -> bool:
    """Whether a store has the root."""
    return "neither the content nor" not in (reason_for(store, BELOW) or "")


def test_no_store() -> None:
    assert trust.load("none") is None
    trust_stores.check("none")


def test_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tmp_path / "roots.pem"
    bundle.write_text(f"# The root\n{PEM}{PEM}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ROOTS", str(tmp_path))

    for value in (str(bundle), "~/roots.pem", "$ROOTS/roots.pem"):
        trust_stores.check(value)
        store = trust.load(value)
        assert store is not None
        assert store.label == value
        assert names(store)


def test_mozilla() -> None:
    trust_stores.check("mozilla")
    store = trust.load("mozilla")

    assert store is not None
    assert store.label == f"mozilla (certifi {certifi.__version__})"
    assert not names(store)


def test_a_distribution_may_have_changed_what_mozilla_is(tmp_path: Path) -> None:
    bundle = tmp_path / "system.pem"
    bundle.write_text(PEM)

    with patch.object(certifi, "where", return_value=str(bundle)):
        store = trust.load("mozilla")
    assert store is not None
    assert store.label == f"mozilla (certifi {certifi.__version__}, {bundle})"
    assert names(store)


def test_mozilla_needs_a_library() -> None:
    with patch.dict(sys.modules, {"certifi": None}):
        store, (warning,) = trust.load("mozilla"), trust_stores.warnings("mozilla")
        others = [trust_stores.warnings(value) for value in ("none", "system", "/roots.pem")]
    assert store is not None
    assert (store.label, store.missing) == ("mozilla", "the Python library certifi is not installed")
    assert warning.startswith("trust_store: it is unknown which certificates clients trust, because the Python library")
    assert [*others, trust_stores.warnings("mozilla")] == [(), (), (), ()]


def test_nothing_is_known_about_trust_without_the_library() -> None:
    expired = Parsed(certs.der(ROOT.certificate))
    with patch.dict(sys.modules, {"certifi": None}):
        store = trust.load("mozilla")
    assert store is not None
    facts = store.facts(expired, [expired], 2 * certs.NOW)
    assert (facts["trusted"], facts["reason"]) == (None, "the Python library certifi is not installed")


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_the_system(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "roots.pem"
    file.write_text(PEM)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "not-a-hash.pem").write_text("is not read")
    if kind == "folder":
        (folder / "00c0ffee.0").symlink_to(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file if kind == "file" else tmp_path / "missing.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))

    trust_stores.check("system")
    store = trust.load("system")
    assert store is not None
    assert store.label == f"system ({file if kind == 'file' else folder})"
    assert names(store)


def test_a_system_without_certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "missing"))

    with pytest.raises(
        OptionError, match=r"^trust_store: system has no certificates: there are none in .*missing\.pem"
    ):
        trust.load("system")
    assert ssl.get_default_verify_paths().cafile is None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "there is no such file"),
        ("", "it has no certificate in PEM format"),
        (certs.der(ROOT.certificate), "it has no certificate in PEM format"),
        ("-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n", "it has no certificate in PEM format"),
        (
            certs.pem_block(b"a", "TRUSTED CERTIFICATE"),
            "it has certificates in the format TRUSTED CERTIFICATE of OpenSSL",
        ),
    ],
)
def test_a_file_that_is_no_trust_store(content: Any, problem: str, tmp_path: Path) -> None:
    bundle = tmp_path / "roots.pem"
    if content is not None:
        bundle.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(OptionError) as caught:
        trust_stores.check(str(bundle))
    assert caught.value.problem == f"trust_store: {str(bundle)!r} cannot be used: {problem}"
    assert "mozilla, system" in str(caught.value.hint)


def test_a_file_without_any_readable_certificate(tmp_path: Path) -> None:
    bundle = tmp_path / "roots.pem"
    bundle.write_text(certs.pem_block(b"\x30\0"))

    trust_stores.check(str(bundle))
    with pytest.raises(OptionError, match=r"^trust_store: .* has no certificate that can be read"):
        trust.load(str(bundle))


def test_what_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    huge = tmp_path / "huge"
    with huge.open("wb") as file:
        file.truncate(17 * 1024 * 1024)

    for value in (str(tmp_path), str(pipe), "/dev/zero", "mozila", "", "a\0b", "x" * 5000):
        with pytest.raises(OptionError, match=r"^trust_store: "):
            trust_stores.check(value)
    with pytest.raises(OptionError, match="it is too large"):
        trust_stores.check(str(huge))


def test_the_file_cannot_be_read(tmp_path: Path) -> None:
    bundle = tmp_path / "roots.pem"
    bundle.write_text(PEM)

    refused = patch.object(Path, "read_bytes", side_effect=PermissionError(13, "Permission denied"))
    with refused, pytest.raises(OptionError, match="cannot be used: Permission denied"):
        trust_stores.check(str(bundle))


def test_checking_the_option_imports_no_library(tmp_path: Path) -> None:
    bundle = tmp_path / "roots.pem"
    bundle.write_text(PEM)
    code = (
        "import sys\n"
        "from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import trust_stores\n"
        f"trust_stores.check({str(bundle)!r})\n"
        "assert not {'cryptography', 'certifi', 'requests'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
