# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup plugin as called by Ansible."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.utils.display import Display

from ansible_collections.ucloud.ulb.plugins.lookup import ssl_certificate
from ansible_collections.ucloud.ulb.plugins.module_utils._options import connection_spec, selection_spec
from ansible_collections.ucloud.ulb.plugins.plugin_utils._lookup import listeners, source
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Fleet, Simulator, demo

from .. import documented

NAME = "ucloud.ulb.ssl_certificate"


@pytest.fixture(scope="module")
def fleet() -> Fleet:
    return demo()


class Run:
    """A run of Ansible against a simulated API, with its variables and warnings."""

    def __init__(self, sim: Simulator, folder: Path, display: Any) -> None:
        self.sim = sim
        self.folder = folder
        self.display = display
        account = sim.accounts["main"]
        self.variables: dict[str, Any] = {
            "ucloud_public_key": account.public_key,
            "ucloud_private_key": account.private_key,
            "ucloud_base_url": sim.https_url,
            "ucloud_ca_path": sim.ca_path,
            "ucloud_max_retries": 0,
            "ucloud_regions": ["all"],
            "ucloud_project_ids": ["all"],
        }

    def query(self, *terms: Any, **options: Any) -> list[Any]:
        plugin = documented.make_plugin(ssl_certificate, "lookup", NAME)
        plugin._templar = Templar(DataLoader(), variables=self.variables)
        found: list[Any] = plugin.run(list(terms), self.variables, **options)
        return found

    @property
    def warnings(self) -> list[str]:
        return [call.args[0] for call in self.display.warning.call_args_list]


@pytest.fixture
def run(fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    folder = tmp_path / "run"
    folder.mkdir(mode=0o700)
    display = create_autospec(Display, instance=True)
    monkeypatch.setattr(ssl_certificate, "DEFAULT_LOCAL_TMP", str(folder))
    monkeypatch.setattr(ssl_certificate, "display", display)
    monkeypatch.setattr(source, "_indexes", {})
    monkeypatch.setattr(listeners, "_listings", {})
    with Simulator(fleet) as simulator:
        yield Run(simulator, folder, display)


def test_facts_are_plain_data_as_the_module_has_them(run: Run) -> None:
    (facts,) = run.query("shop.example.com")
    assert facts["ssl_name"] == "shop.example.com 2026"
    assert facts["days_remaining"] == 70
    assert facts["x509"]["issuer"]["common_name"] == "Example Trust TLS CA R3"
    assert facts["content"] is None
    assert facts.__class__ is dict
    assert facts["domains"].__class__ is list


def test_terms_of_all_kinds(run: Run) -> None:
    terms = ["ssl-1zxhi2xg", "wiki", "any.shop.example.net", "MÜNCHEN.example.com"]
    names = ["shop.example.com 2026", "wiki", "*.shop.example.net", "商城主站证书"]
    assert run.query(*terms, attribute="ssl_name") == names


def test_options_select(run: Run) -> None:
    found = run.query(expired=True, attribute="ssl_name")
    # Certificates that may have expired are kept and reported.
    unknown = [name for name in found if name not in ("pay.example.com", "summer-sale.example.com")]
    assert sorted(set(found) - set(unknown)) == ["pay.example.com", "summer-sale.example.com"]
    assert unknown == run.query(*unknown, attribute="ssl_name")
    assert set(run.query(*unknown, attribute="state")) == {"unknown"}
    (warning,) = run.warnings
    assert warning.startswith(f"{len(unknown)} certificate(s) could not be read, and may or may not match")
    assert run.query("pay.example.com", expired=False, on_missing="null") == [None]
    assert run.query(ssl_id="ssl-1zxhi2xg", attribute="source") == ["ulb"]


def test_a_loop_over_an_empty_list(run: Run) -> None:
    """Ansible calls the lookup like this for loops over an empty list, before ansible-core 2.19 with ``wantlist``."""
    run.variables = {}
    assert run.query() == []
    assert run.query(wantlist=True) == []
    assert run.sim.request_count == 0


def test_a_loop_over_terms(run: Run) -> None:
    assert [facts["ssl_name"] for facts in run.query("wiki", "ssl-1zxhi2xg", wantlist=True)] == [
        "wiki",
        "shop.example.com 2026",
    ]


@pytest.mark.parametrize("option", [{"all": True}, {"all": "yes"}, {"cache": "run"}, {"regions": ["all"]}])
def test_without_terms_an_option_asks_for_all(run: Run, option: dict[str, Any]) -> None:
    assert len(run.query(**option)) == 60


@pytest.mark.parametrize("terms", [[], [[]], [[], []]])
def test_no_certificate_is_asked_for(run: Run, terms: list[Any]) -> None:
    assert run.query(*terms, all=False, bound=True) == []
    assert run.sim.request_count == 0


def test_all_and_terms(run: Run) -> None:
    with pytest.raises(AnsibleError, match=r"^all: cannot be combined with terms\. Give either terms or all: true\."):
        run.query("wiki", all=True)
    assert run.query("wiki", all=False, attribute="ssl_name") == ["wiki"]


def test_an_empty_list_selects_nothing_and_is_warned_of(run: Run) -> None:
    assert run.query(names=[]) == []
    assert run.warnings == ["names: an empty list selects no certificate. Leave the option out to select all."]


def test_a_run_asks_once(run: Run) -> None:
    run.query("wiki")
    count = run.sim.request_count
    run.query("shop.example.com", "wiki", regions=["hk", "cn-sh2"], project_ids=["org-corp7x"], on_missing="skip")
    run.query(bound=True)
    assert run.sim.request_count == count == 2 + 6


def test_without_the_cache_each_lookup_asks(run: Run) -> None:
    for _time in range(2):
        run.query("wiki", cache="none")
    assert run.sim.request_count == 2 * (2 + 6)
    assert list(run.folder.iterdir()) == []


def test_keys_are_returned_on_request_and_never_cached(run: Run) -> None:
    (content,) = run.query("wiki", content="all", attribute="content")
    assert "PRIVATE KEY" in content
    (chain,) = run.query("wiki", content="certificates", attribute="content")
    assert chain.startswith("-----BEGIN CERTIFICATE-----")
    assert "PRIVATE KEY" not in chain
    kept = [path.read_text(encoding="utf-8") for path in run.folder.rglob("*") if path.is_file()]
    assert any("BEGIN CERTIFICATE" in text for text in kept)
    assert not any("PRIVATE KEY" in text for text in kept)


def test_variables_are_templates(run: Run) -> None:
    run.variables.update(
        kept_elsewhere=run.variables["ucloud_private_key"],
        ucloud_private_key=documented.trusted("{{ kept_elsewhere }}"),
        ucloud_regions=[documented.trusted("{{ 'h' ~ 'k' }}")],
        ucloud_max_retries=documented.trusted("{{ 1 - 1 }}"),
    )
    assert len(run.query(attribute="ssl_name", names=["intranet.*"])) == 1
    assert {request.region for request in run.sim.requests} == {None, "hk"}  # None is the request for projects.


def test_options_win_over_variables(run: Run) -> None:
    sub = run.sim.accounts["sub"]
    run.query(public_key=sub.public_key, private_key=sub.private_key, regions=["hk"], project_ids=["org-corp7x"])
    assert [(item.public_key, item.region) for item in run.sim.requests] == [(sub.public_key, "hk")]


def test_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"public_key": "PUBLIC_KEY", "private_key": "PRIVATE_KEY", "base_url": "BASE_URL"}
    for name, variable in names.items():
        monkeypatch.setenv(f"UCLOUD_{variable}", run.variables.pop(f"ucloud_{name}"))
    monkeypatch.setenv("UCLOUD_REGION", "hk,cn-sh2")
    monkeypatch.setenv("UCLOUD_PROJECT_ID", "org-corp7x")
    del run.variables["ucloud_regions"], run.variables["ucloud_project_ids"]
    assert run.query("wiki", attribute="region") == ["cn-sh2"]
    assert {(item.region, item.project_id) for item in run.sim.requests} == {
        ("hk", "org-corp7x"),
        ("cn-sh2", "org-corp7x"),
    }


def test_environment_variables_are_not_templates(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UCLOUD_REGION", "{{ 'hk' }}")
    del run.variables["ucloud_regions"]
    with pytest.raises(AnsibleError, match=r"in region \{\{ 'hk' \}\}"):
        run.query("wiki")


def test_every_option_of_the_connection_can_be_a_variable() -> None:
    plugin = documented.make_plugin(ssl_certificate, "lookup", NAME)
    definitions = plugin.option_definitions
    for name in (*connection_spec(), "regions", "project_ids"):
        assert {"name": f"ucloud_{name}"} in definitions[name]["vars"]
    for name, option in connection_spec().items():
        (_read, variables) = option.get("fallback", (None, []))
        assert [entry["name"] for entry in definitions[name].get("env", [])] == variables


def test_secrets_cannot_be_in_ansible_cfg() -> None:
    definitions = documented.make_plugin(ssl_certificate, "lookup", NAME).option_definitions
    with_ini = {name for name, option in definitions.items() if option.get("ini")}
    assert {"public_key", "base_url", "profile", "regions"} <= with_ini
    assert not {"private_key", "security_token"} & with_ini


def test_option_names_are_those_of_the_module() -> None:
    definitions = documented.make_plugin(ssl_certificate, "lookup", NAME).option_definitions
    for name, option in {**connection_spec(), **selection_spec()}.items():
        known = definitions[name]
        assert known["type"] == option["type"]
        assert known.get("default") == option.get("default")
        assert known.get("choices") == option.get("choices")


@pytest.mark.parametrize(
    ("terms", "options", "message"),
    [
        (["nothing"], {}, "no certificate matches 'nothing'"),
        (["www.example.com"], {"by": "name"}, "3 certificates match 'www.example.com'"),
        (["wiki"], {"attribute": "owner"}, "attribute: 'owner' is not a fact"),
        ([7], {}, "_terms: 7 is not an id"),
        (["wiki"], {"page_size": 0}, "page_size: 0 is out of range"),
        (["wiki"], {"regions": []}, "regions: no region was given"),
        (["wiki"], {"private_key": "wrong"}, r"RetCode 171"),
        (["wiki"], {"by": "serial"}, "serial"),
    ],
)
def test_errors(run: Run, terms: list[Any], options: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleError, match=message) as caught:
        run.query(*terms, **options)
    assert run.variables["ucloud_private_key"] not in str(caught.value)


def test_permission_denied(run: Run) -> None:
    partial = run.sim.accounts["partial"]
    keys = {"public_key": partial.public_key, "private_key": partial.private_key}
    with pytest.raises(AnsibleError, match="RetCode 299"):
        run.query("shop.example.com", **keys)
    assert run.query("shop.example.com", on_denied="skip", attribute="project_id", **keys) == ["org-shop2m"]
    assert run.warnings == []
    assert run.query("shop.example.com", on_denied="warn", attribute="project_id", **keys) == ["org-shop2m"]
    (warning,) = run.warnings
    assert warning.startswith("DescribeSSLV2 in regions cn-bj2, cn-sh2, hk and project org-corp7x at ")
    assert "(RetCode 299)." in warning


def test_listeners(run: Run) -> None:
    where = {"attribute": "bindings.0.port"}
    assert run.query("shop.example.com", **where) == [None]
    assert {request.action for request in run.sim.requests} == {"GetRegion", "GetProjectList", "DescribeSSLV2"}
    listings = run.sim.request_count
    assert run.query("shop.example.com", "nothing", listeners=True, on_missing="null", **where) == [443, None]
    assert run.query("shop.example.com", listeners=True, attribute="bindings.0.tls.minimum_version") == ["TLSv1.2"]
    # The certificates are those in the cache, and only the region and project of the result are listed.
    assert run.sim.request_count == listings + 3


def test_listeners_without_permission(run: Run) -> None:
    actions = ("DescribeULB", "DescribeLoadBalancers", "DescribeSecurityPoliciesV2")
    for action in actions:
        run.sim.add_fault(Fault("retcode", code=299, action=action, times=None))
    term, options = "shop.example.com", {"listeners": True, "attribute": "bindings.0.port"}
    with pytest.raises(AnsibleError, match=r"RetCode 299\S* .* Or set listeners to false"):
        run.query(term, **options)
    assert run.query(term, on_denied="skip", **options) == [None]
    assert run.warnings == []
    assert run.query(term, on_denied="warn", **options) == [None]
    assert len(run.warnings) == 2
    run.sim.clear_faults()
    run.sim.add_fault(Fault("retcode", code=160, action="DescribeULB", times=None))
    with pytest.raises(AnsibleError, match="RetCode 160"):
        run.query(term, on_denied="skip", **options)
    assert run.query(term, on_error="warn", **options) == [443]


def test_what_is_not_encrypted_is_warned_of(run: Run) -> None:
    run.query("wiki", base_url=run.sim.http_url)
    (warning,) = run.warnings
    assert warning.startswith(f"base_url: {run.sim.http_url} is not encrypted")


LATER = """
import json, sys
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.ucloud.ulb.plugins.lookup import ssl_certificate
from ansible_collections.ucloud.ulb.tests.unit.plugins import documented
folder, variables = sys.argv[1], json.load(sys.stdin)
ssl_certificate.DEFAULT_LOCAL_TMP = folder
plugin = documented.make_plugin(ssl_certificate, "lookup", "ucloud.ulb.ssl_certificate")
plugin._templar = Templar(DataLoader(), variables=variables)
options = {"attribute": "bindings.0.port", "expires_within": "5200w", "listeners": True}
print(json.dumps([plugin.run(["wiki"], variables, **options), sorted(sys.modules)]))
"""


def test_another_process_of_the_run_does_not_load_libraries(run: Run) -> None:
    """Loading the libraries would take most of the time of a lookup."""
    run.query("wiki", listeners=True)
    requests = run.sim.request_count

    program = [sys.executable, "-c", LATER, str(run.folder)]
    given = json.dumps(run.variables)
    done = subprocess.run(program, input=given, capture_output=True, text=True, timeout=120, check=True)

    found, modules = json.loads(done.stdout)
    assert found == [443]
    assert run.sim.request_count == requests
    assert "ansible_collections.ucloud.ulb.plugins.plugin_utils._cache.serialization" in modules
    ours = "ansible_collections.ucloud.ulb.plugins.module_utils."
    # Not cryptography itself, because Ansible versions differ in what they load of it for vaults.
    assert not {"requests", f"{ours}_api.client", f"{ours}_certificates.x509"} & {*modules}


def test_examples_are_tasks_and_name_options_that_exist() -> None:
    tasks = yaml.safe_load(ssl_certificate.EXAMPLES)
    assert len(tasks) == 7
    assert all(task["name"] for task in tasks)
