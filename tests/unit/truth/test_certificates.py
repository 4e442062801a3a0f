# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

from ansible_collections.ucloud.ulb.tests.truth.certificates import read, search, to_pem
from ansible_collections.ucloud.ulb.tests.truth.hosts import certificate_with_names

PEM = certificate_with_names(["DNS:a.example.com"])
OTHER = certificate_with_names(["DNS:b.example.com"])


def der(tmp_path: Path, pem: str = PEM) -> bytes:
    path = tmp_path / "one.pem"
    path.write_text(pem, encoding="ascii")
    file = read(path)
    assert file is not None
    return file.certificates[0]


def test_pem_and_der(tmp_path: Path) -> None:
    expected = der(tmp_path)
    (tmp_path / "one.bin").write_bytes(expected)
    file = read(tmp_path / "one.bin")
    assert file is not None
    assert file.certificates == [expected]
    assert file.text == to_pem(expected)


def test_several_of_any_label_between_other_text(tmp_path: Path) -> None:
    text = f"name: x\n{PEM}\n# and\n{OTHER.replace('CERTIFICATE', 'MY CERTIFICATE')}"
    (tmp_path / "two.txt").write_text(text, encoding="ascii")
    file = read(tmp_path / "two.txt")
    assert file is not None
    assert file.certificates == [der(tmp_path), der(tmp_path, OTHER)]
    assert file.text == text


def test_all_certificate_blocks_are_counted(tmp_path: Path) -> None:
    cut = PEM[: PEM.index("-----END")]
    nothing = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    (tmp_path / "broken.pem").write_text(nothing + PEM + cut, encoding="ascii")
    file = read(tmp_path / "broken.pem")
    assert file is not None
    assert file.certificates == [b"", der(tmp_path), b""]


def test_what_has_none_is_counted(tmp_path: Path) -> None:
    (tmp_path / "request.pem").write_text(PEM.replace("CERTIFICATE", "CERTIFICATE REQUEST"), encoding="ascii")
    (tmp_path / "text").write_bytes(b"\x30\x03\x02\x01\x01")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "one.pem").write_text(PEM, encoding="ascii")
    found = search([tmp_path])
    assert [file.name for file in found.files] == [str(tmp_path / "folder" / "one.pem")]
    assert found.skipped == 2


def test_a_key_is_seen(tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_text(PEM, encoding="ascii")
    key = "-----BEGIN PRIVATE" + " KEY-----\nAAAA\n-----END PRIVATE" + " KEY-----\n"
    (tmp_path / "with_key.pem").write_text(PEM + key, encoding="ascii")
    files = {Path(file.name).name: file.has_key for file in search([tmp_path]).files}
    assert files == {"one.pem": False, "with_key.pem": True}
