# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_certificates
short_description: Inventory of the SSL certificates of UCloud load balancers
version_added: 1.0.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Creates inventory hosts and groups from the certificates of UCloud's load balancer service. Hosts are certificates,
    or the domains, load balancers or listeners that use them.
  - The inventory file is a YAML file whose name ends in C(ssl_certificates.yml) or C(ssl_certificates.yaml).
extends_documentation_fragment:
  - ucloud.ulb.api
  - ucloud.ulb.api.plugins
  - ucloud.ulb.scope
  - ucloud.ulb.scope.plugins
  - ucloud.ulb.selection
  - constructed
  - inventory_cache
options:
  plugin:
    description:
      - Name of this plugin. It has to be V(ucloud.ulb.ssl_certificates).
    type: str
    required: true
    choices:
      - ucloud.ulb.ssl_certificates
  hosts_are:
    description:
      - What becomes a host.
      - V(certificate) creates a host per certificate, with its facts as variables.
      - V(domain) creates a host per domain name. The variable C(certificates) lists the certificates that contain it.
        Wildcards have no address and are skipped unless O(include_wildcards) is set.
      - V(load_balancer) and V(listener) create a host for each load balancer or listener that uses a certificate. The
        variable C(certificates) lists its certificates, the default certificate first.
      - With O(listeners=true), listeners without a certificate, and their load balancers, are hosts as well, unless
        certificates are selected by another option than O(load_balancer_ids) and O(listener_ids).
      - With O(listeners=true), load balancers and listeners have the variable C(addresses), and listeners also have
        C(protocol), C(port) and C(tls). Otherwise these are V(null).
    type: str
    choices:
      - certificate
      - domain
      - load_balancer
      - listener
    default: certificate
  include_wildcards:
    description:
      - Whether to create hosts for wildcard domains, too, with O(hosts_are=domain). The host for C(*.example.com) is
        named C(_wildcard.example.com).
    type: bool
    default: false
  hostnames:
    description:
      - Facts, such as V(ssl_name) or V(x509.subject.common_name), or Jinja expressions over facts, in order of
        preference. The first one with a non-empty value becomes the host name. Facts may be given with or without the
        O(hostvars_prefix).
      - Unknown facts are an error. Facts that only exist with another value of O(hosts_are) are skipped.
      - By default, a host is named after its own id (certificate, load balancer or listener) or domain.
      - White space, and characters that have a meaning in host patterns, are replaced by C(_). Names of more than 200
        bytes are truncated and end with a hash.
      - If several hosts have the same name, the id of each is appended to it, as in C(shop_ssl-1a2b3c4d). The id is
        also appended if the name is that of a group or of the local machine (C(localhost), C(127.1)), or, except for
        domains, that of a host from an earlier inventory source.
    type: list
    elements: str
    default: []
  host_prefix:
    description:
      - Prefix of host names, such as V(ucloud-). Use it to keep these hosts apart from real machines.
    type: str
    default: ''
  hostvars_prefix:
    description:
      - Prefix of host variables. It may be empty.
    type: str
    default: ucloud_
  group_by:
    description:
      - Criteria to group hosts by. Groups are named after criterion and value, such as C(region_cn_bj2),
        C(state_valid) or C(expiry_30d).
      - Load balancers and listeners are identified by id, issuers by common name.
      - V(protocol) and V(tls_version) are those of listeners, such as C(protocol_HTTPS) and C(tls_version_TLSv1_2). The
        latter is the lowest version that is allowed. Without O(listeners=true) they are an error.
      - A host with several certificates is in the groups of all of them, with two exceptions. A domain is not in the
        groups of other domains. A load balancer or listener is only in the groups of its own load balancer and its own
        listeners.
      - This is much faster than O(keyed_groups), because no templates are evaluated.
    type: list
    elements: str
    choices:
      - region
      - project
      - state
      - source
      - issuer
      - load_balancer
      - listener
      - domain
      - key_type
      - protocol
      - tls_version
      - expiry
    default: []
  expiry_edges:
    description:
      - Durations that define the groups of C(expiry) in O(group_by). A certificate is in the group of the shortest
        duration that is longer than its remaining validity. All others are in C(expiry_later), C(expiry_expired) or
        C(expiry_unknown).
    type: list
    elements: str
    default:
      - 7d
      - 30d
      - 90d
  filters:
    description:
      - Rules that include or exclude hosts. Each has a single key, C(include) or C(exclude). Its value is a Jinja
        expression over the host's variables, or V(true) or V(false).
      - The first rule that is true decides. Hosts that match no rule are included.
      - Variables may be given with or without the O(hostvars_prefix).
      - Unknown facts are C(null), which is not true. An expression that fails is an error, regardless of O(strict).
    type: list
    elements: dict
    default: []
notes:
  - The cache contains the platform's records without private keys, before selection. Anything that depends on the
    current time, such as C(state), C(days_remaining) and the C(expiry) groups, is computed each time the inventory is
    loaded.
  - The values of connection and selection options may be Jinja templates, for example to use variables that are
    encrypted with Ansible Vault and passed with C(--extra-vars).
  - By default, Ansible warns about an inventory source that fails, and continues without it. Set
    C(any_unparsed_is_failed) in the C([inventory]) section of C(ansible.cfg) to make it fail.
  - Strings from the platform are never evaluated as templates.
  - The variable C(ansible_host) is not set. Use O(compose) for it, as in the examples.
  - O(content=all) is not supported, because inventories are cached, and shown by C(ansible-inventory).
seealso:
  - plugin: ucloud.ulb.ssl_certificate
    plugin_type: lookup
  - module: ucloud.ulb.ssl_info
"""

EXAMPLES = r"""
# Certificates of two regions, grouped by state and remaining validity, cached for an hour.
plugin: ucloud.ulb.ssl_certificates
regions: [cn-bj2, hk]
hostnames: [ssl_name]
group_by: [region, state, expiry]
filters:
  - exclude: ucloud_ssl_name is search('test')
keyed_groups:
  - prefix: type
    key: ucloud_ssl_type
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: ~/.cache/ansible-inventory
cache_timeout: 3600

# A host for each listener, with an address to connect to, grouped by the lowest TLS version that it accepts:
#
# plugin: ucloud.ulb.ssl_certificates
# regions: [cn-bj2]
# hosts_are: listener
# listeners: true
# group_by: [protocol, tls_version]
# compose:
#   ansible_host: ucloud_addresses[0].address

# A host for each domain of a certificate that a listener serves:
#
# plugin: ucloud.ulb.ssl_certificates
# regions: [all]
# project_ids: [all]
# bound: true
# hosts_are: domain
"""

import itertools
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.inventory.data import InventoryData
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ..module_utils._api.errors import OptionError
from ..module_utils._api.summaries import describe_all
from ..module_utils._api.values import printable
from ..module_utils._certificates.query import Query
from ..module_utils._certificates.selection import Selection
from ..module_utils._options import Settings
from ..plugin_utils._inventory import config_file
from ..plugin_utils._inventory.groups import ExpiryGroups, group_names
from ..plugin_utils._inventory.hosts import LISTENER_HOSTS, Host, create_hosts
from ..plugin_utils._inventory.listing import InventoryListing, cache_key, unreadable_warnings
from ..plugin_utils._inventory.naming import name_hosts
from ..plugin_utils._inventory.options import check_filters, check_group_by, check_prefixes, strip_prefix
from ..plugin_utils._plugin import (
    COMMON_NAMES,
    ansible_errors,
    as_strings,
    check_option_names,
    plugin_settings,
    templated_variables,
)
from ..plugin_utils._unsafe import untrusted


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):
    NAME = config_file.PLUGIN_NAME

    def verify_file(self, path: str) -> bool:
        if not super().verify_file(path):
            return False
        problem = config_file.name_problem(path)
        if problem:
            # Ansible reports at most that the file could not be verified, and drops exceptions raised here.
            self.display.warning(problem)
        return path.endswith(config_file.FILE_NAMES)

    def parse(self, inventory: InventoryData, loader: DataLoader, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        given = self._read_config_data(path)
        now = int(time.time())
        with ansible_errors(AnsibleParserError):
            check_option_names(self, given)
            settings = plugin_settings(self)
            hostnames, expiry = self._check_options(settings, now)
            self._warn(settings.warnings)
            selected, warnings = self._listing(settings, path, cache, now).select(settings.query, now)
            hosts_are = self.get_option("hosts_are")
            self._warn(unreadable_warnings(selected.certificates, settings.query, now, hosts_are))
            if hosts_are in LISTENER_HOSTS:
                self._warn(warnings)
            facts = [untrusted(certificate.to_facts(now)) for certificate in selected.certificates]
            listeners = [untrusted(listener.to_facts()) for listener in selected.listeners or ()]
            hosts = create_hosts(facts, hosts_are, listeners, include_wildcards=self.get_option("include_wildcards"))
            self._populate(inventory, hosts, hostnames, expiry)

    def set_options(
        self, task_keys: Any = None, var_options: Any = None, direct: Mapping[str, Any] | None = None
    ) -> None:
        """Evaluate templates in options from the file and from variables, but not in those from the environment."""
        if direct is not None:
            variables = self._vars or {}
            self.templar.available_variables = variables
            templated = {name: self.templar.template(direct[name]) for name in COMMON_NAMES if name in direct}
            direct = {**direct, **templated}
            var_options = templated_variables(variables, self.templar)
        super().set_options(task_keys=task_keys, var_options=var_options, direct=direct)

    def _warn(self, warnings: Iterable[str]) -> None:
        for warning in warnings:
            self.display.warning(warning)

    def _check_options(self, settings: Settings, now: int) -> tuple[list[str], ExpiryGroups]:
        """Check the plugin's own options before any request is sent. Return ``hostnames`` and ``expiry_edges``, parsed.

        Raises:
            OptionError: An option is not valid.
        """
        if settings.query.content == "all":
            raise OptionError(
                "content: 'all' is not supported here: inventories are cached and shown, and would expose private keys",
                hint="Give 'certificates', or use the module ucloud.ulb.ssl_info.",
            )
        option = self.get_option
        check_prefixes(option("hostvars_prefix"), option("host_prefix"))
        check_filters(option("filters"))
        check_group_by(option("group_by"), settings.query.listeners)
        others = (self._vars or {}) if option("use_extra_vars") else {}
        hostnames = strip_prefix(
            as_strings("hostnames", option("hostnames")), option("hosts_are"), option("hostvars_prefix"), others
        )
        return hostnames, ExpiryGroups(as_strings("expiry_edges", option("expiry_edges")), now)

    def _listing(self, settings: Settings, path: str, cache: bool, now: int) -> InventoryListing:
        """Return everything from the cache, or at least what is selected from the API."""
        if not self.get_option("cache"):
            return self._fetch(settings, settings.query, now)
        key = f"{self.get_cache_key(path)}_{cache_key(settings)}"
        if cache:
            try:
                return InventoryListing.from_cache(self._cache, key, settings.query)
            except (AttributeError, KeyError, TypeError, ValueError, AnsibleError):
                # Missing, expired or damaged. Ansible raises TypeError for cache files that it did not write.
                self.display.vvv(f"ucloud.ulb: no cached listing for {path}")
        listing = self._fetch(settings, replace(settings.query, selection=Selection()), now)
        for name, text in listing.to_cache(key).items():
            self._cache[name] = text
        return listing

    def _fetch(self, settings: Settings, query: Query, now: int) -> InventoryListing:
        listing = InventoryListing.fetch(settings.connection, query, now)
        self._warn(describe_all(listing.errors))
        return listing

    def _populate(
        self, inventory: InventoryData, hosts: list[Host], hostnames: list[str], expiry: ExpiryGroups
    ) -> None:
        option = self.get_option
        groups = [group_names(host, option("group_by"), expiry) for host in hosts]
        valid = {name: self._sanitize_group_name(name) for name in {*option("groups"), *itertools.chain(*groups)}}
        reserved = {*inventory.groups, *valid.values()}
        if option("hosts_are") != "domain":
            # A domain may also be a host of another inventory source. Names of certificates must not match such hosts.
            reserved |= set(inventory.hosts)

        def evaluate(expression: str, own: dict[str, Any]) -> Any:
            return next(self._evaluate("hostnames", expression, {**own, **self._variables(own)}), None)

        name_hosts(hosts, hostnames, evaluate, reserved, option("host_prefix"))
        variables = [self._variables(host.variables) for host in hosts]
        # Ansible keeps what was added before an error, so evaluate all filters before adding anything.
        included = [self._is_included(host, own) for host, own in zip(hosts, variables)]
        before = set(inventory.hosts)
        try:
            for host, own, names in itertools.compress(zip(hosts, variables, groups), included):
                self._add(inventory, host.name, own, [valid[name] for name in names])
        except Exception:
            for name in set(inventory.hosts) - before:
                inventory.remove_host(inventory.hosts[name])
            raise

    def _variables(self, own: dict[str, Any]) -> dict[str, Any]:
        prefix = self.get_option("hostvars_prefix")
        return {f"{prefix}{name}": value for name, value in own.items()}

    def _add(self, inventory: InventoryData, host: str, variables: dict[str, Any], groups: list[str]) -> None:
        inventory.add_host(host)
        self._set_variables(inventory, host, variables)
        for group in groups:
            inventory.add_group(group)
            inventory.add_child(group, host)
        self._construct(host, variables)

    def _set_variables(self, inventory: InventoryData, host: str, variables: dict[str, Any]) -> None:
        """Set the variables of a host, including those that ``compose`` defines.

        Ansible's own methods would set them on a group if ``keyed_groups`` created one with the name of the host.
        """
        target = inventory.hosts[host]
        for name, value in variables.items():
            target.set_variable(name, value)
        for name, expression in self.get_option("compose").items():
            for value in self._evaluate("compose", expression, variables):
                target.set_variable(name, value)

    def _construct(self, host: str, variables: dict[str, Any]) -> None:
        strict = self.get_option("strict")
        self._add_host_to_composed_groups(self.get_option("groups"), variables, host, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, host, strict=strict)

    def _is_included(self, host: Host, variables: dict[str, Any]) -> bool:
        names = {**host.variables, **variables}
        for rule in self.get_option("filters"):
            ((kind, expression),) = rule.items()
            try:
                value = expression if isinstance(expression, bool) else self._compose(expression, names)
                # Unknown facts are null. Old versions of Ansible turn null into an empty string.
                if value not in (None, "") and boolean(value):
                    return bool(kind == "include")
            except Exception as error:
                reason = printable(str(error))
                raise AnsibleParserError(f"filters: {expression!r} fails for host {host.name}: {reason}") from error
        return True

    def _evaluate(self, option: str, expression: str, variables: dict[str, Any]) -> Iterator[Any]:
        """Yield the value of an expression, or nothing if it fails and ``strict`` is not set."""
        try:
            yield self._compose(expression, variables)
        except Exception as error:
            if self.get_option("strict"):
                raise AnsibleParserError(f"{option}: {expression!r} fails: {printable(str(error))}") from error
