# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private keys are dropped when a record is read: no later object contains a piece of one."""

from __future__ import annotations

import base64
import json
import pickle
import traceback
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import UCloudError
from ansible_collections.ucloud.ulb.plugins.module_utils._api.workers import Outcome, Workers
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import ContentReader, read_content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.gather import gather
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._options import Settings
from ansible_collections.ucloud.ulb.plugins.modules.ssl_info import list_certificates
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Fleet, record
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from ..conftest import Connect, Serve

LEAF, CA = certs.pem(certs.leaf()), certs.pem(certs.authority())
RSA_LEAF = certs.pem(certs.build_certificate(certs.rsa_key(), issuer=certs.CA_NAME))
KEYS = {
    "pkcs8": certs.key_pem(),
    "sec1": certs.key_pem(form=certs.TRADITIONAL),
    "pkcs1": certs.key_pem(certs.rsa_key(), certs.TRADITIONAL),
    "stray": certs.key_pem(certs.rsa_key("stray")),
    "encrypted": certs.key_pem(certs.rsa_key(), encrypted=True),
    "encrypted-traditional": certs.key_pem(certs.rsa_key(), certs.TRADITIONAL, encrypted=True),
}


def contents() -> dict[str, str]:
    """Return contents with every key in every encoding, next to certificates that are read."""
    made = {}
    for name, key in KEYS.items():
        label, *lines, end = key.strip().split("\n")
        encodings = {
            "as-written": key,
            "crlf": key.replace("\n", "\r\n"),
            "escaped": key.replace("\n", "\\n"),
            "one-line": " ".join([label, *lines, end]) + "\n",
            "truncated": "\n".join([label, *lines[: len(lines) // 2 + 1], ""]),
            "without-its-begin": "\n".join([*lines, end, ""]),
            "without-markers": "\n".join([*lines, ""]),
            "lines-reversed": "\n".join([label, *reversed(lines), end, ""]),
            "as-certificate": "\n".join(["-----BEGIN CERTIFICATE-----", *lines, "-----END CERTIFICATE-----", ""]),
            "as-unfinished-certificate": "\n".join(["-----BEGIN CERTIFICATE-----", *lines, ""]),
            "under-an-unknown-label": "\n".join(["-----BEGIN X-----", *lines, "-----END X-----", ""]),
            "in-a-comment": "# " + "\n# ".join([label, *lines, end]) + "\n",
        }
        for encoding, text in encodings.items():
            made[f"{name}-{encoding}-first"] = text + LEAF + RSA_LEAF + CA
            made[f"{name}-{encoding}-last"] = LEAF + RSA_LEAF + CA + text
        made[f"{name}-inside-a-certificate"] = LEAF[:300] + "\n" + key + LEAF[300:] + CA
        made[f"{name}-alone"] = key
    return made


CONTENTS = contents()
SECRETS = Secrets([LEAF, CA, RSA_LEAF, *KEYS.values()])


def everything_in(value: Any) -> Iterable[str]:
    """Return all forms in which an object may get into a log, a cache or a file."""
    yield repr(value)
    yield str(value)
    yield pickle.dumps(value).decode("latin-1")


def test_the_canary_sings() -> None:
    """Check the test itself: a leak in any encoding would be found."""
    for name, key in KEYS.items():
        body = "".join(line for line in key.split("\n") if line and ":" not in line and "-" not in line)
        # A part with private numbers, because an RSA key begins with its public half.
        start = {"pkcs8": 52, "sec1": 12}.get(name, 800)
        part = body[start : start + 32]
        assert SECRETS.found_in(key), name
        assert SECRETS.found_in(json.dumps(key)), name
        assert SECRETS.found_in(repr({"a": key})), name
        assert len(SECRETS.found_in(part)) == len(SECRETS.found_in(f"<{part[::-1]}>")) == 17, name
        assert SECRETS.found_in(base64.b64decode(part).hex()), name
        assert SECRETS.found_in(base64.b64encode(b"x" + base64.b64decode(part)).decode()), name
    assert SECRETS.found_in(str(certs.ec_key().private_numbers().private_value))
    assert SECRETS.found_in(f"{certs.ec_key().private_numbers().private_value:x}")
    assert not SECRETS.found_in(LEAF, CA, RSA_LEAF)


@pytest.mark.parametrize("keep_pem", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_what_is_read_holds_no_key(keep_pem: bool) -> None:
    reader = ContentReader(keep_pem=keep_pem)
    for name, text in CONTENTS.items():
        for content in (read_content(text, keep_pem=keep_pem), reader.read(text)):
            assert SECRETS.found_in(*everything_in(content)) == set(), name
            if keep_pem and name.endswith(("first", "last")):
                assert content.pem == LEAF + RSA_LEAF + CA, name
    assert SECRETS.found_in(repr(vars(reader))) == set()


@pytest.mark.parametrize("content", ["none", pytest.param("certificates", marks=pytest.mark.slow)])
def test_nothing_on_the_way_to_the_facts_holds_a_key(
    monkeypatch: pytest.MonkeyPatch, serve: Serve, connect: Connect, content: str
) -> None:
    simulator = serve(Fleet.single(record(f"ssl-{name}", name, text, 1) for name, text in CONTENTS.items()))
    outcomes: list[Outcome] = []
    plain_outcomes = Workers.outcomes

    def watched(workers: Workers) -> Iterator[Outcome]:
        for outcome in plain_outcomes(workers):
            outcomes.append(outcome)
            yield outcome

    monkeypatch.setattr(Workers, "outcomes", watched)
    client = connect(simulator)
    query = Query(("all",), ("all",), content=content, page_size=20)

    gathered = gather(client, query, certs.NOW)
    facts, warnings = list_certificates(client, Settings(client.connection, query, ()), certs.NOW)

    assert len(gathered.certificates) == facts["count"] == len(CONTENTS)
    assert len(outcomes) >= 2 * (len(CONTENTS) // 20)
    for certificate in gathered.certificates:
        assert SECRETS.found_in(*everything_in(certificate)) == set(), certificate.ssl_name
        assert certificate.full_content is None
    for seen in (gathered, outcomes, facts, warnings):
        assert SECRETS.found_in(*everything_in(seen)) == set()
    assert SECRETS.found_in(json.dumps(facts)) == set()


def test_asked_for_by_name_the_content_is_exactly_the_one_of_the_api(serve: Serve, connect: Connect) -> None:
    odd = {"bell": "a\x07b\u2028\ufeff\r\n", "text": "notes", "空": "例子"}
    texts = {**CONTENTS, **odd}
    simulator = serve(Fleet.single(record(f"ssl-{name}", name, text, 1) for name, text in texts.items()))
    client = connect(simulator)
    query = Query(("all",), content="all")

    facts, _unused = list_certificates(client, Settings(client.connection, query, ()), certs.NOW)

    assert {item["ssl_name"]: item["content"] for item in facts["certificates"]} == texts


@pytest.mark.parametrize("content", ["none", "certificates"])
def test_the_demonstration_holds_no_key(demo_fleet: Fleet, serve: Serve, connect: Connect, content: str) -> None:
    texts = [row["SSLContent"] for _unused, _unused, row in demo_fleet if row["SSLContent"]]
    secrets = Secrets(texts)
    assert len(secrets.keys) > 40
    client = connect(serve(demo_fleet))
    query = Query(("all",), ("all",), content=content)

    facts, _unused = list_certificates(client, Settings(client.connection, query, ()), certs.NOW)

    assert secrets.found_in(json.dumps(facts), repr(facts)) == set()
    assert any(item["private_key_stored"] for item in facts["certificates"])


BROKEN = {
    "no list": {"DataSet": {"SSLContent": KEYS["pkcs1"]}},
    "no objects": {"DataSet": [KEYS["pkcs1"]]},
    "no total that fits": {"DataSet": [{"SSLId": "ssl-1", "SSLContent": KEYS["pkcs1"] + RSA_LEAF}], "TotalCount": 2},
    "no RetCode": {"RetCode": None, "DataSet": [{"SSLContent": KEYS["pkcs1"]}]},
    "a refusal": {"RetCode": 4111, "Message": "content invalid", "DataSet": [{"SSLContent": KEYS["pkcs1"]}]},
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("on_error", ["fail", "warn"])
def test_errors_hold_no_key(serve: Serve, connect: Connect, body: dict[str, Any], on_error: str) -> None:
    simulator = serve(Fleet.single())
    simulator.add_fault(Fault("not_json", body=json.dumps({"RetCode": 0, "TotalCount": 1, **body}), times=None))

    for error in errors_of(connect(simulator), on_error):
        seen = [repr(error), str(error), json.dumps(error.to_facts()), "".join(traceback.format_exception(error))]
        assert SECRETS.found_in(*seen) == set()


@pytest.mark.parametrize("kind", ["truncated", "not_object"])
def test_errors_about_half_an_answer_hold_no_key(serve: Serve, connect: Connect, kind: str) -> None:
    simulator = serve(Fleet.single([record("ssl-1", "shop", KEYS["pkcs1"] + RSA_LEAF, 1)]))
    simulator.add_fault(Fault(kind, times=None))

    for error in errors_of(connect(simulator), "fail"):
        assert SECRETS.found_in(repr(error), str(error), "".join(traceback.format_exception(error))) == set()


def errors_of(client: Client, on_error: str) -> list[UCloudError]:
    """Return the errors of a listing that must fail, at least one."""
    query = Query(("cn-bj2",), content="certificates", on_error=on_error)
    if on_error == "fail":
        with pytest.raises(UCloudError) as raised:
            gather(client, query, certs.NOW)
        return [raised.value]
    found = gather(client, query, certs.NOW).errors
    assert found
    return found
