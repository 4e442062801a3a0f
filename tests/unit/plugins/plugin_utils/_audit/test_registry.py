# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The registry of checks."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.definition import Check
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.registry import CATALOGUE
from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.schema import SEVERITIES
from ansible_collections.ucloud.ulb.tests.tools import docs_tables
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts

from . import (
    test_chain,
    test_endpoints,
    test_fleet,
    test_keys,
    test_listener_certificates,
    test_listeners,
    test_names,
    test_validity,
)

ROOT = Path(docs_tables.__file__).parents[2]

#: The severities of each check: if a listener serves the certificate, and if none does.
TABLE = {
    "cert_expired": ("critical", "low"),
    "cert_expiring_critical": ("high", "low"),
    "cert_expiring_warning": ("medium", "low"),
    "cert_expiring_fraction": ("medium", "medium"),
    "cert_not_yet_valid": ("high", "low"),
    "cert_validity_reversed": ("high", "high"),
    "cert_validity_too_long": ("medium", "medium"),
    "cert_weak_key": ("high", "high"),
    "cert_key_curve": ("medium", "medium"),
    "cert_rsa_exponent": ("medium", "medium"),
    "cert_factorable": ("critical", "critical"),
    "cert_weak_signature": ("high", "high"),
    "cert_self_signed": ("medium", "medium"),
    "cert_is_ca": ("medium", "medium"),
    "cert_wildcard": ("low", "low"),
    "cert_san_missing": ("medium", "medium"),
    "cert_cn_not_in_san": ("medium", "medium"),
    "cert_internal_name": ("low", "low"),
    "cert_eku_missing_server_auth": ("medium", "medium"),
    "cert_no_sct": ("low", "low"),
    "chain_missing": ("medium", "medium"),
    "chain_broken": ("high", "high"),
    "chain_order": ("low", "low"),
    "chain_has_root": ("low", "low"),
    "chain_member_expired": ("high", "high"),
    "chain_member_expiring": ("medium", "medium"),
    "cert_untrusted": ("high", "low"),
    "cert_issuer_not_allowed": ("medium", "medium"),
    "cert_unused": ("low", "low"),
    "cert_superseded_in_use": ("high", "high"),
    "cert_drift_between_regions": ("medium", "medium"),
    "cert_duplicate": ("low", "low"),
    "cert_key_reuse": ("low", "low"),
    "cert_domain_uncovered": ("high", "high"),
    "listener_without_default": ("medium", "medium"),
    "listener_tls_version": ("high", "high"),
    "listener_weak_ciphers": ("medium", "medium"),
    "listener_http_without_redirect": ("medium", "medium"),
    "listener_without_certificate": ("high", "high"),
    "listener_host_uncovered": ("high", "high"),
    "listener_sni_overlap": ("low", "low"),
    "listener_sni_quota": ("low", "low"),
    "listener_certificate_unknown": ("medium", "medium"),
    "binding_drift": ("medium", "medium"),
    "endpoint_unreachable": ("medium", "medium"),
    "endpoint_other_certificate": ("high", "high"),
    "endpoint_name_mismatch": ("high", "high"),
    "endpoint_not_valid": ("critical", "critical"),
    "endpoint_untrusted": ("high", "high"),
    "endpoint_chain_incomplete": ("medium", "medium"),
    "endpoint_tls_version": ("high", "high"),
    "cert_revoked": ("critical", "critical"),
    "listeners_incomplete": ("medium", "medium"),
    "private_key_stored": ("low", "low"),
    "key_mismatch": ("high", "high"),
    "api_certificate_drift": ("medium", "medium"),
    "cert_unparseable": ("medium", "medium"),
    "listing_incomplete": ("high", "high"),
    "waiver_expired": ("medium", "medium"),
    "waiver_unused": ("low", "low"),
}


def test_severities() -> None:
    assert {check.id: (check.severity, check.severity_unbound) for check in CATALOGUE.values()} == TABLE


def test_some_checks_are_off_by_default() -> None:
    off = [check.id for check in CATALOGUE.values() if not check.is_enabled]
    assert off == ["private_key_stored", "cert_issuer_not_allowed", "cert_domain_uncovered"]
    for check in CATALOGUE.values():
        assert {check.needs, *check.texts} <= {*check.options, ""}
        assert all(name in CATALOGUE[other].options for name, other in check.linked.items())
        assert {*check.own_limits} <= {*check.options}
        assert all(CATALOGUE[other].judge_one for other in check.yields_to)


def test_every_check_is_tested_with_certificates_that_fail_it_and_that_pass_it() -> None:
    pairs = {**test_validity.PAIRS, **test_keys.PAIRS, **test_names.PAIRS, **test_chain.PAIRS, **test_fleet.PAIRS}
    with_listeners = {**test_listeners.PAIRS, **test_listener_certificates.PAIRS, **test_endpoints.PAIRS}
    # These need options, an incomplete listing, or a waiver; they have tests of their own.
    others = {"cert_issuer_not_allowed", "cert_domain_uncovered", "listing_incomplete", "listeners_incomplete"}
    others |= {"waiver_expired", "waiver_unused"}

    assert pairs.keys() | with_listeners.keys() | others == CATALOGUE.keys()


@pytest.mark.parametrize("check", CATALOGUE.values(), ids=CATALOGUE)
def test_every_check_says_what_it_is_in_sentences(check: Check) -> None:
    assert check.severity in SEVERITIES
    assert check.severity_unbound in SEVERITIES
    assert check.title[0].isupper()
    assert not check.title.endswith(".")
    assert check.remediation.endswith(".")
    assert check.description.endswith(".")
    for option in check.options:
        assert f"``{option}``" in check.description


def test_a_check_that_trips_over_a_certificate_does_not_pass_it() -> None:
    broken, good = audit_facts.compliant(), audit_facts.compliant(ssl_id="ssl-2")
    broken["x509"]["extended_key_usage"] = 7

    (finding,) = audit_facts.judge("cert_eku_missing_server_auth", broken, good)
    assert (finding["ssl_id"], finding["status"]) == ("ssl-1", "unknown")
    assert finding["detail"].startswith("Undecided: its facts cannot be used: ")
    assert "'int' is not" in finding["detail"]


def test_the_tables_in_the_guides_are_up_to_date() -> None:
    program = str(docs_tables.__file__)

    done = subprocess.run([sys.executable, program, "--check"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "The table in guide_compliance.rst is up to date.\nThe table in guide_scale.rst is up to date.\n"
        "The table in guide_support.rst is up to date.\n"
    )


def test_a_table_that_is_out_of_date_is_noticed_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(docs_tables.GUIDES, tmp_path, dirs_exist_ok=True)
    guide = tmp_path / "guide_compliance.rst"
    current = guide.read_text(encoding="utf-8")
    guide.write_text(current.replace("- critical; low if", "- nice; low if"), encoding="utf-8")
    monkeypatch.setattr(docs_tables, "GUIDES", tmp_path)

    monkeypatch.setattr(sys, "argv", ["docs_tables.py", "--check"])
    assert docs_tables.main() == 1
    assert "-     - nice; low if no listener serves it" in capsys.readouterr().out.splitlines()

    monkeypatch.setattr(sys, "argv", ["docs_tables.py"])
    assert docs_tables.main() == 0
    assert guide.read_text(encoding="utf-8") == current

    guide.write_text("no marks", encoding="utf-8")
    assert docs_tables.main() == 2
    assert capsys.readouterr().err == f"{guide} has lost the marks around the table\n"
