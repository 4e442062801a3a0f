# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts equal those of openssl, and the comparison finds each wrong fact."""

from __future__ import annotations

import copy
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import certifi
import pytest
from cryptography import x509

from ansible_collections.ucloud.ulb.tests.truth import explained, trust
from ansible_collections.ucloud.ulb.tests.truth.bundles import compare_file
from ansible_collections.ucloud.ulb.tests.truth.certificates import CertificateFile, search, to_pem
from ansible_collections.ucloud.ulb.tests.truth.certificates import read as read_file
from ansible_collections.ucloud.ulb.tests.truth.compare import Difference, compare
from ansible_collections.ucloud.ulb.tests.truth.issuers import Issuers
from ansible_collections.ucloud.ulb.tests.truth.openssl import UNREAD, View, views
from ansible_collections.ucloud.ulb.tests.truth.ours import Reading, read
from ansible_collections.ucloud.ulb.tests.truth.report import Report
from ansible_collections.ucloud.ulb.tests.unit.factories import certs, chains

from .samples import write_samples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("samples")
    write_samples(path)
    return path


def file_of(path: Path) -> CertificateFile:
    file = read_file(path)
    assert file is not None
    return file


@cache
def view_of(der: bytes) -> View:
    (view,) = views([der])
    assert view is not None
    return view


@cache
def known_of(path: Path) -> tuple[dict[bytes, View | None], Issuers]:
    known: dict[bytes, View | None] = {der: view_of(der) if der else None for der in file_of(path).certificates}
    issuers = Issuers()
    issuers.want([view for view in known.values() if view])
    issuers.ask()
    return known, issuers


def test_generated_certificates(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(search([folder]))
    assert report.judged() == (Counter(), [])
    assert report.print() == 0
    assert "\n0 differences without a reason\n" in capsys.readouterr().out


def test_names_of_who_issues_a_crl_are_not_where_it_is(tmp_path: Path) -> None:
    first, second, issuer = ([x509.UniformResourceIdentifier(f"http://{name}.example.com")] for name in "abc")
    reasons = frozenset((x509.ReasonFlags.key_compromise,))
    points = x509.CRLDistributionPoints(
        [
            x509.DistributionPoint(first, None, reasons, issuer),
            x509.DistributionPoint(None, None, None, issuer),
            x509.DistributionPoint(second, None, None, None),
        ]
    )
    (tmp_path / "points.pem").write_text(certs.pem(certs.build_certificate(extensions=[points])))
    found = search([tmp_path])
    assert read(to_pem(found.files[0].certificates[0])).facts["x509"]["crl_urls"] == [first[0].value, second[0].value]
    assert Report(found).judged() == (Counter(), [])


def test_a_wrong_trust_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    case = chains.cases()["usual"]
    (tmp_path / "usual.pem").write_text(certs.pem(*case.content, *case.roots))
    report = Report(search([tmp_path]))
    report.compare_trust(None)
    assert report.judged() == (Counter(), [])

    monkeypatch.setattr(trust, "facts", lambda _chain: {"trusted": False, "reason": "a wrong one"})
    report.compare_trust(None)
    assert {difference.fact for difference in report.judged()[1]} == {"trust"}


def test_public_roots(tmp_path: Path) -> None:
    # Only some of them. The nox session truth compares all.
    for number, der in enumerate(file_of(Path(certifi.where())).certificates[::5]):
        (tmp_path / f"{number}.der").write_bytes(der)
    found = search([tmp_path])
    assert len(found.files) > 20
    assert Report(found).judged() == (Counter(), [])


def swap_leaf(x509: dict[str, Any]) -> None:
    """Make the first certificate the leaf, although the key belongs to another one."""
    (other,) = x509["chain"]
    other["fingerprint_sha256"], x509["fingerprints"]["sha256"] = (
        x509["fingerprints"]["sha256"],
        other["fingerprint_sha256"],
    )
    x509["position"] = 0


@pytest.mark.parametrize(
    ("fact", "wrong"),
    [
        ("subject", {"common_name": "another"}),
        ("issuer", {}),
        ("serial_number", "0x1"),
        ("version", 1),
        ("public_key.type", "RSA"),
        ("public_key.size", 255),
        ("public_key.curve", None),
        ("public_key.exponent", 3),
        ("public_key.modulus", "0x3"),
        ("signature_algorithm", "sha256WithRSAEncryption"),
        ("signature_hash", None),
        ("subject_alt_names", ["DNS:shop.example.com"]),
        ("key_usage", None),
        ("extended_key_usage", ["clientAuth"]),
        ("is_ca", None),
        ("self_signed", True),
        ("embedded_scts", 0),
        ("fingerprints.sha256", "00"),
        ("fingerprints.sha1", "00"),
        ("spki_sha256", "00"),
        ("ocsp_urls", ["http://ocsp.example.com"]),
        ("ca_issuers_urls", ["http://ca.example.com"]),
        ("crl_urls", ["http://crl.example.com"]),
        ("must_staple", True),
        ("subject_key_id", "00"),
        ("authority_key_id", "00"),
    ],
)
def test_each_wrong_fact_is_found(folder: Path, fact: str, wrong: Any) -> None:
    der = file_of(folder / "chain.pem").certificates[0]
    reading = read(to_pem(der))
    facts = copy.deepcopy(reading.facts)
    group, _dot, name = f"x509.{fact}".rpartition(".")
    place = facts["x509"] if group == "x509" else facts["x509"][group.partition(".")[2]]
    assert place[name] != wrong
    place[name] = wrong
    found = list(compare(Reading(facts, 0), view_of(der), False, "file", Counter()))
    assert [difference.fact for difference in found] == [fact]
    assert explained.reason_of(found[0]) is None


@pytest.mark.parametrize("fact", ["not_before", "not_after"])
def test_a_wrong_time_is_found(folder: Path, fact: str) -> None:
    der = file_of(folder / "chain.pem").certificates[0]
    reading = read(to_pem(der))
    reading.facts[f"{fact}_epoch"] += 1
    found = list(compare(reading, view_of(der), False, "file", Counter()))
    assert [difference.fact for difference in found] == [fact]


@pytest.mark.parametrize(
    ("sample", "fact", "change"),
    [
        ("chain", "certificates", lambda x509: x509["chain"].reverse()),
        ("chain", "unread_certificates", lambda x509: x509.update(unread_certificates=1)),
        ("chain", "issuer_included", lambda x509: x509.update(issuer_included=None)),
        ("stranger", "issuer_included", lambda x509: x509.update(issuer_included=True)),
        ("chain", "chain.subject", lambda x509: x509["chain"][0].update(subject={})),
        ("chain", "chain.not_after", lambda x509: x509["chain"][1].update(not_after="2026-01-01T00:00:00Z")),
        ("chain", "chain.is_ca", lambda x509: x509["chain"][1].update(is_ca=False)),
        ("chain", "chain.self_signed", lambda x509: x509["chain"][1].update(self_signed=None)),
        ("chain", "chain.issued_previous", lambda x509: x509["chain"][0].update(issued_previous=False)),
        ("stranger", "chain.issued_previous", lambda x509: x509["chain"][0].update(issued_previous=True)),
        ("chain", "chain.issuer_included", lambda x509: x509["chain"][0].update(issuer_included=False)),
        ("key", "leaf", swap_leaf),
        ("broken", "unread_certificates", lambda x509: x509.update(unread_certificates=0)),
    ],
)
def test_each_wrong_fact_of_a_file_is_found(folder: Path, sample: str, fact: str, change: Any) -> None:
    file = file_of(folder / f"{sample}.pem")
    known, issuers = known_of(folder / f"{sample}.pem")
    reading = read(file.text)
    assert list(compare_file(file, reading, known, issuers, Counter())) == []
    change(reading.x509)
    found = list(compare_file(file, reading, known, issuers, Counter()))
    assert [difference.fact for difference in found] == [f"file.{fact}"]
    assert explained.reason_of(found[0]) is None


@pytest.mark.parametrize(("sample", "matches"), [("key", True), ("another_key", False)])
def test_a_wrong_fact_of_a_key_is_found(folder: Path, sample: str, matches: bool) -> None:
    file = file_of(folder / f"{sample}.pem")
    known, issuers = known_of(folder / f"{sample}.pem")
    reading = read(file.text)
    assert reading.facts["key_matches"] is matches
    reading.facts.update(key_matches=None, private_key_stored=False)
    found = list(compare_file(file, reading, known, issuers, Counter()))
    assert [(item.fact, item.theirs) for item in found] == [
        ("file.private_key_stored", True),
        ("file.key_matches", matches),
    ]


def test_a_difference_that_nothing_explains_is_printed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Report, "_compare", lambda _self: iter([Difference("is_ca", True, False, "a.pem")]))
    assert Report(search([folder])).print() == 1
    assert "1 differences without a reason\n  is_ca: ours True, openssl False (a.pem)\n" in capsys.readouterr().out


def test_unreadable_certificates_do_not_affect_others(folder: Path) -> None:
    good = file_of(folder / "chain.pem").certificates
    found = views([good[0], good[1][:-1] + b"\0\0", good[0][:-9], good[2]])
    assert [view is not None for view in found] == [True, True, False, True]
    assert found[3] is not None
    assert found[3].facts["fingerprints.sha256"] == view_of(good[2]).facts["fingerprints.sha256"]


def test_null_and_unread_are_equal(folder: Path) -> None:
    der = file_of(folder / "chain.pem").certificates[0]
    view = copy.deepcopy(view_of(der))
    reading = read(to_pem(der))
    view.facts["key_usage"] = UNREAD
    assert reading.x509 is not None
    reading.x509["key_usage"] = None
    assert list(compare(reading, view, False, "file", Counter())) == []
