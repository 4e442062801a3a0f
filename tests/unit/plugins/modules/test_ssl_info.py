# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module as run by Ansible, against the simulator."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.ucloud.ulb.plugins.modules import ssl_info
from ansible_collections.ucloud.ulb.tests.simulator import (
    Fault,
    Fleet,
    Project,
    Region,
    Simulator,
    balancers,
    record,
    relation,
)
from ansible_collections.ucloud.ulb.tests.simulator.issuing import (
    Request,
    certificate_pem,
    self_signed,
    subject,
    utc,
)
from ansible_collections.ucloud.ulb.tests.simulator.keys import key_pem, private_key

from .conftest import Execute

NAME = "ansible_collections.ucloud.ulb.plugins.modules.ssl_info"
TREE = Path(str(ssl_info.__file__)).parents[5]
"""The folder that contains ansible_collections."""
KEY_MARKS = ("PRIVATE KEY", "MIGHAgEA")
DAY = 86400
CREATED = 1772352000
CREATED_TEXT = "2026-03-01T08:00:00Z"


def pem(name: str, days: int) -> str:
    """Return a certificate for a domain and its key. It expires in ``days`` and half a day."""
    key = private_key("p256", name)
    now = time.time()
    request = Request(subject(name), key, utc(now - 10 * DAY), utc(now + (days + 0.5) * DAY), names=(name, f"*.{name}"))
    return certificate_pem(self_signed(request)) + key_pem(key)


@pytest.fixture(scope="module")
def contents() -> dict[str, str]:
    return {"shop": pem("shop.example.com", 40), "old": pem("old.example.com", -3)}


@pytest.fixture
def sim(contents: dict[str, str]) -> Iterator[Simulator]:
    fleet = Fleet(
        [Region("cn-bj2", is_default=True), Region("hk")],
        [Project("org-a", is_default=True), Project("org-b")],
    )
    bound = [relation(("alb-1", "shop"), ("lsn-1", "https"), is_default=True)]
    fleet.add(
        record("ssl-2", "old", contents["old"], CREATED),
        record("ssl-1", "shop", contents["shop"], CREATED, bound),
        region="cn-bj2",
        project="org-a",
    )
    fleet.add(record("ssl-3", "bare", None, CREATED), region="hk", project="org-b")
    with Simulator(fleet) as simulator:
        yield simulator


@dataclass
class Ended:
    """Exit code and output of a run of the module."""

    code: Any
    result: dict[str, Any]
    warnings: list[str]

    @property
    def ids(self) -> list[str]:
        return [certificate["ssl_id"] for certificate in self.result["certificates"]]


Run = Callable[..., Ended]


def arguments(sim: Simulator, account: str = "main", **options: Any) -> dict[str, Any]:
    keys = sim.accounts[account]
    return {
        "public_key": keys.public_key,
        "private_key": keys.private_key,
        "security_token": keys.security_token,
        "base_url": sim.https_url,
        "ca_path": sim.ca_path,
        "regions": ["cn-bj2"],
        "max_retries": 0,
        **options,
    }


@pytest.fixture
def run(sim: Simulator, execute: Execute) -> Run:
    """Run the module in this process."""

    def start(account: str = "main", *, check_mode: bool = False, **options: Any) -> Ended:
        given = {**arguments(sim, account, **options), "_ansible_check_mode": check_mode}
        return Ended(*execute(ssl_info.main, given))

    return start


def without_key(text: str) -> bool:
    return not any(mark in text for mark in KEY_MARKS)


class TestResult:
    def test_one_region(self, run: Run, sim: Simulator) -> None:
        ended = run()
        assert ended.code in (0, None)
        assert ended.warnings == []
        result = ended.result
        assert ended.ids == ["ssl-1", "ssl-2"]
        assert (result["count"], result["total_count"], result["complete"]) == (2, 2, True)
        assert (result["errors"], result["changed"]) == ([], False)
        assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", result["evaluated_at"])
        (request,) = sim.requests
        assert request.user_agent is not None
        assert request.user_agent.startswith("ucloud.ulb/")

    def test_facts_of_a_certificate(self, run: Run) -> None:
        shop, old = run().result["certificates"]
        assert (shop["ssl_name"], shop["region"], shop["project_id"]) == ("shop", "cn-bj2", None)
        assert (shop["created_at"], shop["created_at_epoch"]) == (CREATED_TEXT, CREATED)
        assert shop["domains"] == ["shop.example.com", "*.shop.example.com"]
        assert (shop["state"], shop["days_remaining"]) == ("valid", 40)
        assert (shop["private_key_stored"], shop["key_matches"]) == (True, True)
        assert shop["x509"]["subject"]["common_name"] == "shop.example.com"
        assert shop["content"] is None
        assert shop["bindings"] == [
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
        ]
        assert (old["state"], old["days_remaining"], old["bound"]) == ("expired", -3, False)

    def test_everywhere(self, run: Run, sim: Simulator) -> None:
        ended = run(regions=["all"], project_ids=["all"])
        assert [(item["project_id"], item["region"], item["ssl_id"]) for item in ended.result["certificates"]] == [
            ("org-a", "cn-bj2", "ssl-1"),
            ("org-a", "cn-bj2", "ssl-2"),
            ("org-b", "hk", "ssl-3"),
        ]
        actions = sorted(str(request.action) for request in sim.requests)
        assert actions == ["DescribeSSLV2"] * 4 + ["GetProjectList", "GetRegion"]

    def test_selection(self, run: Run) -> None:
        assert run(domains=["www.shop.example.com"]).ids == ["ssl-1"]
        assert run(expired=True).ids == ["ssl-2"]
        assert run(expires_within="60d").ids == ["ssl-1", "ssl-2"]
        assert run(bound=True).ids == ["ssl-1"]
        assert run(names=["o*"]).ids == ["ssl-2"]
        ended = run(ssl_id=["ssl-2", "ssl-x"])
        assert (ended.ids, ended.result["total_count"]) == (["ssl-2"], None)

    def test_check_mode_is_no_different(self, run: Run) -> None:
        real, checked = run().result, run(check_mode=True).result
        for result in (real, checked):
            result.pop("evaluated_at")
            result.pop("invocation", None)
        assert real == checked

    @pytest.mark.parametrize("content", ["none", "certificates"])
    def test_no_key_unless_asked_for(self, run: Run, content: str, contents: dict[str, str]) -> None:
        ended = run(content=content)
        assert without_key(json.dumps(ended.result))
        expected = contents["shop"].partition("-----BEGIN PRIVATE")[0]
        assert ended.result["certificates"][0]["content"] == (None if content == "none" else expected)

    def test_key_if_asked_for(self, run: Run, contents: dict[str, str]) -> None:
        ended = run(content="all", names=["shop"])
        assert ended.result["certificates"][0]["content"] == contents["shop"]


@pytest.fixture
def both(sim: Simulator) -> Simulator:
    """The listener that serves ``ssl-1``, an HTTP listener beside it, and a classic one without a certificate."""
    found = sim.fleet.balancers("cn-bj2", "org-a")
    listeners = [
        balancers.listener("lsn-1", "https", certificates=[("ssl-1", True)]),
        balancers.listener("lsn-2", "http", protocol="HTTP", port=80),
    ]
    found.applications += [balancers.application("alb-1", "shop", listeners, addresses=["203.0.113.7"])]
    found.classics += [balancers.classic("ulb-1", "old", [balancers.vserver("vserver-1")])]
    return sim


@pytest.mark.usefixtures("both")
class TestListeners:
    def test_are_unknown_unless_asked_for(self, run: Run, sim: Simulator) -> None:
        result = run().result
        assert (result["listeners"], result["listeners_complete"], result["listener_errors"]) == (None, None, [])
        assert {request.action for request in sim.requests} == {"DescribeSSLV2"}

    def test_with_what_certificates_say_about_them(self, run: Run) -> None:
        ended = run(listeners=True)
        assert (ended.warnings, ended.ids) == ([], ["ssl-1", "ssl-2"])
        result = ended.result
        assert (result["listeners_complete"], result["listener_errors"]) == (True, [])
        assert [item["listener_id"] for item in result["listeners"]] == ["lsn-2", "lsn-1", "vserver-1"]
        (binding,) = result["certificates"][0]["bindings"]
        listener = result["listeners"][1]
        for name in ("protocol", "port", "addresses", "tls"):
            assert binding[name] == listener[name]
        assert (binding["port"], binding["addresses"][0]["address"]) == (443, "203.0.113.7")
        assert binding["tls"]["minimum_version"] == "TLSv1.2"

    @pytest.mark.parametrize(
        ("options", "found"),
        [
            ({"load_balancer_ids": ["alb-1"]}, ["lsn-2", "lsn-1"]),
            ({"listener_ids": ["vserver-1"]}, ["vserver-1"]),
            ({"ssl_ids": ["ssl-1"]}, ["lsn-1"]),
            ({"names": ["old"]}, []),
            ({"bound": True, "load_balancer_ids": ["ulb-1"]}, []),
        ],
    )
    def test_of_a_selection(self, run: Run, options: dict[str, Any], found: list[str]) -> None:
        ended = run(listeners=True, **options)
        assert [item["listener_id"] for item in ended.result["listeners"]] == found

    def test_that_may_match_are_a_warning(self, run: Run, sim: Simulator) -> None:
        sim.fleet.balancers("cn-bj2", "org-a").classics[0]["VServerSet"][0]["SSLSet"] = None
        ended = run(listeners=True, names=["old"])
        assert [item["listener_id"] for item in ended.result["listeners"]] == ["vserver-1"]
        (warning,) = ended.warnings
        assert warning.endswith("did not return what decides it: vserver-1 in cn-bj2.")

    def test_that_fail_fail_the_task_or_are_a_warning(self, run: Run, sim: Simulator) -> None:
        sim.add_fault(Fault("retcode", code=299, action="DescribeULB", times=None))
        failed = run(listeners=True)
        assert (failed.code, failed.result["error"]["code"]) == (1, 299)
        assert failed.result["msg"].endswith("grant ulb:DescribeULB for this project. Or set listeners to false.")
        ended = run(listeners=True, on_error="warn")
        result = ended.result
        assert (result["complete"], result["errors"], result["listeners_complete"]) == (True, [], False)
        (error,) = result["listener_errors"]
        assert ended.warnings == [error["message"]]
        assert result["certificates"][0]["bindings"][0]["port"] == 443
        assert [item["listener_id"] for item in result["listeners"]] == ["lsn-2", "lsn-1"]

    def test_are_complete_without_the_certificates(self, run: Run, sim: Simulator) -> None:
        sim.add_fault(Fault("retcode", code=299, action="DescribeSSLV2", times=None))
        ended = run(listeners=True, on_error="warn", names=["shop"])
        result = ended.result
        assert (result["complete"], result["listeners_complete"], result["listener_errors"]) == (False, True, [])
        assert "set listeners" not in ended.warnings[0]
        # It may serve a certificate of that name. The others have none.
        assert [item["listener_id"] for item in result["listeners"]] == ["lsn-1"]
        assert run(listeners=True, on_error="warn", ssl_ids=["ssl-2"]).result["listeners"] == []

    def test_do_not_bring_private_keys(self, run: Run, sim: Simulator) -> None:
        sim.fleet.balancers("cn-bj2", "org-a").classics[0]["VServerSet"][0]["SSLSet"] = [{"SSLId": "ssl-1"}]
        results = [run(listeners=True), run(listeners=True, ssl_ids=["ssl-1"], _ansible_verbosity=4)]
        sim.add_fault(Fault("total", delta=1, action="DescribeULB", times=None))
        results += [run(listeners=True, _ansible_verbosity=4), run(listeners=True, on_error="warn")]
        assert [ended.code for ended in results] == [0, 0, 1, 0]
        assert all(without_key(json.dumps([ended.result, ended.warnings])) for ended in results)

    def test_every_fact_is_documented(self, run: Run) -> None:
        documented = yaml.safe_load(ssl_info.RETURN)
        result = run(listeners=True).result
        assert result.keys() - {"changed", "invocation"} == documented.keys() - {"error"}
        (binding,) = result["certificates"][0]["bindings"]
        assert binding.keys() == documented["certificates"]["contains"]["bindings"]["contains"].keys()


class TestFailure:
    def test_of_the_api(self, run: Run, sim: Simulator) -> None:
        ended = run("denied")
        (request,) = sim.requests
        message = (
            f"DescribeSSLV2 in region cn-bj2 at {sim.https_url[8:]}: IAM permission denied (RetCode 299, request"
            f" {request.request_uuid}). IAM denies this action: ask an administrator to grant ulb:DescribeSSLV2 for"
            " this project."
        )
        assert (ended.code, ended.result["failed"], ended.result["msg"]) == (1, True, message)
        assert ended.result["error"] == {
            "region": "cn-bj2",
            "project_id": None,
            "code": 299,
            "message": message,
            "request_id": request.request_uuid,
        }

    def test_of_an_option(self, run: Run, sim: Simulator) -> None:
        ended = run(expires_within="soon")
        assert ended.code == 1
        assert ended.result["msg"] == (
            "expires_within: 'soon' is not a duration."
            " Give numbers with units (w, d, h, m, s), such as 30d, 12h or 1w2d."
        )
        assert sim.request_count == 0

    def test_of_one_region_may_be_a_warning(self, run: Run, sim: Simulator) -> None:
        sim.add_fault(Fault("retcode", code=293, message="no permission", region="hk"))
        ended = run(regions=["cn-bj2", "hk"], on_error="warn")
        assert ended.code in (0, None)
        assert ended.ids == ["ssl-1", "ssl-2"]
        assert (ended.result["complete"], ended.result["total_count"]) == (False, 2)
        (error,) = ended.result["errors"]
        assert (error["region"], error["code"]) == ("hk", 293)
        assert ended.warnings == [error["message"]]

    def test_of_an_empty_list_is_a_warning(self, run: Run) -> None:
        ended = run(names=[])
        assert (ended.code in (0, None), ended.ids) == (True, [])
        assert ended.warnings == ["names: an empty list selects no certificate. Leave the option out to select all."]

    def test_of_many_regions_is_one_warning(self, run: Run, sim: Simulator) -> None:
        sim.add_fault(Fault("retcode", code=293, message="no permission", times=None))
        ended = run(regions=["hk", "cn-bj2"], on_error="warn")
        assert len(ended.result["errors"]) == 2
        (warning,) = ended.warnings
        assert warning.startswith("DescribeSSLV2 in regions cn-bj2, hk")
        assert "no permission (RetCode 293). The account has no permission in this region" in warning

    def test_the_error_of_a_failed_task_is_documented(self, run: Run) -> None:
        error = run(private_key="wrong").result["error"]
        documented = yaml.safe_load(ssl_info.RETURN)["error"]
        assert documented["returned"] == "failure"
        assert {*documented["contains"]} == {*error}

    def test_invalid_credentials_always_fail(self, run: Run) -> None:
        ended = run(private_key="wrong", on_error="warn")
        assert (ended.code, ended.result["error"]["code"]) == (1, 171)

    def test_no_secret_in_a_failure(self, run: Run, sim: Simulator, contents: dict[str, str]) -> None:
        sim.add_fault(Fault("not_json", body=json.dumps({"SSLContent": contents["shop"]})[:-1]))
        ended = run("sts", _ansible_verbosity=4, _ansible_debug=False)
        shown = json.dumps({key: ended.result[key] for key in ended.result if key != "invocation"})
        assert ended.code == 1
        assert without_key(shown)
        assert sim.accounts["sts"].private_key not in shown
        assert str(sim.accounts["sts"].security_token) not in shown

    def test_warning_of_an_address_without_encryption(self, run: Run, sim: Simulator) -> None:
        (warning,) = run(base_url=sim.http_url).warnings
        assert warning.startswith(f"base_url: {sim.http_url} is not encrypted.")


class TestProcess:
    """The module in a separate process, as on a target."""

    def start(self, code: list[str], given: dict[str, Any], home: Path, *, as_file: bool) -> Ended:
        encoded = json.dumps({"ANSIBLE_MODULE_ARGS": given})
        file = home / "arguments.json"
        file.write_text(encoded)
        done = subprocess.run(
            [sys.executable, *code, *([str(file)] if as_file else [])],
            input="" if as_file else encoded,
            env={**os.environ, "PYTHONPATH": str(TREE)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.stdout, done.stderr
        return Ended(done.returncode, json.loads(done.stdout), [])

    @pytest.mark.parametrize("as_file", [True, False])
    def test_success(self, sim: Simulator, home: Path, *, as_file: bool) -> None:
        ended = self.start(["-m", NAME], arguments(sim), home, as_file=as_file)
        assert (ended.code, ended.ids) == (0, ["ssl-1", "ssl-2"])
        assert without_key(json.dumps(ended.result))

    def test_failure(self, sim: Simulator, home: Path) -> None:
        given = arguments(sim, private_key="wrong")
        ended = self.start(["-m", NAME], given, home, as_file=True)
        assert (ended.code, ended.result["error"]["code"]) == (1, 171)

    def test_credentials_of_the_environment(self, sim: Simulator, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        given = arguments(sim)
        for name in ("public_key", "private_key"):
            monkeypatch.setenv(f"UCLOUD_{name.upper()}", given.pop(name))
        monkeypatch.setenv("UCLOUD_REGION", "cn-bj2,hk")
        monkeypatch.setenv("UCLOUD_PROJECT_ID", "org-b")
        del given["regions"]
        assert self.start(["-m", NAME], given, home, as_file=True).ids == ["ssl-3"]

    def without(self, library: str) -> list[str]:
        """Return Python's arguments to run the module without an installed library."""
        return [
            "-c",
            f"import runpy, sys; sys.modules[{library!r}] = None; runpy.run_module({NAME!r}, run_name='__main__')",
        ]

    def missing(self, library: str) -> str:
        return rf"Failed to import the required Python library \({library}\) on .+'s Python "

    def test_without_requests(self, sim: Simulator, home: Path) -> None:
        ended = self.start(self.without("requests"), arguments(sim), home, as_file=False)
        assert ended.code == 1
        assert re.match(self.missing("requests"), ended.result["msg"])
        assert sim.request_count == 0

    def test_without_cryptography(self, sim: Simulator, home: Path) -> None:
        ended = self.start(self.without("cryptography"), arguments(sim), home, as_file=False)
        assert (ended.code, ended.ids) == (0, ["ssl-1", "ssl-2"])
        shop = ended.result["certificates"][0]
        assert shop["x509"] is None
        assert shop["x509_error"] == "the Python library cryptography is not installed"
        assert shop["private_key_stored"] is True
        assert without_key(json.dumps(ended.result))

    def test_without_cryptography_where_it_is_needed(self, sim: Simulator, home: Path) -> None:
        given = arguments(sim, expired=True)
        ended = self.start(self.without("cryptography"), given, home, as_file=False)
        assert ended.code == 1
        assert re.match(self.missing("cryptography"), ended.result["msg"])


class TestUnreadable:
    """Certificates that may match the selection, but cannot be read."""

    @pytest.fixture(autouse=True)
    def unreadable(self, sim: Simulator) -> None:
        unread = "-----BEGIN CERTIFICATE-----\nMAUwAwIBAQ==\n-----END CERTIFICATE-----\n"
        sim.fleet.add(
            record("ssl-4", "unread", unread, CREATED),
            record("ssl-5", "named", unread, CREATED, Domains="named.example.com"),
            region="cn-bj2",
            project="org-a",
        )

    def test_they_are_counted(self, run: Run) -> None:
        ended = run()
        assert ended.ids == ["ssl-1", "ssl-2", "ssl-4", "ssl-5"]
        assert ended.result["unreadable"] == 2
        assert ended.result["complete"] is True
        assert ended.warnings == []

    @pytest.mark.parametrize(
        ("options", "kept"),
        [
            ({"domains": ["shop.example.com"]}, ["ssl-1", "ssl-4"]),
            # The platform's domain names decide what is kept, with a warning.
            ({"domains": ["named.example.com"]}, ["ssl-4", "ssl-5"]),
            ({"expired": True}, ["ssl-2", "ssl-4", "ssl-5"]),
            ({"expires_within": "30d"}, ["ssl-2", "ssl-4", "ssl-5"]),
            ({"fingerprints": ["0" * 64]}, ["ssl-4", "ssl-5"]),
        ],
    )
    def test_undecided_certificates_are_kept_with_a_warning(
        self, run: Run, options: dict[str, Any], kept: list[str]
    ) -> None:
        ended = run(**options)
        assert ended.ids == kept
        (warning,) = ended.warnings
        unread = [ssl_id for ssl_id in kept if ssl_id in ("ssl-4", "ssl-5")]
        assert warning.startswith(f"{len(unread)} certificate(s) could not be read, and may or may not match")
        assert all(f"{ssl_id} in cn-bj2 (1 CERTIFICATE block(s)" in warning for ssl_id in unread)

    def test_it_can_be_a_failure(self, run: Run) -> None:
        ended = run(expired=True, on_unreadable="fail")
        assert ended.code == 1
        assert "ssl-4 in cn-bj2" in ended.result["msg"]
        assert "on_unreadable" in ended.result["msg"]
        assert run(expired=True, names=["old"], on_unreadable="fail").ids == ["ssl-2"]


@pytest.mark.parametrize("domain", ["https://shop.example.com", "shop.example.com:443", "shop example com"])
def test_invalid_domains_are_rejected_before_any_request(run: Run, sim: Simulator, domain: str) -> None:
    ended = run(domains=["shop.example.com", domain])
    assert ended.code == 1
    assert ended.result["msg"].startswith(f"domains: {domain!r} ")
    assert sim.request_count == 0


def test_a_trust_store_that_cannot_be_used_is_rejected_before_any_request(
    run: Run, sim: Simulator, tmp_path: Path
) -> None:
    ended = run(trust_store=str(tmp_path / "roots.pem"))
    assert ended.code == 1
    assert ended.result["msg"].startswith("trust_store: ")
    empty = tmp_path / "empty.pem"
    empty.write_text("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", encoding="ascii")
    ended = run(trust_store=str(empty))
    assert ended.code == 1
    assert ended.result["msg"].startswith(f"trust_store: {str(empty)!r} has no certificate that can be read")
    assert sim.request_count == 0


def test_trust_is_a_fact_for_the_time_of_the_task(run: Run) -> None:
    assert {item["x509"]["trust"] for item in run(names=["shop", "old"]).result["certificates"]} == {None}
    ended = run(names=["shop", "old"], trust_store="mozilla")
    found = {item["ssl_name"]: item["x509"]["trust"] for item in ended.result["certificates"]}
    assert found["shop"]["reason"] == "it is self-signed, and not in the trust store"
    assert found["old"]["reason"].startswith("it expired at ")
    for trust in found.values():
        assert trust["trusted"] is False
        assert trust["store"].startswith("mozilla (certifi ")
        assert trust["evaluated_at"] == ended.result["evaluated_at"]
