# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_certificate
short_description: Look up SSL certificates of UCloud load balancers
version_added: 0.1.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Gives the facts about certificates that P(ucloud.ulb.ssl_info#module) returns, by id, name or domain.
  - Certificates are listed once for a whole run of Ansible, however many hosts, tasks, terms and forks there are.
    The listing is kept, without private keys, in the folder for temporary files that belongs to the run.
    Lookups with O(content=certificates) share another one, which has chains in it.
extends_documentation_fragment:
  - ucloud.ulb.api
  - ucloud.ulb.api.plugins
  - ucloud.ulb.selection
  - ucloud.ulb.selection.plugins
options:
  _terms:
    description:
      - Ids, names or domains, see O(by). The result has one certificate for each, in the same order.
      - Without any, all certificates that the other options leave, if the call gives an option, such as O(all=true) or
        a condition. Without terms and options the result is empty, as a loop over an empty list has to be.
      - An empty list asks for none.
    type: list
    elements: str
  all:
    description:
      - With V(true), there are no terms, and the result has all certificates that the other options leave.
      - Any other option in the call means the same, if there are no terms and this is not V(false).
    type: bool
  by:
    description:
      - What a term is.
      - With V(auto), one that begins with C(ssl-) is an id; any other is an exact name, or else a domain.
      - By domain, the best match wins. What is valid comes before what is not valid yet, unknown or expired; what is
        bound before what is not; what names the domain itself before a wildcard; and then what expires last.
      - A certificate that could not be read is for the domains that the platform has, which is warned of. If a term
        finds nothing, those that may be for it are named, see O(on_unreadable).
      - A URL, or a domain with a port, is an error, unless it is the name of a certificate.
    type: str
    choices:
      - auto
      - id
      - name
      - domain
    default: auto
  on_missing:
    description:
      - What to do about a term that no certificate matches.
      - With V(error), fail. With V(warn), warn and leave it out. With V(skip), leave it out.
      - With V('null'), put V(null) in its place, so that terms and results stay aligned.
    type: str
    choices:
      - error
      - warn
      - skip
      - 'null'
    default: error
  on_denied:
    description:
      - What to do if the account has no right to list the certificates of a region or project.
      - With V(error), fail. With V(warn), warn and go on without them. With V(skip), go on without them.
      - Credentials that are not accepted at all always fail.
    type: str
    choices:
      - error
      - warn
      - skip
    default: error
  on_ambiguous:
    description:
      - What to do if several certificates have the name that a term is.
      - With V(error), fail. With V(warn), warn and take the best match. With V(first), take the best match.
    type: str
    choices:
      - error
      - warn
      - first
    default: error
  attribute:
    description:
      - Fact to return instead of all of them, such as V(not_after). Dots lead into it, as in
        V(x509.issuer.common_name) or V(bindings.0.listener_id).
    type: str
  cache:
    description:
      - With V(run), a listing is used for the rest of the run. With V(none), each lookup asks the API.
      - With O(content=all), each lookup asks the API, because private keys are not written to files.
    type: str
    choices:
      - run
      - none
    default: run
notes:
  - Use C(query), which always gives a list. C(lookup) gives the only result itself, and joins several texts, such as
    those of an O(attribute), with commas.
  - C(with_ucloud.ulb.ssl_certificate) loops over the certificates for a list of terms. Its options come from
    variables.
  - Conditions on the result have to be booleans, for example C(query(...) | length > 0).
  - If a region or project was left out because of O(on_error=warn) or O(on_denied), each lookup asks for it
    again, but for those that have waited for one that failed.
seealso:
  - plugin: ucloud.ulb.ssl_certificates
    plugin_type: inventory
  - module: ucloud.ulb.ssl_info
"""

EXAMPLES = r"""
- name: Fail unless there are 14 days left for a domain
  ansible.builtin.assert:
    that: days | int >= 14
    quiet: true
  vars:
    days: "{{ query('ucloud.ulb.ssl_certificate', 'shop.example.com', attribute='days_remaining') | first }}"

- name: Say which listeners serve a domain
  ansible.builtin.debug:
    msg: "{{ certificate.bindings | map(attribute='listener_name') | join(', ') }}"
  vars:
    certificate: "{{ query('ucloud.ulb.ssl_certificate', 'shop.example.com', regions=['all']) | first }}"

- name: Write the chain of a certificate for a web server
  ansible.builtin.copy:
    content: >-
      {{ query('ucloud.ulb.ssl_certificate', 'shop.example.com', regions=['cn-bj2'], content='certificates',
               attribute='content') | first }}
    dest: /etc/ssl/shop.pem
    mode: '0644'

- name: Do something only if a certificate exists, with credentials from variables
  ansible.builtin.debug:
    msg: There is one.
  when: query('ucloud.ulb.ssl_certificate', 'shop.example.com', on_missing='skip') | length > 0
  vars:
    ucloud_profile: production
    ucloud_regions: [cn-bj2, hk]

- name: Count all certificates of a region
  ansible.builtin.debug:
    msg: "{{ query('ucloud.ulb.ssl_certificate', all=true, regions=['cn-bj2']) | length }}"

- name: Find what is bound and expires within a month
  ansible.builtin.debug:
    msg: "{{ query('ucloud.ulb.ssl_certificate', bound=true, expires_within='30d', attribute='ssl_name') }}"
"""

RETURN = r"""
_raw:
  description:
    - One dictionary for each term, with the facts that RV(ucloud.ulb.ssl_info#module:certificates) describes, or one
      fact for each if O(attribute) is set.
  type: list
  elements: raw
"""

import time
from pathlib import Path
from typing import Any

from ansible.constants import DEFAULT_LOCAL_TMP  # type: ignore[attr-defined]  # made at import
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ..plugin_utils._cache.run_cache import RunCache
from ..plugin_utils._lookup.source import Fleet
from ..plugin_utils._lookup.terms import Policy, Terms
from ..plugin_utils._plugin import ansible_errors, plugin_settings, refuse_unknown, templated_variables

display = Display()


class LookupModule(LookupBase):
    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        # Before ansible-core 2.19, loops (with_) say that they want a list, which every lookup returns.
        kwargs.pop("wantlist", None)
        with ansible_errors(AnsibleLookupError):
            refuse_unknown(self, kwargs)
        if not terms and not kwargs:
            # A loop over an empty list looks like this. It must not become one over all certificates.
            return []
        self.set_options(var_options=templated_variables(variables or {}, self._templar), direct=kwargs)
        now = int(time.time())
        with ansible_errors(AnsibleLookupError):
            settings = plugin_settings(self)
            for warning in settings.warnings:
                display.warning(warning)
            shared = self.get_option("cache") == "run"
            cache = RunCache(Path(DEFAULT_LOCAL_TMP), settings.connection) if shared else None
            options = {name: self.get_option(name) for name in Policy._fields if name != "warn"}
            policy = Policy(**options, warn=display.warning)
            fleet = Fleet(settings.connection, settings.query, cache, now)
            return Terms(fleet, settings.query, policy, now).look_up(terms, self.get_option("all"))
