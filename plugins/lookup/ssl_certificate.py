# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_certificate
short_description: Look up SSL certificates of UCloud load balancers
version_added: 1.0.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Returns facts about certificates, found by id, name or domain. The facts are those of
    P(ucloud.ulb.ssl_info#module).
  - Certificates are listed once per run of Ansible, regardless of the number of hosts, tasks, terms and forks. The
    listing is cached without private keys in the temporary folder of the run.
  - Lookups with O(content=certificates) share a separate cached listing that includes certificate chains.
  - With O(listeners=true), listeners are listed once per run, too, but only in the regions and projects of certificates
    that are returned and that a listener uses.
extends_documentation_fragment:
  - ucloud.ulb.api
  - ucloud.ulb.api.plugins
  - ucloud.ulb.scope
  - ucloud.ulb.scope.plugins
  - ucloud.ulb.selection
options:
  _terms:
    description:
      - Ids, names or domains of certificates, see O(by). The result has one certificate per term, in the same order.
      - Without terms, all certificates that match the other options are returned, provided the call sets at least one
        option, such as O(all=true) or a condition. Without terms and options the result is empty, so that a loop over
        an empty list does nothing.
      - An empty list as a term selects nothing.
    type: list
    elements: str
  all:
    description:
      - Set it to V(true) to return all certificates that match the other options. It cannot be combined with terms.
      - If not set, calls without terms but with any other option behave the same. Set it to V(false) to return nothing
        in that case.
    type: bool
  by:
    description:
      - How to interpret terms.
      - V(auto) treats a term that begins with C(ssl-) as an id. It looks up any other term, and ids that do not exist,
        as an exact name first and then as a domain.
      - V(id) and V(name) match exactly.
      - V(domain) returns the best match. Valid certificates come before those that are not yet valid, of unknown state,
        or expired; then bound certificates before unbound ones; then those that contain the domain itself before
        wildcards; then those that expire last.
      - For a certificate that could not be read, the platform's domain names are used, with a warning. If a term
        matches no certificate, unreadable certificates that might match are reported, see O(on_unreadable).
      - A URL, or a domain with a port, is an error unless it is the name of a certificate.
    type: str
    choices:
      - auto
      - id
      - name
      - domain
    default: auto
  on_missing:
    description:
      - What to do if no certificate matches a term.
      - V(error) fails.
      - V(warn) warns and omits the term from the result.
      - V(skip) omits the term without a warning.
      - V('null') returns V(null) for the term, so that the result has one item per term.
    type: str
    choices:
      - error
      - warn
      - skip
      - 'null'
    default: error
  on_denied:
    description:
      - What to do if the account lacks permission to list the certificates, or with O(listeners=true) the listeners, of
        a region or project.
      - V(error) fails.
      - V(warn) warns and continues without them.
      - V(skip) continues without them and without a warning.
      - If it is about the listeners of one type of load balancer, no certificate is left out. The facts of these
        listeners are V(null).
      - Invalid credentials always fail.
    type: str
    choices:
      - error
      - warn
      - skip
    default: error
  on_ambiguous:
    description:
      - What to do if a term is the name of several certificates.
      - V(error) fails.
      - V(warn) warns and returns the best match.
      - V(first) returns the best match without a warning.
    type: str
    choices:
      - error
      - warn
      - first
    default: error
  attribute:
    description:
      - Return only this fact, such as V(not_after), instead of all facts.
      - Use dots for nested facts, as in V(x509.issuer.common_name) or V(bindings.0.listener_id).
    type: str
  cache:
    description:
      - V(run) reuses a listing for the rest of the run. V(none) queries the API for each lookup.
      - With O(content=all), each lookup queries the API, because private keys are never written to files.
    type: str
    choices:
      - run
      - none
    default: run
notes:
  - Prefer C(query), which always returns a list. C(lookup) returns a single result as such, and joins several strings,
    such as those of an O(attribute), with commas.
  - C(with_ucloud.ulb.ssl_certificate) loops over the certificates for a list of terms. Set its options as variables.
  - Conditions on the result have to be booleans, for example C(query(...) | length > 0).
  - If a region or project was left out because of O(on_error=warn) or O(on_denied), the next lookup queries it again.
    Lookups that were already waiting for the failed request do not repeat it.
seealso:
  - plugin: ucloud.ulb.ssl_certificates
    plugin_type: inventory
  - module: ucloud.ulb.ssl_info
"""

EXAMPLES = r"""
- name: Fail if a domain's certificate expires within 14 days
  ansible.builtin.assert:
    that: days | int >= 14
    quiet: true
  vars:
    days: "{{ query('ucloud.ulb.ssl_certificate', 'shop.example.com', attribute='days_remaining') | first }}"

- name: Show the listeners that serve a domain
  ansible.builtin.debug:
    msg: "{{ certificate.bindings | map(attribute='listener_name') | join(', ') }}"
  vars:
    certificate: "{{ query('ucloud.ulb.ssl_certificate', 'shop.example.com', regions=['all']) | first }}"

- name: Show the lowest TLS version that clients of a domain may use
  ansible.builtin.debug:
    msg: "{{ certificate.bindings | selectattr('tls') | map(attribute='tls.minimum_version') | unique }}"
  vars:
    certificate: "{{ query('ucloud.ulb.ssl_certificate', 'shop.example.com', listeners=true) | first }}"

- name: Write the certificate chain for a web server
  ansible.builtin.copy:
    content: >-
      {{ query('ucloud.ulb.ssl_certificate', 'shop.example.com', regions=['cn-bj2'], content='certificates',
               attribute='content') | first }}
    dest: /etc/ssl/shop.pem
    mode: '0644'

- name: Run a task only if a certificate exists, with credentials from variables
  ansible.builtin.debug:
    msg: The certificate exists.
  when: query('ucloud.ulb.ssl_certificate', 'shop.example.com', on_missing='skip') | length > 0
  vars:
    ucloud_profile: production
    ucloud_regions: [cn-bj2, hk]

- name: Count all certificates of a region
  ansible.builtin.debug:
    msg: "{{ query('ucloud.ulb.ssl_certificate', all=true, regions=['cn-bj2']) | length }}"

- name: Show bound certificates that expire within 30 days
  ansible.builtin.debug:
    msg: "{{ query('ucloud.ulb.ssl_certificate', bound=true, expires_within='30d', attribute='ssl_name') }}"
"""

RETURN = r"""
_raw:
  description:
    - One dictionary per term, with the facts described in RV(ucloud.ulb.ssl_info#module:certificates). If O(attribute)
      is set, one fact per term instead.
  type: list
  elements: raw
"""

import time
from pathlib import Path
from typing import Any

from ansible.constants import DEFAULT_LOCAL_TMP  # type: ignore[attr-defined]  # defined at import
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ..plugin_utils._cache.run_cache import RunCache
from ..plugin_utils._lookup.resolver import LookupOptions, Resolver
from ..plugin_utils._lookup.source import CertificateSource
from ..plugin_utils._plugin import ansible_errors, check_option_names, plugin_settings, templated_variables

display = Display()


class LookupModule(LookupBase):
    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        # Before ansible-core 2.19, loops (with_) pass wantlist, although every lookup returns a list.
        kwargs.pop("wantlist", None)
        with ansible_errors(AnsibleLookupError):
            check_option_names(self, kwargs)
        if not terms and not kwargs:
            # This may be a loop over an empty list, which must not become a loop over all certificates.
            return []
        self.set_options(var_options=templated_variables(variables or {}, self._templar), direct=kwargs)
        now = int(time.time())
        with ansible_errors(AnsibleLookupError):
            settings = plugin_settings(self)
            for warning in settings.warnings:
                display.warning(warning)
            shared = self.get_option("cache") == "run"
            cache = RunCache(Path(DEFAULT_LOCAL_TMP), settings.connection) if shared else None
            source = CertificateSource(settings.connection, settings.query, cache, now)
            names = (name for name in LookupOptions._fields if name != "warn")
            options = LookupOptions(**{name: self.get_option(name) for name in names}, warn=display.warning)
            listeners = None
            if settings.query.listeners:
                # Import here, because each task of each host would load it, and most do not need it.
                from ..plugin_utils._lookup.listeners import ListenerSource  # noqa: PLC0415

                listeners = ListenerSource(settings.connection, settings.query, cache)
            return Resolver(source, settings.query, options, now, listeners).resolve(terms, self.get_option("all"))
