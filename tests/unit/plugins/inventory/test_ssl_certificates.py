# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The inventory plugin with Ansible's own inventory, loader, templates and cache."""

from __future__ import annotations

import json
import os
import textwrap
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec, patch

import pytest
import yaml
from ansible.errors import AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.ucloud.ulb.plugins.inventory import ssl_certificates
from ansible_collections.ucloud.ulb.tests.leaks import Secrets
from ansible_collections.ucloud.ulb.tests.simulator import (
    Fault,
    Fleet,
    Record,
    Simulator,
    balancers,
    demo,
    record,
    relation,
)
from ansible_collections.ucloud.ulb.tests.unit.factories import certs

from .. import documented

NAME = "ucloud.ulb.ssl_certificates"
DAY = 86400

#: Names that are harmful if they are interpreted in any way.
HOSTILE = [
    "{{ lookup('pipe', 'touch TOUCHED') }}",
    "{% for x in [1] %}{{ lookup('pipe', 'touch TOUCHED') }}{% endfor %}",
    "{{ 1 / 0 }}",
    "two\nlines",
    "'\"; drop `id` $(id)",
    "\x00\x07\x1b[2J",
    "\u202e\u2066rtl",
    "x" * 1000,
    "a.b: c, d [1:3]",
    "-oProxyCommand=touch TOUCHED",
    "all",
    "region_cn_bj2",
    "localhost",
    "../../../TOUCHED",
    "..",
    "",
    " ",
    "!all",
]


class Parsed:
    """A parsed inventory, with its plugin."""

    def __init__(self, inventory: InventoryData, plugin: Any, loader: DataLoader) -> None:
        self.plugin = plugin
        self.hosts = sorted(inventory.hosts)
        self.groups = {
            name: sorted(host.name for host in group.get_hosts())
            for name, group in inventory.groups.items()
            if name not in ("all", "ungrouped")
        }
        self.variables = {name: _own(host.vars) for name, host in inventory.hosts.items()}
        self.group_variables = {name: _own(group.vars) for name, group in inventory.groups.items() if _own(group.vars)}
        self.warnings = [call.args[0] for call in plugin.display.warning.call_args_list]
        self._loader = loader

    def rendered(self, host: str, variable: str) -> Any:
        """Return a variable as seen by a playbook."""
        return Templar(self._loader, variables=self.variables[host]).template(self.variables[host][variable])


def _own(variables: dict[str, Any]) -> dict[str, Any]:
    """Return the variables that Ansible does not set itself."""
    return {name: value for name, value in variables.items() if name not in ("inventory_file", "inventory_dir")}


class Inventory:
    """Parses inventory files with a simulated API."""

    def __init__(self, sim: Simulator, folder: Path) -> None:
        self.sim = sim
        self.folder = folder
        account = sim.accounts["main"]
        self.options = {
            "plugin": NAME,
            "public_key": account.public_key,
            "private_key": account.private_key,
            "base_url": sim.https_url,
            "ca_path": sim.ca_path,
            "max_retries": 0,
            "regions": ["all"],
            "project_ids": ["all"],
        }

    def parse(
        self,
        config: str = "",
        *,
        cache: bool = True,
        extra_vars: Any = None,
        groups_before: Sequence[str] = (),
        hosts_before: Sequence[str] = (),
        inventory: InventoryData | None = None,
        **options: Any,
    ) -> Parsed:
        path = self.folder / "fleet.ssl_certificates.yml"
        given = {**self.options, **options, **(yaml.safe_load(textwrap.dedent(config)) or {})}
        path.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
        plugin = documented.make_plugin(ssl_certificates, "inventory", NAME)
        plugin.display = create_autospec(plugin.display, instance=True)
        inventory, loader = inventory or InventoryData(), DataLoader()
        for group in groups_before:
            inventory.add_group(group)
        for host in hosts_before:
            inventory.add_host(host)
        assert plugin.verify_file(str(path))
        with patch("ansible.plugins.inventory.load_extra_vars", return_value=extra_vars or {}):
            plugin.parse(inventory, loader, str(path), cache=cache)
        if plugin.get_option("cache"):
            plugin.update_cache_if_changed()
        inventory.reconcile_inventory()
        return Parsed(inventory, plugin, loader)

    @property
    def requests(self) -> int:
        """Number of requests since the last access."""
        count = self.sim.request_count
        self.sim.clear_requests()
        return count


@pytest.fixture(scope="module")
def demo_fleet() -> Fleet:
    return demo()


@pytest.fixture
def inventory(demo_fleet: Fleet, tmp_path: Path) -> Iterator[Inventory]:
    with Simulator(demo_fleet) as simulator:
        yield Inventory(simulator, tmp_path)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Inventory]:
    """An inventory with an empty simulated fleet."""
    with Simulator(Fleet.single()) as simulator:
        yield Inventory(simulator, tmp_path)


def row(ssl_id: str, name: str, *, ends_in: float = 40.5, **fields: Any) -> Record:
    """Return a certificate without content, whose dates only the API has."""
    now = int(time.time())
    return record(ssl_id, name, None, now, NotBefore=now - DAY, NotAfter=int(now + ends_in * DAY), **fields)


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("ssl_certificates.yml", True),
        ("fleet.ssl_certificates.yaml", True),
        ("fleet_ssl_certificates.yml", True),
        ("ssl_certificates.json", False),
        ("ssl_certificates.yml.bak", False),
        ("hosts.yml", False),
    ],
)
def test_inventory_files_are_recognized_by_name(tmp_path: Path, name: str, *, good: bool) -> None:
    (tmp_path / name).touch()
    plugin = documented.make_plugin(ssl_certificates, "inventory", NAME)
    assert plugin.verify_file(str(tmp_path / name)) is good
    assert plugin.verify_file(str(tmp_path / "missing" / name)) is False


@pytest.mark.parametrize(
    "text", ["plugin: {0}", "---\n'plugin' : '{0}'\n", 'regions: [hk]\nplugin: "{0}"\n', '{{"plugin": "{0}"}}']
)
@pytest.mark.parametrize("name", ["hosts.yml", "hosts.yaml", "hosts.json", "ssl_certificate.yml"])
def test_an_inventory_file_with_another_name(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text.format(NAME), encoding="utf-8")
    plugin = documented.make_plugin(ssl_certificates, "inventory", NAME)
    plugin.display = create_autospec(plugin.display, instance=True)
    assert plugin.verify_file(str(tmp_path / name)) is False
    plugin.display.warning.assert_called_once_with(
        f"{tmp_path / name}: the name of an inventory file of {NAME} has to end in ssl_certificates.yml or"
        f" ssl_certificates.yaml. Rename the file, for example to {Path(name).stem}.ssl_certificates.yml."
    )


@pytest.mark.parametrize(
    "text", ["plugin: other.plugin", "all: {hosts: {a: }}", f"# plugin: {NAME}", f"plugin: {NAME}2"]
)
def test_a_file_of_another_plugin(tmp_path: Path, text: str) -> None:
    (tmp_path / "hosts.yml").write_text(text, encoding="utf-8")
    plugin = documented.make_plugin(ssl_certificates, "inventory", NAME)
    plugin.display = create_autospec(plugin.display, instance=True)
    assert plugin.verify_file(str(tmp_path / "hosts.yml")) is False
    plugin.display.warning.assert_not_called()


# Hosts, variables and groups


def test_a_host_is_a_certificate(inventory: Inventory) -> None:
    parsed = inventory.parse()
    assert len(parsed.hosts) == 60
    shop = parsed.variables["ssl-1zxhi2xg"]
    assert shop["ucloud_ssl_name"] == "shop.example.com 2026"
    assert shop["ucloud_days_remaining"] == 70
    assert shop["ucloud_content"] is None
    assert shop["ucloud_bindings"][0]["listener_name"] == "https-443"
    assert len(shop) == 27
    assert parsed.groups == {}
    assert inventory.requests == 2 + 6


def test_a_host_is_a_domain(inventory: Inventory) -> None:
    parsed = inventory.parse(hosts_are="domain", names=["*.shop.example.net", "shop.example.com*"])
    assert parsed.hosts == ["shop.example.com", "shop.example.net", "www.shop.example.com"]
    assert parsed.variables["shop.example.net"]["ucloud_certificates"][0]["ssl_name"] == "*.shop.example.net"
    wild = inventory.parse(hosts_are="domain", names=["*.shop.example.net"], include_wildcards=True)
    assert wild.hosts == ["_wildcard.shop.example.net", "shop.example.net"]


@pytest.mark.parametrize(
    ("hosts_are", "hosts"),
    [("listener", ["lsn-27r2ut3u", "vserver-xxjb6pm3"]), ("load_balancer", ["alb-fvuov2q6", "ulb-a8dmempp"])],
)
def test_a_host_is_what_serves(inventory: Inventory, hosts_are: str, hosts: list[str]) -> None:
    parsed = inventory.parse(hosts_are=hosts_are, ssl_ids=["ssl-1zxhi2xg"])
    assert parsed.hosts == hosts
    variables = parsed.variables[hosts[0]]
    assert variables["ucloud_load_balancer_name"] == "shop-frontend"
    assert ("ucloud_listener_name" in variables) is (hosts_are == "listener")
    assert [facts["ssl_id"] for facts in variables["ucloud_certificates"]] == ["ssl-1zxhi2xg"]


def test_names_and_prefix(inventory: Inventory) -> None:
    parsed = inventory.parse(
        hostnames=["x509.subject.serial", "ssl_name ~ '@' ~ region"], hostvars_prefix="", names=["wiki*", "www*"]
    )
    assert parsed.hosts == [
        "wiki_cn-sh2",
        "wiki_copy_cn-sh2",
        "www.example.com_cn-bj2",
        "www.example.com_cn-sh2",
        "www.example.com_hk",
    ]
    assert parsed.variables["wiki_cn-sh2"]["domains"] == ["wiki.example.org"]


@pytest.mark.parametrize(
    ("hostname", "host"),
    [
        ("ucloud_x509.subject.common_name", "wiki.example.org"),
        ("ucloud_ssl_name ~ '@' ~ region", "wiki_cn-sh2"),
        ("made ~ ssl_name", "so-wiki"),
        ("made", "so-"),
    ],
)
def test_facts_with_and_without_the_prefix(inventory: Inventory, hostname: str, host: str) -> None:
    parsed = inventory.parse(names=["wiki"], hostnames=[hostname], extra_vars={"made": "so-"}, use_extra_vars=True)
    assert parsed.hosts == [host]


def test_facts_of_other_kinds_of_hosts_are_skipped(inventory: Inventory) -> None:
    options: Any = {"names": ["wiki"], "hosts_are": "domain", "hostnames": ["ucloud_ssl_name", "ssl_id", "domain"]}
    assert inventory.parse(**options).hosts == ["wiki.example.org"]


def test_a_prefix_of_hosts(inventory: Inventory) -> None:
    options: Any = {"names": ["wiki"], "hostnames": ["ssl_name"], "host_prefix": "ucloud-", "group_by": ["region"]}
    assert inventory.parse(**options).groups == {"region_cn_sh2": ["ucloud-wiki"]}


def test_hosts_with_the_same_name(inventory: Inventory) -> None:
    parsed = inventory.parse(hostnames=["ssl_name"], names=["www.example.com"])
    ids = {variables["ucloud_ssl_id"] for variables in parsed.variables.values()}
    assert len(ids) == 3
    assert parsed.hosts == sorted(f"www.example.com_{ssl_id}" for ssl_id in ids)


def test_groups_by_facts(inventory: Inventory) -> None:
    criteria = [name for name in ssl_certificates_choices("group_by") if name not in ("protocol", "tls_version")]
    parsed = inventory.parse(names=["wiki", "pay.example.com", "notes.txt"], hostnames=["ssl_name"], group_by=criteria)
    groups = dict(parsed.groups)
    (balancer,) = {name for name in groups if name.startswith("load_balancer_") and "wiki" in groups[name]}
    assert balancer == "load_balancer_" + parsed.variables["wiki"]["ucloud_bindings"][0]["load_balancer_id"].replace(
        "-", "_"
    )
    expected = {
        "region_cn_sh2": ["wiki"],
        "region_cn_bj2": ["pay.example.com"],
        "region_hk": ["notes.txt"],
        "project_org_corp7x": ["wiki"],
        "project_org_shop2m": ["notes.txt", "pay.example.com"],
        "state_valid": ["wiki"],
        "state_expired": ["pay.example.com"],
        "state_unknown": ["notes.txt"],
        "source_ulb": ["notes.txt", "pay.example.com", "wiki"],
        "issuer_Example_Trust_TLS_CA_1": ["pay.example.com", "wiki"],
        "domain_wiki_example_org": ["wiki"],
        "domain_pay_example_com": ["pay.example.com"],
        "key_type_EC": ["pay.example.com", "wiki"],
        "expiry_90d": ["wiki"],
        "expiry_expired": ["pay.example.com"],
        "expiry_unknown": ["notes.txt"],
    }
    assert {name: hosts for name, hosts in groups.items() if not name.startswith(("load_balancer", "listener"))} == (
        expected
    )


def ssl_certificates_choices(option: str) -> list[str]:
    choices: list[str] = yaml.safe_load(ssl_certificates.DOCUMENTATION)["options"][option]["choices"]
    return choices


def test_edges_of_expiry_groups(inventory: Inventory) -> None:
    parsed = inventory.parse(
        names=["checkout.*", "login.*", "search.*"],
        hostnames=["ssl_name"],
        group_by=["expiry"],
        expiry_edges=["11d", "84h"],
    )
    assert parsed.groups == {
        "expiry_84h": ["checkout.example.com"],
        "expiry_11d": ["login.example.com"],
        "expiry_later": ["search.example.com"],
    }


def test_constructed(inventory: Inventory) -> None:
    parsed = inventory.parse(
        """
        names: [wiki, pay.example.com]
        hostnames: [ssl_name]
        compose:
          weeks: ucloud_days_remaining // 7
          greeting: "'{{' ~ ucloud_ssl_name"
        groups:
          late: ucloud_state == 'expired'
        keyed_groups:
          - key: ucloud_region
            prefix: in
            separator: '-'
          - key: ucloud_source
        """
    )
    assert {name: int(variables["weeks"]) for name, variables in parsed.variables.items()} == {
        "wiki": 10,
        "pay.example.com": -1,
    }
    assert parsed.groups == {
        "late": ["pay.example.com"],
        "in_cn_sh2": ["wiki"],
        "in_cn_bj2": ["pay.example.com"],
        "_ulb": ["pay.example.com", "wiki"],
    }
    assert parsed.rendered("wiki", "greeting") == "{{wiki"


STRICT = [
    ("compose: {x: nothing.at_all}", "compose: 'nothing.at_all' fails"),
    ("groups: {x: nothing.at_all}", "nothing"),
    ("keyed_groups: [{key: nothing.at_all}]", "nothing"),
    ("hostnames: [nothing.at_all | upper]", "hostnames: 'nothing.at_all | upper' fails"),
]


@pytest.mark.parametrize(("config", "message"), STRICT)
def test_failed_expressions_are_errors_only_if_strict(inventory: Inventory, config: str, message: str) -> None:
    parsed = inventory.parse(f"{config}\nnames: [wiki]")
    assert len(parsed.hosts) == 1
    assert parsed.groups == {}
    with pytest.raises(Exception, match=message):
        inventory.parse(f"{config}\nnames: [wiki]\nstrict: true")


@pytest.mark.parametrize(
    ("filters", "hosts"),
    [
        ([], ["pay.example.com", "wiki", "www.example.com"]),
        ([{"exclude": "ucloud_state == 'expired'"}], ["wiki", "www.example.com"]),
        ([{"include": "ucloud_state == 'expired'"}, {"exclude": "true"}], ["pay.example.com"]),
        ([{"exclude": "true"}, {"include": "true"}], []),
        ([{"include": "ucloud_ssl_name == 'wiki'"}, {"exclude": "ucloud_region != 'hk'"}], ["wiki", "www.example.com"]),
        ([{"exclude": "false"}], ["pay.example.com", "wiki", "www.example.com"]),
        ([{"exclude": True}], []),
        ([{"exclude": False}, {"include": True}, {"exclude": "true"}], ["pay.example.com", "wiki", "www.example.com"]),
        ([{"exclude": "state == 'expired' and ucloud_state == state"}], ["wiki", "www.example.com"]),
    ],
)
def test_the_first_filter_that_is_true_decides(inventory: Inventory, filters: Any, hosts: list[str]) -> None:
    parsed = inventory.parse(
        names=["pay.example.com", "wiki", "www.example.com"],
        regions=["cn-bj2", "cn-sh2", "hk"],
        filters=[*filters, {"exclude": "ucloud_ssl_name == 'www.example.com' and ucloud_region != 'hk'"}],
        hostnames=["ucloud_ssl_name"],
        group_by=["state"],
    )
    wanted = [name for name in parsed.variables if not name.startswith("www")]
    wanted += ["www.example.com"] * any(name.startswith("www") for name in parsed.variables)
    assert sorted(wanted) == hosts
    assert set().union(*parsed.groups.values()) == set(parsed.hosts)


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"include": "ucloud_nothing > 3"}, "filters: 'ucloud_nothing > 3' fails for host ssl-"),
        ({"exclude": "ucloud_ssl_name"}, "filters: 'ucloud_ssl_name' fails for host ssl-"),
        ({"include": "("}, r"filters: '\(' fails for host ssl-"),
        ({"only": "true"}, "is not a valid rule"),
    ],
)
def test_unusable_filters(inventory: Inventory, rule: Any, message: str) -> None:
    with pytest.raises(AnsibleParserError, match=message):
        inventory.parse(names=["wiki"], filters=[rule])


# Options


def test_content_with_keys_is_rejected(inventory: Inventory) -> None:
    with pytest.raises(AnsibleParserError) as caught:
        inventory.parse(content="all")
    assert str(caught.value).startswith(
        "content: 'all' is not supported here: inventories are cached and shown, and would expose private keys."
        " Give 'certificates', or use the module ucloud.ulb.ssl_info."
    )
    assert inventory.requests == 0


def test_content_without_keys(inventory: Inventory) -> None:
    parsed = inventory.parse(names=["wiki"], content="certificates", hostnames=["ssl_name"])
    assert "BEGIN CERTIFICATE" in parsed.variables["wiki"]["ucloud_content"]
    assert "PRIVATE KEY" not in json.dumps(parsed.variables)


def test_options_of_the_file_may_be_templates(inventory: Inventory) -> None:
    account = inventory.sim.accounts["main"]
    parsed = inventory.parse(
        extra_vars={"keys": {"public": account.public_key, "private": account.private_key}, "wanted": "wiki"},
        public_key="{{ keys.public }}",
        private_key="{{ keys.private }}",
        max_retries="{{ 2 - 2 }}",
        validate_certs="{{ 1 == 1 }}",
        content="{{ 'no' ~ 'ne' }}",
        names=["{{ wanted }}"],
        hostnames=["ssl_name"],
    )
    assert parsed.hosts == ["wiki"]


def test_aliases_may_be_templates(inventory: Inventory) -> None:
    assert inventory.parse(ssl_id=["{{ 'ssl-1zxhi' ~ '2xg' }}"]).hosts == ["ssl-1zxhi2xg"]


def test_extra_variables_are_options(inventory: Inventory) -> None:
    del inventory.options["private_key"]
    account = inventory.sim.accounts["main"]
    assert inventory.parse(names=["wiki"], extra_vars={"ucloud_private_key": account.private_key}).hosts != []


def test_environment_variables_are_not_templates(inventory: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
    del inventory.options["regions"]
    monkeypatch.setenv("UCLOUD_REGION", "{{ 'hk' }}")
    with pytest.raises(AnsibleParserError, match=r"in region \{\{ 'hk' \}\}"):
        inventory.parse(project_ids=["org-corp7x"])
    monkeypatch.setenv("UCLOUD_REGION", "hk,cn-sh2")
    parsed = inventory.parse(project_ids=["org-corp7x"], group_by=["region"])
    assert sorted(parsed.groups) == ["region_cn_sh2", "region_hk"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"private_key": "wrong"}, "RetCode 171"),
        ({"page_size": 0}, "page_size: 0 is out of range"),
        ({"expiry_edges": ["soon"]}, "expiry_edges: 'soon' is not a duration"),
        ({"hostnames": ["x509.cn"]}, r"hostnames: 'x509\.cn' is not a fact"),
        ({"expires_within": "soon"}, "expires_within: 'soon' is not a duration"),
    ],
)
def test_errors(inventory: Inventory, options: Any, message: str) -> None:
    with pytest.raises(AnsibleParserError, match=message) as caught:
        inventory.parse(**options)
    assert str(inventory.options["private_key"]) not in str(caught.value)


def test_groups_of_listeners_need_the_listeners(served: Inventory) -> None:
    message = r"group_by: protocol, tls_version cannot be known without listeners\. Set listeners to true\."
    with pytest.raises(AnsibleParserError, match=message):
        served.parse(listeners=False, group_by=["region", "protocol", "tls_version"])
    assert served.requests == 0


@pytest.mark.parametrize("option", ["hosts_are", "group_by"])
def test_choices(inventory: Inventory, option: str) -> None:
    options: dict[str, Any] = {option: ["colour"] if option == "group_by" else "colour"}
    with pytest.raises(Exception, match=r"colour"):
        inventory.parse(**options)


def test_what_is_not_encrypted_is_warned_of(inventory: Inventory) -> None:
    parsed = inventory.parse(base_url=inventory.sim.http_url, names=["wiki"])
    assert [warning.split(" is ")[0] for warning in parsed.warnings] == [f"base_url: {inventory.sim.http_url}"]


def test_an_empty_list_selects_nothing_and_is_warned_of(inventory: Inventory) -> None:
    parsed = inventory.parse(domains=[], ssl_ids=[])
    assert parsed.hosts == []
    assert [warning.split(":")[0] for warning in parsed.warnings] == ["ssl_ids, domains"]


def test_a_region_that_fails(inventory: Inventory) -> None:
    inventory.sim.add_fault(Fault("reset", region="hk", times=None))
    with pytest.raises(AnsibleParserError, match="in region hk"):
        inventory.parse()
    parsed = inventory.parse(on_error="warn", group_by=["region"])
    assert sorted(parsed.groups) == ["region_cn_bj2", "region_cn_sh2"]
    (warning,) = parsed.warnings
    assert warning.startswith("DescribeSSLV2 in region hk and projects org-corp7x, org-shop2m at ")


# Strings from outside


@pytest.fixture
def hostile(small: Inventory) -> Inventory:
    balancer = relation(("alb-1", "{{ 1 / 0 }}"), ("lsn-1", "a.b: c {{ 1 / 0 }}"))
    rows = [
        row(f"ssl-{index}", name, Domains=json.dumps([name, f"d{index}.example.com"]), Relations=[balancer])
        for index, name in enumerate(HOSTILE)
    ]
    small.sim.fleet.replace(rows)
    return small


@pytest.mark.parametrize(
    ("hosts_are", "hostname"),
    [
        ("certificate", "ssl_name"),
        ("certificate", "(ssl_name or '') ~ ''"),
        ("certificate", "'' ~ (domains | first)"),
        ("domain", "domain"),
        ("domain", "'' ~ domain"),
    ],
)
def test_hostile_names_are_harmless(hostile: Inventory, hosts_are: str, hostname: str) -> None:
    source = "ucloud_ssl_name" if hosts_are == "certificate" else "ucloud_domain"
    parsed = hostile.parse(
        hostnames=[hostname],
        hosts_are=hosts_are,
        include_wildcards=True,
        group_by=["domain", "listener", "load_balancer", "region", "state"],
        keyed_groups=[{"key": f"{source} | default('none', true)", "prefix": "k"}],
        compose={"copied": source, "joined": f"'<' ~ ({source} | default('', true)) ~ '>'"},
        strict=True,
    )
    assert len(parsed.groups["region_cn_bj2"]) == len(parsed.hosts)
    assert len(parsed.groups) > len(HOSTILE)
    if hosts_are == "certificate":
        assert len(parsed.hosts) == len(HOSTILE)
        assert HOSTILE[0] in [variables["ucloud_ssl_name"] for variables in parsed.variables.values()]
    for host, variables in parsed.variables.items():
        for variable in variables:
            assert parsed.rendered(host, variable) == variables[variable]
        # Before ansible-core 2.19, text that looks like a list becomes one. Its items are not evaluated.
        assert str(variables["copied"]) == str(variables[source])
        assert variables["joined"] == f"<{variables[source] or ''}>"
    assert not list(hostile.folder.glob("**/TOUCHED"))
    assert not Path("TOUCHED").exists()
    assert all(group.isidentifier() for group in parsed.groups)


def test_no_host_has_the_name_of_a_group(small: Inventory) -> None:
    names = ["region_cn_bj2", "state_valid", "all", "ungrouped", "localhost", "late", "web", "shop"]
    small.sim.fleet.replace(row(f"ssl-{number}", name) for number, name in enumerate(names))
    parsed = small.parse(
        hostnames=["ssl_name"],
        group_by=["region", "state"],
        groups={"late": "ucloud_bound"},
        groups_before=["web"],
    )
    assert parsed.hosts == sorted([*(f"{name}_ssl-{number}" for number, name in enumerate(names[:-1])), "shop"])
    assert parsed.groups["region_cn_bj2"] == parsed.groups["state_valid"] == parsed.hosts
    assert {variables["ucloud_ssl_name"] for variables in parsed.variables.values()} == set(names)


def test_no_host_has_the_name_of_a_host_of_another_inventory(small: Inventory) -> None:
    small.sim.fleet.replace([row("ssl-1", "web", Domains="web.example.com")])
    before = ["web", "web.example.com"]
    assert small.parse(hostnames=["ssl_name"], hosts_before=before).hosts == ["web", "web.example.com", "web_ssl-1"]
    # A domain may also be a host of another inventory.
    assert small.parse(hosts_are="domain", hosts_before=before).hosts == before


@pytest.mark.parametrize(
    "config",
    [
        "filters: [{exclude: ucloud_days_remaining < 5}]",
        "{compose: {days: ucloud_days_remaining + 1}, strict: true}",
        "{keyed_groups: [{key: ucloud_days_remaining + 1}], strict: true}",
    ],
)
def test_an_error_leaves_nothing_behind(small: Inventory, config: str) -> None:
    nothing = row("ssl-2", "two")
    del nothing["NotAfter"]
    small.sim.fleet.replace([row("ssl-1", "one"), nothing, row("ssl-3", "three")])
    inventory = InventoryData()
    inventory.add_host("web")
    with pytest.raises(AnsibleParserError):
        small.parse(config, inventory=inventory)
    assert list(inventory.hosts) == ["web"]


def test_unknown_facts_are_not_true(small: Inventory) -> None:
    small.sim.fleet.replace([row("ssl-1", "one", Relations="?")])
    assert small.parse(filters=[{"exclude": "ucloud_x509"}, {"exclude": "ucloud_days_remaining is none"}]).hosts == [
        "ssl-1"
    ]


@pytest.mark.parametrize(
    ("option", "near"), [("region", "regions"), ("groupby", "group_by"), ("hostname", "hostnames")]
)
def test_unknown_options(small: Inventory, option: str, near: str) -> None:
    with pytest.raises(AnsibleParserError, match=f"{option}: unknown option. Did you mean .*{near}"):
        small.parse(f"{option}: hk")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"expiry_edges": [7]}, "expiry_edges: '7' is not a duration"),
        ({"hostnames": [{"name": "ssl_name"}]}, "hostnames: .* is not a string"),
        ({"filters": [{"exclude": 1}]}, "filters: .* is not a valid rule"),
        ({"hostvars_prefix": "1"}, "hostvars_prefix: '1' is not a valid prefix for variable names"),
        ({"host_prefix": "a b"}, "host_prefix: 'a b' is not a valid prefix for host names"),
        ({"hostnames": ["ssl_nam"]}, "hostnames: unknown 'ssl_nam'. Did you mean ssl_name?"),
        (
            {"hosts_are": "domain", "hostnames": ["ssl_nam"]},
            "hostnames: unknown 'ssl_nam'.* Valid values: domain, cert",
        ),
        ({"names": [None]}, "names: None is not a string"),
        ({"ssl_ids": [""]}, "ssl_ids: there is an empty value in the list"),
    ],
)
def test_invalid_option_values(inventory: Inventory, options: Any, message: str) -> None:
    with pytest.raises(AnsibleParserError, match=message):
        inventory.parse(**options)
    assert inventory.requests == 0


def test_a_host_with_the_name_of_a_keyed_group(small: Inventory) -> None:
    names = ["k_one", "one"]
    small.sim.fleet.replace(row(f"ssl-{number}", name) for number, name in enumerate(names))
    parsed = small.parse(
        hostnames=["ssl_name"],
        keyed_groups=[{"key": "ucloud_ssl_name", "prefix": "k"}],
        compose={"ansible_host": "ucloud_ssl_id"},
    )
    assert parsed.hosts == names
    assert [parsed.variables[name]["ansible_host"] for name in names] == ["ssl-0", "ssl-1"]
    assert parsed.group_variables == {}


# Listeners

KEY = certs.key_pem(certs.rsa_key("canary"))


@pytest.fixture
def served(small: Inventory) -> Inventory:
    """A listener with a certificate, an HTTP listener beside it, and a classic one without a certificate."""
    bound = [relation(("alb-1", "shop"), ("lsn-1", "https"), is_default=True)]
    content = certs.pem(certs.leaf()) + KEY
    small.sim.fleet.replace([record("ssl-1", "one", content, 1, bound), row("ssl-2", "two")])
    found = small.sim.fleet.balancers()
    listeners = [
        balancers.listener("lsn-1", "https", certificates=[("ssl-1", True)]),
        balancers.listener("lsn-2", "http", protocol="HTTP", port=80),
    ]
    found.applications += [balancers.application("alb-1", "shop", listeners, addresses=["203.0.113.7"])]
    old = balancers.vserver(
        "vserver-1", ssl_id="ssl-1", bound_policy=balancers.policy("sp-1", "TLSv1.1", ["AES128-SHA"])
    )
    found.classics += [balancers.classic("ulb-1", "old", [old])]
    small.options |= {"regions": ["cn-bj2"], "listeners": True, "hosts_are": "listener"}
    del small.options["project_ids"]
    return small


def test_listeners_are_hosts_that_can_be_connected_to(served: Inventory) -> None:
    compose = {"ansible_host": "ucloud_addresses[0].address", "ansible_port": "ucloud_port"}
    parsed = served.parse(
        group_by=["protocol", "tls_version", "state"], compose=compose, hostnames=["ucloud_protocol ~ ucloud_port"]
    )
    assert parsed.hosts == ["HTTP80", "HTTPS443_lsn-1", "HTTPS443_vserver-1"]
    assert parsed.groups == {
        "protocol_HTTP": ["HTTP80"],
        "protocol_HTTPS": ["HTTPS443_lsn-1", "HTTPS443_vserver-1"],
        "tls_version_TLSv1_1": ["HTTPS443_vserver-1"],
        "tls_version_TLSv1_2": ["HTTPS443_lsn-1"],
        "state_expired": ["HTTPS443_lsn-1", "HTTPS443_vserver-1"],
    }
    plain = parsed.variables["HTTP80"]
    assert (plain["ansible_host"], plain["ansible_port"]) == ("203.0.113.7", 80)
    assert (plain["ucloud_certificates"], plain["ucloud_tls"]) == ([], None)
    classic = parsed.variables["HTTPS443_vserver-1"]
    assert [facts["ssl_id"] for facts in classic["ucloud_certificates"]] == ["ssl-1"]
    assert classic["ucloud_tls"]["ciphers"] == ["AES128-SHA"]


def test_load_balancers_have_addresses_and_certificates_have_bindings(served: Inventory) -> None:
    parsed = served.parse(hosts_are="load_balancer", filters=[{"exclude": "not addresses"}])
    assert parsed.hosts == ["alb-1", "ulb-1"]
    assert parsed.variables["alb-1"]["ucloud_addresses"][0]["address"] == "203.0.113.7"
    parsed = served.parse(hosts_are="certificate", group_by=["tls_version"])
    assert parsed.variables["ssl-1"]["ucloud_bindings"][0]["port"] == 443
    assert parsed.groups == {"tls_version_TLSv1_2": ["ssl-1"]}


def test_variables_exist_without_listeners(served: Inventory) -> None:
    parsed = served.parse(listeners=False)
    assert parsed.hosts == ["lsn-1"]
    variables = parsed.variables["lsn-1"]
    assert [variables[f"ucloud_{name}"] for name in ("protocol", "port", "addresses", "tls")] == [None] * 4
    assert served.requests == 1


@pytest.mark.parametrize(
    ("options", "hosts"),
    [
        ({}, ["lsn-1", "lsn-2", "vserver-1"]),
        ({"load_balancer_ids": ["alb-1"]}, ["lsn-1", "lsn-2"]),
        ({"names": ["one"]}, ["lsn-1", "vserver-1"]),
        ({"names": ["two"]}, []),
    ],
)
@pytest.mark.parametrize("cache", [True, False])
def test_which_listeners_are_hosts(served: Inventory, options: Any, hosts: list[str], *, cache: bool) -> None:
    if cache:
        served.options |= {**CACHE, "cache_connection": str(served.folder / "cache")}
        served.parse()
    assert served.parse(**options).hosts == hosts


def test_what_may_be_selected_is_a_host_with_a_warning(served: Inventory) -> None:
    served.sim.fleet.balancers().applications[0]["Listeners"][0]["Certificates"] = None
    parsed = served.parse(names=["two"])
    assert parsed.hosts == ["lsn-1"]
    assert [text.partition(":")[2] for text in parsed.warnings] == [" lsn-1 in cn-bj2."]
    assert served.parse(names=["two"], hosts_are="certificate").warnings == []


def test_a_refused_listing_of_listeners(served: Inventory) -> None:
    served.sim.add_fault(Fault("retcode", code=299, action="DescribeLoadBalancers", times=None))
    with pytest.raises(AnsibleParserError, match=r"Or set listeners to false"):
        served.parse()
    parsed = served.parse(on_error="warn")
    assert parsed.hosts == ["lsn-1", "vserver-1"]
    assert (parsed.variables["lsn-1"]["ucloud_port"], parsed.variables["vserver-1"]["ucloud_port"]) == (None, 443)
    assert len(parsed.warnings) == 1


def test_cached_listeners(served: Inventory) -> None:
    served.options |= {**CACHE, "cache_connection": str(served.folder / "cache")}
    first = served.parse()
    assert served.requests == 4
    assert served.parse().variables == first.variables
    # Certificates are cached without listeners, and both inventories share them.
    assert (
        served.parse(listeners=False, hosts_are="certificate").variables["ssl-1"]["ucloud_bindings"][0]["port"] is None
    )
    assert served.requests == 0
    (path,) = (path for path in files(served) if path.name.endswith("_listeners"))
    path.write_text(path.read_text(encoding="utf-8").replace("443", "444"), encoding="utf-8")
    assert served.parse().variables == first.variables
    assert served.requests == 4
    texts = [path.read_text(encoding="utf-8") for path in files(served)]
    assert len(texts) == 2
    assert Secrets([KEY]).found_in(*texts, json.dumps(first.variables)) == set()


# The cache


CACHE = {"cache": True, "cache_plugin": "jsonfile", "cache_timeout": 3600}


@pytest.fixture
def cached(small: Inventory) -> Inventory:
    small.sim.fleet.replace([row("ssl-1", "one", ends_in=7.5), row("ssl-2", "two")])
    folder = small.folder / "cache"
    small.options |= {**CACHE, "cache_connection": str(folder), "regions": ["cn-bj2"], "project_ids": None}
    del small.options["project_ids"]
    return small


def files(inventory: Inventory) -> list[Path]:
    return [path for path in (inventory.folder / "cache").iterdir() if path.is_file()]


def test_a_cached_inventory_sends_no_requests(cached: Inventory) -> None:
    first = cached.parse(group_by=["state"])
    assert cached.requests == 1
    second = cached.parse(group_by=["state"])
    assert cached.requests == 0
    assert first.hosts == second.hosts == ["ssl-1", "ssl-2"]
    assert first.variables == second.variables
    assert first.groups == second.groups


def test_everything_is_cached_regardless_of_the_selection(cached: Inventory) -> None:
    assert cached.parse(names=["one"]).hosts == ["ssl-1"]
    assert cached.parse(names=["two"], bound=False).hosts == ["ssl-2"]
    assert cached.parse(expires_within="8d").hosts == ["ssl-1"]
    assert cached.parse(ssl_ids=["ssl-2"]).hosts == ["ssl-2"]
    assert cached.parse(hosts_are="domain").hosts == []
    assert cached.requests == 1


def test_flushing_the_cache(cached: Inventory) -> None:
    cached.parse()
    cached.sim.fleet.add(row("ssl-3", "three"))
    assert cached.parse().hosts == ["ssl-1", "ssl-2"]
    assert cached.parse(cache=False).hosts == ["ssl-1", "ssl-2", "ssl-3"]
    assert cached.requests == 2
    assert cached.parse().hosts == ["ssl-1", "ssl-2", "ssl-3"]
    assert cached.requests == 0


def test_expired_caches_are_ignored(cached: Inventory) -> None:
    cached.parse()
    (path,) = files(cached)
    long_ago = time.time() - 3601
    os.utime(path, (long_ago, long_ago))
    cached.sim.fleet.add(row("ssl-3", "three"))
    assert cached.parse().hosts == ["ssl-1", "ssl-2", "ssl-3"]
    assert cached.requests == 2
    cached.parse()
    assert cached.requests == 0


@pytest.mark.parametrize(
    "change", ["regions", "project_ids", "public_key", "base_url", "channel_key", "content", "trust_store"]
)
def test_the_cache_key_depends_on_everything_that_changes_the_response(cached: Inventory, change: str) -> None:
    cached.parse()
    sub = cached.sim.accounts["sub"]
    changes: dict[str, Any] = {
        "regions": {"regions": ["all"]},
        "project_ids": {"project_ids": ["org-default"]},
        "public_key": {"public_key": sub.public_key, "private_key": sub.private_key, "project_ids": ["org-default"]},
        "base_url": {"base_url": cached.sim.http_url},
        "channel_key": {"channel_key": "dedicated-1"},
        "content": {"content": "certificates"},
        "trust_store": {"trust_store": "mozilla"},
    }
    assert cached.requests == 1
    cached.parse(**changes[change])
    assert cached.requests in (1, 2)
    assert len(files(cached)) == 2
    cached.parse(**changes[change])
    cached.parse()
    assert cached.requests == 0


@pytest.mark.parametrize(
    "damaged",
    ["", "{", "null", "[]", '"text"', '{"format": 1}', '"{\\"format\\": 99, \\"certificates\\": []}"', "\x00"],
)
def test_damaged_caches_are_ignored(cached: Inventory, damaged: str) -> None:
    first = cached.parse()
    (path,) = files(cached)
    intact = path.read_text(encoding="utf-8")
    path.write_text(damaged, encoding="utf-8")
    assert cached.parse().variables == first.variables
    assert cached.requests == 2
    (path,) = files(cached)
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(intact)


def test_an_incomplete_listing_is_not_cached(inventory: Inventory) -> None:
    inventory.options |= {**CACHE, "cache_connection": str(inventory.folder / "cache"), "on_error": "warn"}
    inventory.sim.add_fault(Fault("reset", region="hk", times=None))
    few = inventory.parse()
    inventory.sim.clear()
    assert len(inventory.parse().hosts) == 60 > len(few.hosts)
    assert inventory.requests == 2 + 6
    assert len(inventory.parse().hosts) == 60
    assert inventory.requests == 0


def test_time_dependent_facts_are_not_cached(cached: Inventory, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()

    def seen(days: float) -> tuple[Any, ...]:
        with monkeypatch.context() as patch:
            patch.setattr(time, "time", lambda: now + days * DAY)
            parsed = cached.parse(
                group_by=["state", "expiry"], names=["one"], compose={"days": "ucloud_days_remaining"}
            )
        variables = parsed.variables["ssl-1"]
        return variables["ucloud_days_remaining"], variables["days"], variables["ucloud_state"], sorted(parsed.groups)

    cached.options["cache_timeout"] = 0  # Never expires.
    assert seen(0) == (7, 7, "valid", ["expiry_30d", "state_valid"])
    assert seen(1) == (6, 6, "valid", ["expiry_7d", "state_valid"])
    assert seen(8) == (-1, -1, "expired", ["expiry_expired", "state_expired"])
    assert seen(-2) == (9, 9, "not_yet_valid", ["expiry_30d", "state_not_yet_valid"])
    assert cached.requests == 1


def test_no_key_is_on_disk(inventory: Inventory) -> None:
    inventory.options |= {**CACHE, "cache_connection": str(inventory.folder / "cache"), "content": "certificates"}
    inventory.parse()
    (path,) = files(inventory)
    text = path.read_text(encoding="utf-8")
    assert text.count("BEGIN CERTIFICATE") > 50
    assert "PRIVATE KEY" not in text
    for account in inventory.sim.accounts.values():
        assert account.private_key not in text
        assert account.public_key not in text + path.name


def test_the_example_can_be_parsed(small: Inventory) -> None:
    config = yaml.safe_load(ssl_certificates.EXAMPLES)
    bound = [relation(("alb-1", "shop"), ("lsn-1", "https"))]
    rows = [
        row("ssl-1", "one", Domains="a.example.com", Relations=bound),
        row("ssl-2", "one of the test", Relations=bound),
    ]
    small.sim.fleet.replace(rows)
    config |= {"regions": ["cn-bj2"], "cache_plugin": "jsonfile", "cache_connection": str(small.folder / "cache")}
    parsed = small.parse(**config)
    assert parsed.hosts == ["one"]
    assert {"region_cn_bj2", "state_valid", "expiry_90d"} <= parsed.groups.keys()


UNREAD = "-----BEGIN CERTIFICATE-----\nMAUwAwIBAQ==\n-----END CERTIFICATE-----\n"


def test_domains_of_unreadable_certificates(small: Inventory) -> None:
    unread = row("ssl-2", "two", Domains="two.example.com", SSLContent=UNREAD)
    small.sim.fleet.replace([row("ssl-1", "one", Domains="one.example.com"), unread])
    parsed = small.parse(hosts_are="domain")
    assert parsed.hosts == ["one.example.com", "two.example.com"]
    (warning,) = parsed.warnings
    assert warning.startswith(
        "1 certificate(s) could not be read, and hosts are only created for the platform's domain"
    )
    assert "ssl-2 in cn-bj2" in warning
    with pytest.raises(AnsibleParserError, match="ssl-2 in cn-bj2"):
        small.parse(hosts_are="domain", on_unreadable="fail")
    assert small.parse().warnings == []


def test_unreadable_certificates_are_hosts(small: Inventory) -> None:
    unread = row("ssl-2", "two", SSLContent=UNREAD)
    small.sim.fleet.replace([row("ssl-1", "one", Domains="one.example.com"), unread])
    parsed = small.parse(domains=["mail.example.com"])
    assert parsed.hosts == ["ssl-2"]
    (warning,) = parsed.warnings
    assert warning.startswith("1 certificate(s) could not be read, and may or may not match the selection: ssl-2")
    with pytest.raises(AnsibleParserError, match="may or may not match"):
        small.parse(domains=["mail.example.com"], on_unreadable="fail")
