# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ansible_collections.ucloud.ulb.tests.truth import disagreements, linters
from ansible_collections.ucloud.ulb.tests.truth.hosts import certificate_with_names
from ansible_collections.ucloud.ulb.tests.truth.linters import Disagreement
from ansible_collections.ucloud.ulb.tests.truth.ours import read

TEST = """
func TestWithout(t *testing.T) {
    inputPath := "without.pem"
    expected := lint.%s
    out := test.TestLint("e_ext_san_missing", inputPath)
}

func TestNotApplicable(t *testing.T) {
    inputPath := "other.pem"
    expected := lint.NA
    out := test.TestLint("e_ext_san_missing", inputPath)
}
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "lints").mkdir()
    (tmp_path / "testdata").mkdir()
    for name, names in (("without", ["CN:a.example.com"]), ("other", ["DNS:a.example.com"])):
        (tmp_path / "testdata" / f"{name}.pem").write_text(certificate_with_names(names), encoding="ascii")
    return tmp_path


@pytest.mark.parametrize(("status", "expected"), [("Error", []), ("Pass", [("cert_san_missing", True, False)])])
def test_tests_of_zlint_are_read(sources: Path, status: str, expected: list[tuple[str, bool, bool]]) -> None:
    (sources / "lints" / "lint_ext_san_missing_test.go").write_text(TEST % status, encoding="utf-8")
    compared: Counter[str] = Counter()
    found = list(linters.beside_zlint(sources, compared))
    assert [(item.fact, item.ours, item.theirs) for item in found] == expected
    assert compared == {"zlint: cert_san_missing": 1}
    assert [disagreements.reason_of(item) for item in found] == [None] * len(expected)


def disagreement(check: str, who: str, names: list[str], *, ours: bool | None, theirs: bool, code: str) -> Disagreement:
    facts = read(certificate_with_names(names)).facts
    return Disagreement(check, ours, theirs, "a.pem", who, codes=frozenset((code,)), facts=facts)


def test_a_reason_only_applies_to_its_check_and_linter() -> None:
    names = ["CN:A.example.com", "DNS:a.example.com"]
    code = "cabf.serverauth.subscriber_common_name_unknown_source"
    spelling = disagreement("cert_cn_not_in_san", "pkilint", names, ours=False, theirs=True, code=code)
    assert disagreements.reason_of(spelling) == (f"cert_cn_not_in_san, pkilint: {disagreements._NOTATION}")
    other = disagreement("cert_cn_not_in_san", "pkilint", names, ours=True, theirs=False, code=code)
    assert disagreements.reason_of(other) is None
    stranger = disagreement("cert_wildcard", "pkilint", names, ours=False, theirs=True, code=code)
    assert disagreements.reason_of(stranger) is None


def test_undecided_results() -> None:
    unknown = disagreement("cert_is_ca", "zlint", ["DNS:a.example.com"], ours=None, theirs=False, code="e_any")
    assert disagreements.reason_of(unknown) == (f"cert_is_ca, zlint: {disagreements._NOT_READ}")
