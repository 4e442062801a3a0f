# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Targets without cryptography: certificates are still listed, and private keys are still removed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import pem
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.simulator import Fleet, Simulator, record, relation
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from ..conftest import Serve

#: The folder that contains ansible_collections.
ROOT = Path(pem.__file__).parents[6]
LEAF, CA, KEY = (
    certs.pem(certs.leaf()),
    certs.pem(certs.authority()),
    certs.key_pem(),
)

PROGRAM = """
import json
import sys


class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "cryptography":
            raise ImportError(f"No module named {name!r}")


sys.meta_path.insert(0, Blocker())

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import MissingLibraryError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.plugins.module_utils._options import Settings
from ansible_collections.ucloud.ulb.plugins.modules.ssl_info import list_certificates

task = json.load(sys.stdin)
client = Client(Connection(**task["connection"]), "unit tests")
query = Query(("cn-bj2",), selection=Selection(**task["selection"]), content=task["content"])
try:
    facts, _ = list_certificates(client, Settings(client.connection, query, ()), task["now"])
except MissingLibraryError as error:
    facts = {"library": error.library, "message": error.describe(), "reason": error.reason}
assert "cryptography" not in sys.modules
json.dump(facts, sys.stdout)
"""


@pytest.fixture
def simulator(serve: Serve) -> Simulator:
    binding = relation(("alb-1", "shop"), ("lsn-1", "https"))
    records = [
        record(
            "ssl-1", "shop", KEY + LEAF + CA, 1767000000, [binding], Domains="shop.example.com", NotAfter=1789689599
        ),
        record("ssl-2", "notes", "see the shared folder", 1767000000),
        record("ssl-3", "empty", None, 1767000000),
    ]
    return serve(Fleet.single(records))


def run(simulator: Simulator, content: str = "none", **selection: Any) -> Any:
    account = simulator.accounts["main"]
    task = {
        "connection": {
            "public_key": account.public_key,
            "private_key": account.private_key,
            "base_url": simulator.http_url,
        },
        "content": content,
        "selection": selection,
        "now": certs.NOW,
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_everything_but_the_certificate_itself_is_told(simulator: Simulator) -> None:
    facts = run(simulator)

    shop, notes, empty = facts["certificates"]
    assert (facts["count"], facts["total_count"], facts["complete"]) == (3, 3, True)
    assert shop == {
        "ssl_id": "ssl-1",
        "ssl_name": "shop",
        "ssl_type": "Pem",
        "source": "ulb",
        "ussl_id": None,
        "region": "cn-bj2",
        "project_id": None,
        "hash_value": shop["hash_value"],
        "created_at": "2025-12-29T09:20:00Z",
        "created_at_epoch": 1767000000,
        "domains": ["shop.example.com"],
        "domains_from": "api",
        "not_before": None,
        "not_before_epoch": None,
        "not_after": "2026-09-17T23:59:59Z",
        "not_after_epoch": 1789689599,
        "validity_from": "api",
        "days_remaining": 259,
        "state": "valid",
        "bound": True,
        "bindings": [
            {
                "load_balancer_id": "alb-1",
                "load_balancer_name": "shop",
                "load_balancer_type": "application",
                "listener_id": "lsn-1",
                "listener_name": "https",
                "is_default": True,
                "protocol": None,
                "port": None,
                "addresses": None,
                "tls": None,
            }
        ],
        "private_key_stored": True,
        "key_matches": None,
        "x509": None,
        "x509_error": "the Python library cryptography is not installed",
        "api": {"domains": ["shop.example.com"], "not_before_epoch": None, "not_after_epoch": 1789689599},
        "content": None,
    }
    assert (notes["private_key_stored"], notes["x509_error"]) == (False, shop["x509_error"])
    assert (empty["private_key_stored"], empty["x509"], empty["x509_error"]) == (None, None, None)


@pytest.mark.parametrize("content", ["none", "certificates"])
def test_no_key_is_told(simulator: Simulator, content: str) -> None:
    facts = run(simulator, content)

    assert facts["certificates"][0]["content"] == (LEAF + CA if content == "certificates" else None)
    assert Secrets([KEY, LEAF, CA]).found_in(json.dumps(facts)) == set()


def test_conditions_on_the_record_work(simulator: Simulator) -> None:
    assert [item["ssl_id"] for item in run(simulator, names=["s*"])["certificates"]] == ["ssl-1"]
    assert [item["ssl_id"] for item in run(simulator, ssl_ids=["ssl-2"])["certificates"]] == ["ssl-2"]
    assert [item["ssl_id"] for item in run(simulator, bound=True)["certificates"]] == ["ssl-1"]


@pytest.mark.parametrize(
    "condition",
    [{"domains": ["shop.example.com"]}, {"expired": False}, {"expires_within": 86400}, {"fingerprints": ["ab" * 32]}],
    ids=lambda condition: next(iter(condition)),
)
def test_conditions_on_the_certificate_say_what_is_missing(simulator: Simulator, condition: dict[str, Any]) -> None:
    found = run(simulator, **condition)

    assert found["library"] == "cryptography"
    assert found["message"] == (
        "the Python library cryptography is not installed."
        " Install it for the Python that runs this plugin: python -m pip install cryptography"
    )
    assert found["reason"].startswith("Traceback (most recent call last):")
    assert simulator.request_count == 0
