# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates -> hosts and groups."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._inventory.hosts import (
    ExpiryGroups,
    Host,
    _is_local,
    check_filters,
    check_prefixes,
    groups_of,
    hosts_of,
    name_hosts,
    safe_name,
    variable_names,
    without_prefix,
)
from ansible_collections.ucloud.ulb.tests.unit.factories import listed

from ... import steps

SHOP, SHOP_SNI = listed.binding("alb-1", "lsn-1"), listed.binding("alb-1", "lsn-1", is_default=False)
FLEET = [
    listed.facts("ssl-1", "api", domains=("api.example.com", "shop.example.com"), bindings=[SHOP_SNI]),
    listed.facts(
        "ssl-2",
        "shop",
        domains=("shop.example.com", "*.shop.example.com"),
        bindings=[SHOP, listed.binding("ulb-2", "vserver-2", listener_name="legacy", is_default=None)],
    ),
    listed.facts("ssl-3", "unused", domains=("shop.example.com",)),
]


def nothing(_expression: str, _variables: listed.Facts) -> Any:
    return None


def named(
    hosts: list[Host], *hostnames: str, evaluate: Callable[[str, listed.Facts], Any] = nothing
) -> list[tuple[str, str]]:
    """The key of each host with the name that it gets, sorted."""
    name_hosts(hosts, hostnames, evaluate)
    return sorted((host.key, host.name) for host in hosts)


# The four forms of hosts


def test_a_host_is_a_certificate() -> None:
    hosts = hosts_of(FLEET, "certificate")
    assert [host.name for host in hosts] == ["ssl-1", "ssl-2", "ssl-3"]
    assert [host.variables for host in hosts] == FLEET
    assert [host.certificates for host in hosts] == [[facts] for facts in FLEET]


def test_a_host_is_a_domain() -> None:
    hosts = hosts_of(FLEET, "domain")
    assert [host.name for host in hosts] == ["api.example.com", "shop.example.com"]
    assert [host.variables["domain"] for host in hosts] == ["api.example.com", "shop.example.com"]
    assert hosts[0].variables["certificates"] == hosts[0].certificates == [FLEET[0]]


def test_of_a_domain_the_default_certificate_is_the_first() -> None:
    host = hosts_of(FLEET, "domain")[1]
    assert [facts["ssl_id"] for facts in host.variables["certificates"]] == ["ssl-2", "ssl-1", "ssl-3"]
    assert host.certificates == host.variables["certificates"]


def test_a_wildcard_is_a_host_only_if_it_is_wanted() -> None:
    hosts = hosts_of(FLEET, "domain", include_wildcards=True)
    assert [(host.name, host.variables["domain"]) for host in hosts][2] == ("*.shop.example.com", "*.shop.example.com")
    assert ("*.shop.example.com", "_wildcard.shop.example.com") in named(hosts)


def test_a_host_is_a_listener() -> None:
    hosts = hosts_of(FLEET, "listener")
    assert [host.name for host in hosts] == ["lsn-1", "vserver-2"]
    assert hosts[1].variables == {
        "load_balancer_id": "ulb-2",
        "load_balancer_name": "shop",
        "load_balancer_type": "application",
        "listener_id": "vserver-2",
        "listener_name": "legacy",
        "region": "cn-bj2",
        "project_id": "org-1",
        "certificates": [FLEET[1]],
    }
    assert [facts["ssl_id"] for facts in hosts[0].variables["certificates"]] == ["ssl-2", "ssl-1"]


def test_a_host_is_a_load_balancer() -> None:
    hosts = hosts_of([*FLEET, listed.facts("ssl-4", bindings=[listed.binding("alb-1", "lsn-9")])], "load_balancer")
    assert [host.name for host in hosts] == ["alb-1", "ulb-2"]
    assert hosts[1].variables == {
        "load_balancer_id": "ulb-2",
        "load_balancer_name": "shop",
        "load_balancer_type": "application",
        "region": "cn-bj2",
        "project_id": "org-1",
        "certificates": [FLEET[1]],
    }
    assert [facts["ssl_id"] for facts in hosts[0].certificates] == ["ssl-2", "ssl-4", "ssl-1"]


def test_a_certificate_that_a_host_serves_twice_is_in_it_once() -> None:
    facts = listed.facts(bindings=[SHOP_SNI, listed.binding("alb-1", "lsn-2")])
    assert [host.certificates for host in hosts_of([facts], "load_balancer")] == [[facts]]


@pytest.mark.parametrize(("hosts_are", "ids"), [("listener", ["lsn-1"]), ("load_balancer", ["alb-1"])])
def test_a_binding_without_an_id_makes_no_host(hosts_are: str, ids: list[str]) -> None:
    bindings = [listed.binding(None, "lsn-1"), listed.binding("alb-1", None)]
    hosts = hosts_of([listed.facts(bindings=bindings)], hosts_are)
    assert [host.name for host in hosts] == ids


@pytest.mark.parametrize("hosts_are", ["certificate", "domain", "listener", "load_balancer"])
def test_no_certificates_make_no_hosts(hosts_are: str) -> None:
    assert hosts_of([], hosts_are) == []


# Names


def test_the_first_expression_that_yields_something_is_the_name() -> None:
    hosts = hosts_of(
        [
            listed.facts("ssl-1", None),
            listed.facts("ssl-2", "two"),
            listed.facts("ssl-3", ""),
        ],
        "certificate",
    )
    assert named(hosts, "x509.subject.common_name", "ssl_name", "nothing") == [
        ("ssl-1", "ssl-1"),
        ("ssl-2", "two"),
        ("ssl-3", "ssl-3"),
    ]


def test_only_what_is_no_fact_is_evaluated() -> None:
    asked = []

    def evaluate(expression: str, variables: listed.Facts) -> Any:
        asked.append((expression, variables["ssl_id"]))
        return f"{variables['ssl_id']}-x"

    hosts = hosts_of(FLEET[:1], "certificate")
    assert named(hosts, "bindings.7.listener_id", "ssl_id ~ '-x'", "ssl_name", evaluate=evaluate) == [
        ("ssl-1", "ssl-1-x")
    ]
    assert asked == [("ssl_id ~ '-x'", "ssl-1")]


def test_a_name_may_be_of_any_type() -> None:
    hosts = hosts_of(FLEET[:1], "certificate")
    assert named(hosts, "'x'", evaluate=lambda *_unused: 42) == [("ssl-1", "42")]


def test_a_fact_that_does_not_exist_inside_of_one_that_does() -> None:
    with pytest.raises(OptionError, match=r"hostnames: 'x509\.cn' is not a fact: x509 has no 'cn'"):
        named(hosts_of([listed.facts(x509={"subject": {}})], "certificate"), "x509.cn")


def test_hosts_with_the_same_name_all_get_their_id() -> None:
    hosts = hosts_of(
        [listed.facts("ssl-1"), listed.facts("ssl-2"), listed.facts("ssl-3", "other")],
        "certificate",
    )
    assert named(hosts, "ssl_name") == [("ssl-1", "shop_ssl-1"), ("ssl-2", "shop_ssl-2"), ("ssl-3", "other")]


def test_who_alone_wants_a_name_keeps_it_even_if_it_is_another_ones_last_resort() -> None:
    names = {"ssl-1": "shop", "ssl-2": "shop", "ssl-3": "shop_ssl-1", "ssl-4": "shop_ssl-1_2"}
    hosts = hosts_of([listed.facts(ssl_id, name) for ssl_id, name in names.items()], "certificate")
    assert named(hosts, "ssl_name") == [
        ("ssl-1", "shop_ssl-1_3"),
        ("ssl-2", "shop_ssl-2"),
        ("ssl-3", "shop_ssl-1"),
        ("ssl-4", "shop_ssl-1_2"),
    ]


def test_a_name_that_means_something_else_is_no_name() -> None:
    names = {"ssl-1": "all", "ssl-2": "web", "ssl-3": "web_ssl-2", "ssl-4": "shop"}
    hosts = hosts_of([listed.facts(ssl_id, name) for ssl_id, name in names.items()], "certificate")
    name_hosts(hosts, ["ssl_name"], nothing, ["all", "web", "all_ssl-1"])
    assert [host.name for host in hosts] == ["all_ssl-1_2", "web_ssl-2_2", "web_ssl-2", "shop"]


def test_the_same_id_in_two_places() -> None:
    places = [("org-2", "a"), ("org-1", "b"), ("org-1", "a"), (None, "c")]
    fleet = [listed.facts("ssl-1", region=region, project_id=project) for project, region in places]
    hosts = hosts_of(fleet, "certificate")
    name_hosts(hosts, ["ssl_name"], nothing)
    assert {(host.variables["project_id"], host.variables["region"]): host.name for host in hosts} == {
        (None, "c"): "shop_ssl-1",
        ("org-1", "a"): "shop_ssl-1_2",
        ("org-1", "b"): "shop_ssl-1_3",
        ("org-2", "a"): "shop_ssl-1_4",
    }


@pytest.mark.parametrize(
    ("ssl_id", "name", "project", "expected"),
    [
        (None, "shop", "org-1", [("shop_cn-bj2_org-1", "shop")]),
        (None, None, None, [("certificate_cn-bj2", "certificate")]),
    ],
)
def test_a_certificate_without_an_id(ssl_id: None, name: Any, project: Any, expected: list[tuple[str, str]]) -> None:
    assert named(hosts_of([listed.facts(ssl_id, name, project_id=project)], "certificate")) == expected


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("shop.example.com 2026", "shop.example.com_2026"),
        ("商城主站证书", "商城主站证书"),
        ("{{ lookup('pipe', 'id') }}", "_lookup_pipe_id"),
        ("{% raw %}x{% endraw %}", "_raw_x_endraw"),
        ("a{# b #}c", "a_b_c"),
        ("two\nlines\r\n", "two_lines"),
        ("tab\tand\x00nul\x1b[31m", "tab_and_nul_31m"),
        ("\u202egnp.exe\u2066\u200b", "_gnp.exe"),
        ("\ud800lone", "_lone"),
        ("'single' \"double\" `back` $HOME; | > <", "_single_double_back_HOME"),
        ("web[1:3],db:&!~staging*?", "web_1_3_db_staging"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("-oProxyCommand=id", "oProxyCommand_id"),
        ("--help", "help"),
        ("..", ""),
        (".-.", ""),
        ("#comment @file", "_comment_file"),
        ("*.example.com", "_wildcard.example.com"),
        ("*", ""),
        ("", ""),
        (" \t\n", ""),
        ("x" * 200, "x" * 200),
        ("商" * 66, "商" * 66),
        ("\n" * 1000 + "x", ""),
    ],
)
def test_a_name_becomes_safe(text: str, safe: str) -> None:
    assert safe_name(text) == safe


@pytest.mark.parametrize("text", ["x" * 201, "x" * 1000, "商" * 67, "商" * 200, "𝒳" * 51, "x" + "é" * 100])
def test_of_a_long_name_the_end_becomes_a_digest(text: str) -> None:
    name = safe_name(text)
    assert 197 <= len(name.encode()) <= 200
    stem, digest = name.rsplit("_", 1)
    assert text.startswith(stem)
    assert digest == hashlib.sha256(text.encode()).hexdigest()[:16]
    assert safe_name(f"{text}y") not in (name, safe_name(f"{text}z"))


@given(st.text())
@example("-.-.{{ x }}")
@example("商" * 200)
@example("\u2028a\u0085b\ufeffc")
def test_a_safe_name_means_nothing_but_itself(text: str) -> None:
    name = safe_name(text)
    assert len(name.encode()) <= 200
    assert not set(name) & set(" :,&!*?[]{}()<>~|;'\"`$\\/%#=@")
    assert not any(unicodedata.category(char)[0] in "CZ" for char in name)
    assert not name.startswith(("-", "."))
    assert safe_name(name) == name or name.endswith("_")


@pytest.mark.parametrize("key", ["ssl-1", "商" * 200])
def test_a_name_with_a_key_fits_into_255_bytes(key: str) -> None:
    hosts = [Host("商" * 100, key, {}) for _unused in range(3)]
    name_hosts(hosts, [], nothing, prefix="x" * 40)
    names = {host.name for host in hosts}
    assert len(names) == 3
    assert all(len(name.encode()) <= 240 and name.startswith("x" * 40) for name in names)


LOCAL = [
    "localhost", "LOCALHOST", "LocalHost.LocalDomain", "a.localhost", "localhost.", "localhost6", "ip6-loopback",
    "127.0.0.1", "127.1", "127.9.9.9", "127.1.2", "0", "0.0", "0.0.0.000", "0x0", "0x7f.1", "0177.1", "2130706433",
    "0x7f000001", "017700000001", "１２７.1",
]  # fmt: skip


@pytest.mark.parametrize("name", LOCAL)
def test_no_host_is_the_machine_that_ansible_runs_on(name: str) -> None:
    assert named([Host(name, "ssl-1", {})]) == [("ssl-1", f"{safe_name(name)}_ssl-1")]
    (((_key, renamed),)) = named([Host(name, name, {})])
    assert not _is_local(renamed)


@pytest.mark.parametrize("name", ["1", "2026", "42", "128.1", "10.0.0.1", "localhosts", "my-localhost", "0x", "local"])
def test_what_only_looks_like_it(name: str) -> None:
    assert named([Host(name, "ssl-1", {})]) == [("ssl-1", name)]


def test_a_prefix() -> None:
    hosts = [Host(name, f"ssl-{number}", {}) for number, name in enumerate(["localhost", "all", "web", "web", "shop"])]
    name_hosts(hosts, [], nothing, ["all", "web", "c-shop"], "c-")
    assert [host.name for host in hosts] == ["c-localhost", "c-all", "c-web_ssl-2", "c-web_ssl-3", "c-shop_ssl-4"]


@pytest.mark.parametrize(
    "make",
    [
        lambda number: [Host("certificate", "certificate_hk", {"region": "hk"}) for _unused in range(number)],
        lambda number: [Host("x" * 200 + str(each), "x" * 200, {}) for each in range(number)],
        lambda number: [Host("x" * 200 + f"{each}.org", "x" * 200 + f"{each}.org", {}) for each in range(number)],
        lambda number: (
            [Host("a", "k", {}) for _unused in range(number)] + [Host(f"a_k_{each}", "z", {}) for each in range(number)]
        ),
    ],
    ids=["records without id", "names that begin alike", "domains that begin alike", "numbers that are taken"],
)
def test_names_take_time_in_proportion_to_their_number(make: Callable[[int], list[Host]]) -> None:
    few, many = (steps.count(partial(name_hosts, make(number), [], nothing)) for number in (200, 800))
    assert many < 4.5 * few


def load_balancer(number: int) -> Host:
    """One that has so many listeners, each with a certificate of its own."""
    bindings = [listed.binding("alb-1", f"lsn-{each}") for each in range(number)]
    fleet = [listed.facts(f"ssl-{each.listener_id}", bindings=[each]) for each in bindings]
    (host,) = hosts_of(fleet, "load_balancer")
    return host


def test_groups_take_time_in_proportion_to_what_a_host_serves() -> None:
    expiry = ExpiryGroups([], 0)
    few, many = (steps.count(partial(groups_of, load_balancer(number), ["listener"], expiry)) for number in (200, 800))
    assert many < 4.5 * few
    assert groups_of(load_balancer(3), ["listener"], expiry) == ["listener_lsn-0", "listener_lsn-1", "listener_lsn-2"]


def test_a_host_always_has_a_name() -> None:
    hosts = [Host("..", "*", {}), Host("!", "\n", {}), Host("?", "ssl-1", {})]
    assert named(hosts) == [("\n", "unnamed_2"), ("*", "unnamed_3"), ("ssl-1", "ssl-1")]


#: Names that are likely to be in each other's way, and some that can be anything.
names_of_hosts = st.lists(
    st.tuples(st.text("ab_12 {*.", max_size=5) | st.text(max_size=3), st.text("ab_12 *", max_size=3)),
    max_size=8,
    unique_by=lambda pair: pair[1],
)


@given(names_of_hosts, st.randoms())
@example([("a", "k1"), ("a", "k2"), ("a_k1", "k3"), ("a_k1_k1_1", "k4"), ("a_k1_2", "k5")], None)
def test_names_are_unique_and_do_not_depend_on_the_order(pairs: list[tuple[str, str]], random: Any) -> None:
    first = named([Host(name, key, {}) for name, key in pairs])
    assert len({name for _key, name in first}) == len(pairs)
    assert all(name for _key, name in first)
    shuffled = list(pairs)
    if random is None:
        shuffled.reverse()
    else:
        random.shuffle(shuffled)
    assert named([Host(name, key, {}) for name, key in shuffled]) == first


@given(names_of_hosts)
def test_a_name_that_nobody_else_wants_is_kept(pairs: list[tuple[str, str]]) -> None:
    wanted = [safe_name(name) for name, _key in pairs]
    names = dict(named([Host(name, key, {}) for name, key in pairs]))
    for (_name, key), safe in zip(pairs, wanted, strict=True):
        # Who wants nothing that can be a name is called by its key, which may be what another one wants.
        if (
            safe
            and not _is_local(safe)
            and wanted.count(safe) == 1
            and safe not in {safe_name(other) or "unnamed" for _unused, other in pairs}
        ):
            assert names[key] == safe


# Groups

WEEK = 7 * listed.DAY


def expiry(seconds: float | None, edges: Sequence[str] = ("7d", "30d", "90d")) -> str:
    """The group of a certificate that has so many seconds left."""
    return ExpiryGroups(edges, listed.NOW)(listed.facts(ends=seconds / listed.DAY if seconds is not None else None))


@pytest.mark.parametrize(
    ("seconds", "group"),
    [
        (None, "unknown"),
        (-1, "expired"),
        (0, "7d"),
        (WEEK - 1, "7d"),
        (WEEK, "30d"),
        (30 * listed.DAY - 1, "30d"),
        (30 * listed.DAY, "90d"),
        (90 * listed.DAY - 1, "90d"),
        (90 * listed.DAY, "later"),
        (5000 * listed.DAY, "later"),
        (-5000 * listed.DAY, "expired"),
    ],
)
def test_expiry_groups(seconds: float | None, group: str) -> None:
    assert expiry(seconds) == group


def test_a_certificate_is_in_the_group_of_the_expired_if_that_is_its_state() -> None:
    for seconds in (-1, 0, 1):
        facts = listed.facts(ends=seconds / listed.DAY)
        assert (ExpiryGroups([], listed.NOW)(facts) == "expired") is (facts["state"] == "expired")


@pytest.mark.parametrize(
    ("edges", "groups"),
    [
        ([], ["later", "later"]),
        (["1w2d", "12h"], ["12h", "1w2d"]),
        (["12h", "1w2d"], ["12h", "1w2d"]),
        (["1w", "7d", "168h"], ["168h", "168h"]),
    ],
)
def test_edges_may_be_in_any_order(edges: list[str], groups: list[str]) -> None:
    assert [expiry(3600, edges), expiry(WEEK - 1, edges)] == groups


@pytest.mark.parametrize("edge", ["", "7", "soon", "-7d", "7 d"])
def test_an_edge_that_is_no_duration(edge: str) -> None:
    with pytest.raises(OptionError, match=r"expiry_edges: .* is not a duration. Give such as 12h, 7d or 1w2d."):
        ExpiryGroups(["7d", edge], listed.NOW)


def groups(certificates: list[listed.Facts], *group_by: str) -> list[str]:
    return groups_of(Host("h", "k", {}, certificates), group_by, ExpiryGroups(["30d"], listed.NOW))


def test_groups_are_named_after_what_they_are_by() -> None:
    x509 = {"issuer": {"common_name": "Example CA"}, "public_key": {"type": "RSA"}}
    facts = listed.facts(domains=("a.example.com", "*.a.example.com"), bindings=[SHOP], x509=x509)
    criteria = [
        "region", "project", "state", "source", "issuer", "load_balancer", "listener", "domain", "key_type", "expiry",
    ]  # fmt: skip
    assert groups([facts], *criteria) == [
        "region_cn-bj2",
        "project_org-1",
        "state_valid",
        "source_ulb",
        "issuer_Example CA",
        "load_balancer_alb-1",
        "listener_lsn-1",
        "domain_a.example.com",
        "domain_*.a.example.com",
        "key_type_RSA",
        "expiry_later",
    ]


def test_a_host_is_in_the_groups_of_all_of_its_certificates_once() -> None:
    fleet = [listed.facts(ends=-1), listed.facts(ends=5), listed.facts(ends=-2)]
    assert groups(fleet, "state", "region", "expiry") == [
        "state_expired",
        "region_cn-bj2",
        "expiry_expired",
        "state_valid",
        "expiry_30d",
    ]


@pytest.mark.parametrize(
    ("hosts_are", "groups"),
    [
        ("domain", {"shop.example.com": ["domain_shop.example.com", "load_balancer_alb-1", "load_balancer_ulb-2"]}),
        ("load_balancer", {"ulb-2": ["load_balancer_ulb-2", "listener_vserver-2"]}),
        ("listener", {"lsn-1": ["load_balancer_alb-1", "listener_lsn-1"]}),
    ],
)
def test_a_host_is_in_no_group_of_another_host(hosts_are: str, groups: dict[str, list[str]]) -> None:
    criteria = {"domain": ["domain", "load_balancer"]}.get(hosts_are, ["load_balancer", "listener"])
    found = {host.name: groups_of(host, criteria, ExpiryGroups([], listed.NOW)) for host in hosts_of(FLEET, hosts_are)}
    assert {name: sorted(found[name]) for name in groups} == {name: sorted(groups[name]) for name in groups}


def test_what_is_not_known_makes_no_group() -> None:
    facts = listed.facts(project_id=None, bindings=[listed.binding(None, None)])
    assert groups([facts], "project", "load_balancer", "listener", "issuer", "key_type", "domain") == []


def test_no_groups_are_wanted() -> None:
    assert groups(FLEET) == []


# Filters


def test_filters_that_are_rules() -> None:
    check_filters([])
    check_filters([{"include": "a"}, {"exclude": "b"}, {"exclude": True}, {"include": False}])


@pytest.mark.parametrize(
    "rule",
    [
        "include",
        {},
        {"includes": "a"},
        {"include": "a", "exclude": "b"},
        {"include": "a", "x": "b"},
        None,
        ["include"],
        {"exclude": 1},
    ],
)
def test_filters_that_are_none(rule: Any) -> None:
    with pytest.raises(OptionError) as caught:
        check_filters([{"include": "a"}, rule])
    assert caught.value.describe() == (
        f"filters: {rule!r} is no rule. Give each a single 'include' or 'exclude' with an expression."
    )


# Names of variables


@pytest.mark.parametrize(
    ("hosts_are", "some"),
    [
        ("certificate", {"ssl_id", "x509", "days_remaining", "api"}),
        ("domain", {"domain", "certificates"}),
        ("listener", {"listener_id", "load_balancer_type", "region", "certificates"}),
        ("load_balancer", {"load_balancer_name", "project_id", "certificates"}),
    ],
)
def test_names_of_variables_are_those_that_hosts_have(hosts_are: str, some: set[str]) -> None:
    names = variable_names(hosts_are)
    assert some <= {*names}
    assert all(list(host.variables) == names for host in hosts_of(FLEET, hosts_are))


@pytest.mark.parametrize(
    ("hostname", "plain"),
    [
        ("ssl_id", "ssl_id"),
        ("ucloud_ssl_id", "ssl_id"),
        ("ucloud_x509.subject.common_name", "x509.subject.common_name"),
        ("x509.subject.common_name", "x509.subject.common_name"),
        ("ucloud_certificates.0.ssl_id", "certificates.0.ssl_id"),
        ("listener_id", "listener_id"),
        ("ucloud_nothing ~ ssl_id", "ucloud_nothing ~ ssl_id"),
        ("'text'", "'text'"),
        ("extra.name", "extra.name"),
    ],
)
def test_hostnames_with_and_without_the_prefix(hostname: str, plain: str) -> None:
    assert without_prefix([hostname], "certificate", "ucloud_", ["extra"]) == [plain]


@pytest.mark.parametrize("hostname", ["ssl_idd", "ucloud_ssl_idd", "ucloud_", "x5o9.subject", "nothing"])
def test_a_hostname_that_is_no_fact(hostname: str) -> None:
    with pytest.raises(
        OptionError, match=r"^hostnames: unknown '[a-z0-9_]+'\. .*Valid values: domain, certificates\.$"
    ):
        without_prefix(["domain", hostname], "domain", "ucloud_")


@pytest.mark.parametrize("prefix", ["", "u", "ucloud_", "_", "U1_"])
def test_prefixes_of_variables(prefix: str) -> None:
    check_prefixes(prefix, "")


@pytest.mark.parametrize("prefix", ["1", "u-", "u.", " ", "ü", "u x", "{{ x }}"])
def test_what_no_variable_begins_with(prefix: str) -> None:
    with pytest.raises(OptionError, match=r"^hostvars_prefix: .* is no beginning of the name of a variable\. Give "):
        check_prefixes(prefix, "")


@pytest.mark.parametrize("prefix", ["", "ucloud-", "c_", "c.", "证书-"])
def test_prefixes_of_hosts(prefix: str) -> None:
    check_prefixes("", prefix)


@pytest.mark.parametrize("prefix", ["-", ".", "a b", "a:", "*", "x" * 41, "\u202e"])
def test_what_no_host_begins_with(prefix: str) -> None:
    with pytest.raises(OptionError, match=r"^host_prefix: .* is no beginning of the name of a host\. Give at most 40 "):
        check_prefixes("", prefix)
