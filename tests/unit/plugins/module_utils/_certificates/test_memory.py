# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No object that is left after listing certificates contains a piece of a private key, not even in frames of errors.

Python cannot erase memory: data of deleted objects may still be there.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import pickle
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.selection import Selection
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Fleet, Simulator, record
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from ..conftest import Connect, Serve
from . import remaining

LEAF = certs.pem(certs.leaf())
RSA_LEAF = certs.pem(certs.build_certificate(certs.rsa_key(), issuer=certs.CA_NAME))
KEYS = [
    certs.key_pem(),
    certs.key_pem(certs.rsa_key(), certs.TRADITIONAL),
    certs.key_pem(certs.rsa_key("stray")),
]
CONTENTS = [KEYS[0] + LEAF, RSA_LEAF + KEYS[1], "# " + KEYS[2] + LEAF, RSA_LEAF + KEYS[2][:600]]
SECRETS = Secrets([LEAF, RSA_LEAF, *KEYS])
ROWS = [record(f"ssl-{number}", f"name-{number}", text, 1) for number, text in enumerate(CONTENTS)]
Ask = Callable[..., tuple[list[str], set[str]]]
#: Timeout in seconds for starting processes on a busy machine.
PATIENCE = 120


@pytest.fixture
def ask(connect: Connect, tmp_path: Path) -> Ask:
    """List certificates in a new process. Return the outcomes in words, and the pieces of keys that are left there."""

    def run(*asked: tuple[Simulator, Query]) -> tuple[list[str], set[str]]:
        output = tmp_path / "left"
        connections = [(connect(simulator).connection, query) for simulator, query in asked]
        process = multiprocessing.get_context("spawn").Process(
            target=remaining.gather_and_tell, args=(connections, certs.NOW, output)
        )
        process.start()
        process.join(PATIENCE)
        assert process.exitcode == 0
        said, texts = pickle.loads(output.read_bytes())  # noqa: S301 (from our own process)
        assert len(texts) > 10
        return said, SECRETS.found_in(*texts)

    return run


def test_they_are_found_where_they_are_asked_for(serve: Serve, ask: Ask) -> None:
    """Check the test itself: keys that are still in use are found."""
    said, found = ask((serve(Fleet.single(ROWS)), Query(("cn-bj2",), content="all")))
    assert said == ["4 found"]
    assert SECRETS.owners(found) == set(KEYS)


def test_nothing_is_left(serve: Serve, ask: Ask) -> None:
    simulator = serve(Fleet.single(ROWS))
    queries = [
        Query(("all",), ("all",), page_size=2),
        Query(("cn-bj2",), content="certificates"),
        Query(("cn-bj2",), selection=Selection(ssl_ids=frozenset(["ssl-1", "ssl-3"]))),
        Query(("cn-bj2",), selection=Selection(names=("name-1",))),
        Query(("cn-bj2",), selection=Selection(expired=False)),
    ]
    said, found = ask(*((simulator, query) for query in queries))
    assert said == ["4 found", "4 found", "2 found", "1 found", "4 found"]
    assert found == set()


FAULTS = [
    (Fault("not_json", body=json.dumps({"RetCode": 4111, "DataSet": ROWS}), times=None), "RetCode 4111"),
    (Fault("no_retcode", times=None), "not a response of the UCloud API"),
    (Fault("truncated", times=None), "cut off|the connection broke"),
    (Fault("not_json", body=json.dumps([ROWS]), times=None), "not a response of the UCloud API"),
    (Fault("not_json", body=json.dumps({"RetCode": 0, "DataSet": ROWS[0]}), times=None), "not a list"),
    (Fault("total", delta=1, times=None), "inconsistent listing"),
    (Fault("http_status", status=404, body=CONTENTS[1], times=None), "HTTP status 404"),
    (Fault("html", body="".join(CONTENTS), times=None), "not a response of the UCloud API"),
]


def test_nothing_is_left_in_errors(serve: Serve, ask: Ask) -> None:
    simulators = [serve(Fleet.single(ROWS)) for _unused in FAULTS]
    for simulator, (fault, _message) in zip(simulators, FAULTS, strict=True):
        simulator.add_fault(fault)
    queries = [Query(("cn-bj2",), on_error=on_error) for on_error in ("fail", "warn")]
    said, found = ask(*itertools.product(simulators, queries))
    for text, (_fault, message) in zip(said, [fault for fault in FAULTS for _unused in queries], strict=True):
        assert re.search(message, text)
    assert found == set()
