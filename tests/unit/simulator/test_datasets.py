# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data sets bulk, mozilla and pem."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ansible_collections.ucloud.ulb.tests.simulator import bulk, mozilla, pem
from ansible_collections.ucloud.ulb.tests.simulator.datasets.bulk_balancers import LISTENERS_EACH, add_bulk_balancers


def test_bulk_is_distributed_evenly_with_unique_ids() -> None:
    fleet = bulk(1000, regions=["r1", "r2", "r3"], projects=["p1", "p2"])
    sizes = [
        len(fleet.listing(region, project)) for project in ("p1", "p2") for region in "123" for region in [f"r{region}"]
    ]
    assert sum(sizes) == 1000
    assert max(sizes) - min(sizes) <= 1
    assert len({item["SSLId"] for _unused, _unused, item in fleet}) == 1000


def test_bulk_load_balancers_serve_bulk_certificates() -> None:
    fleet = bulk(400, regions=["r1", "r2"])
    add_bulk_balancers(fleet, 6)
    found = [fleet.balancers(region) for region in fleet.region_names]
    listeners = [item for each in found for balancer in each.applications for item in balancer["Listeners"]]
    vservers = [item for each in found for balancer in each.classics for item in balancer["VServerSet"]]
    assert [len(each.applications) + len(each.classics) for each in found] == [3, 3]
    assert (len(listeners), len(vservers)) == (3 * LISTENERS_EACH, 3 * LISTENERS_EACH)
    bound = {relation["ListenerId"] for _region, _project, item in fleet for relation in item["Relations"]}
    assert {item["ListenerId"] for item in listeners if item["ListenerProtocol"] == "HTTPS"} <= bound
    assert {item["VServerId"] for item in vservers if item["Protocol"] == "HTTPS"} <= bound
    assert all("PRIVATE KEY" in served["SSLContent"] for item in vservers for served in item["SSLSet"])
    with pytest.raises(ValueError, match="fewer than 0"):
        add_bulk_balancers(fleet, -1)


def test_bulk_content_is_real() -> None:
    content = bulk(1).listing()[0]["SSLContent"]
    assert 3000 < len(content) < 6000
    leaf, issuing = x509.load_pem_x509_certificates(content.encode())
    leaf.verify_directly_issued_by(issuing)
    key = load_pem_private_key(content[content.index("-----BEGIN PRIVATE") :].encode(), None)
    assert key.public_key() == leaf.public_key()


@pytest.mark.parametrize(("distinct", "expected"), [(None, 24), (0.1, 20), (0, 1)])
def test_bulk_has_as_many_certificates_as_asked(distinct: float | None, expected: int) -> None:
    fleet = bulk(200, distinct=distinct)
    assert len({item["HashValue"] for _unused, _unused, item in fleet}) == expected


def test_bulk_pages_equal_their_records() -> None:
    listing = bulk(250).listing()
    for start, stop in ((0, 100), (200, 300), (0, 100), (250, 350)):
        rendered = json.loads(b"[" + listing.render(start, stop) + b"]")
        assert rendered == listing.records(start, stop)
    item = listing[249]
    assert item["HashValue"] == hashlib.md5(item["SSLContent"].encode()).hexdigest()  # noqa: S324
    with pytest.raises(IndexError):
        listing[250]


def test_bulk_finds_ids_in_their_scope_only() -> None:
    fleet = bulk(10, regions=["r1", "r2"])
    first, second = fleet.listing("r1"), fleet.listing("r2")
    assert second.find(second[3]["SSLId"]) == 3
    assert first.find(second[3]["SSLId"]) is None
    for unknown in ("ssl-bulk7", "ssl-x", "", "ssl-bulk-00001"):
        assert first.find(unknown) is None


@pytest.mark.parametrize("values", [{"count": -1}, {"count": 1, "distinct": 2}])
def test_invalid_bulk_parameters(values: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="0"):
        bulk(**values)  # type: ignore[arg-type]


def test_mozilla_has_every_root() -> None:
    fleet = mozilla()
    assert len(fleet) == certifi.contents().count("BEGIN CERTIFICATE")
    assert all(len(fleet.listing(region)) > 10 for region in fleet.region_names)
    records = [item for _unused, _unused, item in fleet]
    assert len({item["SSLId"] for item in records}) == len(fleet)
    assert "ISRG Root X1" in {item["SSLName"] for item in records}
    assert all(item["SSLName"] for item in records)


def test_pem_serves_the_files_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "b.crt").write_text("second")
    (tmp_path / "a.pem").write_bytes(b"first \xff")
    (tmp_path / "c.txt").write_text("not this one")
    (tmp_path / "d.pem").mkdir()
    records = [item for _unused, _unused, item in pem(tmp_path)]
    assert [(item["SSLName"], item["SSLContent"]) for item in records] == [
        ("a", "first \ufffd"),
        ("b", "second"),
    ]


def test_pem_needs_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        pem(tmp_path / "none")
