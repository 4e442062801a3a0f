# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names of hosts."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import OptionError
from ansible_collections.ucloud.ulb.plugins.plugin_utils._inventory.hosts import Host, create_hosts
from ansible_collections.ucloud.ulb.plugins.plugin_utils._inventory.naming import _is_local, name_hosts, safe_name
from ansible_collections.ucloud.ulb.tests.unit.factories import listed

from ... import steps
from .fleet import FLEET


def nothing(_expression: str, _variables: listed.Facts) -> Any:
    return None


def named(
    hosts: list[Host], *hostnames: str, evaluate: Callable[[str, listed.Facts], Any] = nothing
) -> list[tuple[str, str]]:
    """Return the key and the resulting name of each host, sorted."""
    name_hosts(hosts, hostnames, evaluate)
    return sorted((host.key, host.name) for host in hosts)


def test_the_first_non_empty_value_is_the_name() -> None:
    hosts = create_hosts(
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


def test_the_name_of_a_wildcard() -> None:
    hosts = create_hosts(FLEET, "domain", include_wildcards=True)
    assert ("*.shop.example.com", "_wildcard.shop.example.com") in named(hosts)


def test_facts_are_not_evaluated() -> None:
    asked = []

    def evaluate(expression: str, variables: listed.Facts) -> Any:
        asked.append((expression, variables["ssl_id"]))
        return f"{variables['ssl_id']}-x"

    hosts = create_hosts(FLEET[:1], "certificate")
    assert named(hosts, "bindings.7.listener_id", "ssl_id ~ '-x'", "ssl_name", evaluate=evaluate) == [
        ("ssl-1", "ssl-1-x")
    ]
    assert asked == [("ssl_id ~ '-x'", "ssl-1")]


def test_a_name_may_be_of_any_type() -> None:
    hosts = create_hosts(FLEET[:1], "certificate")
    assert named(hosts, "'x'", evaluate=lambda *_unused: 42) == [("ssl-1", "42")]


def test_an_unknown_nested_fact() -> None:
    with pytest.raises(OptionError, match=r"hostnames: 'x509\.cn' is not a fact: x509 has no 'cn'"):
        named(create_hosts([listed.facts(x509={"subject": {}})], "certificate"), "x509.cn")


def test_hosts_with_the_same_name_all_get_their_id() -> None:
    hosts = create_hosts(
        [listed.facts("ssl-1"), listed.facts("ssl-2"), listed.facts("ssl-3", "other")],
        "certificate",
    )
    assert named(hosts, "ssl_name") == [("ssl-1", "shop_ssl-1"), ("ssl-2", "shop_ssl-2"), ("ssl-3", "other")]


def test_a_unique_name_is_kept_even_if_it_is_the_fallback_of_another_host() -> None:
    names = {"ssl-1": "shop", "ssl-2": "shop", "ssl-3": "shop_ssl-1", "ssl-4": "shop_ssl-1_2"}
    hosts = create_hosts([listed.facts(ssl_id, name) for ssl_id, name in names.items()], "certificate")
    assert named(hosts, "ssl_name") == [
        ("ssl-1", "shop_ssl-1_3"),
        ("ssl-2", "shop_ssl-2"),
        ("ssl-3", "shop_ssl-1"),
        ("ssl-4", "shop_ssl-1_2"),
    ]


def test_reserved_names_are_not_used() -> None:
    names = {"ssl-1": "all", "ssl-2": "web", "ssl-3": "web_ssl-2", "ssl-4": "shop"}
    hosts = create_hosts([listed.facts(ssl_id, name) for ssl_id, name in names.items()], "certificate")
    name_hosts(hosts, ["ssl_name"], nothing, ["all", "web", "all_ssl-1"])
    assert [host.name for host in hosts] == ["all_ssl-1_2", "web_ssl-2_2", "web_ssl-2", "shop"]


def test_the_same_id_in_several_scopes() -> None:
    places = [("org-2", "a"), ("org-1", "b"), ("org-1", "a"), (None, "c")]
    fleet = [listed.facts("ssl-1", region=region, project_id=project) for project, region in places]
    hosts = create_hosts(fleet, "certificate")
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
    assert named(create_hosts([listed.facts(ssl_id, name, project_id=project)], "certificate")) == expected


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
def test_safe_names(text: str, safe: str) -> None:
    assert safe_name(text) == safe


@pytest.mark.parametrize("text", ["x" * 201, "x" * 1000, "商" * 67, "商" * 200, "𝒳" * 51, "x" + "é" * 100])
def test_long_names_end_in_a_digest(text: str) -> None:
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
def test_safe_names_have_no_special_characters(text: str) -> None:
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
def test_no_host_has_a_name_of_the_local_machine(name: str) -> None:
    assert named([Host(name, "ssl-1", {})]) == [("ssl-1", f"{safe_name(name)}_ssl-1")]
    (((_key, renamed),)) = named([Host(name, name, {})])
    assert not _is_local(renamed)


@pytest.mark.parametrize("name", ["1", "2026", "42", "128.1", "10.0.0.1", "localhosts", "my-localhost", "0x", "local"])
def test_names_that_resemble_local_ones(name: str) -> None:
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
def test_naming_takes_linear_time(make: Callable[[int], list[Host]]) -> None:
    few, many = (steps.count(partial(name_hosts, make(number), [], nothing)) for number in (200, 800))
    assert many < 4.5 * few


def test_a_host_always_has_a_name() -> None:
    hosts = [Host("..", "*", {}), Host("!", "\n", {}), Host("?", "ssl-1", {})]
    assert named(hosts) == [("\n", "unnamed_2"), ("*", "unnamed_3"), ("ssl-1", "ssl-1")]


#: Names that are likely to conflict, and random ones.
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
def test_a_unique_name_is_kept(pairs: list[tuple[str, str]]) -> None:
    wanted = [safe_name(name) for name, _key in pairs]
    names = dict(named([Host(name, key, {}) for name, key in pairs]))
    for (_name, key), safe in zip(pairs, wanted, strict=True):
        # A host without a valid name is named after its key, which may be the name of another host.
        if (
            safe
            and not _is_local(safe)
            and wanted.count(safe) == 1
            and safe not in {safe_name(other) or "unnamed" for _unused, other in pairs}
        ):
            assert names[key] == safe
