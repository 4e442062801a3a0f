# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Which certificates: the same words in module, lookup and inventory."""

    DOCUMENTATION = r"""
notes:
  - An empty list for O(ssl_ids), O(names), O(domains), O(sources), O(load_balancer_ids), O(listener_ids) or
    O(fingerprints) selects nothing, which is warned of. To select all, leave the option out or set it to V(null).
options:
  regions:
    description:
      - Regions to look in, for example V([cn-bj2, hk]), or V([all]) for all that the account has.
      - If not set, the value of the environment variable E(UCLOUD_REGION) is used, or else the region of the profile.
    type: list
    elements: str
  project_ids:
    description:
      - Projects to look in, or V([all]) for all that the account has.
      - If not set, the value of the environment variable E(UCLOUD_PROJECT_ID) is used, or else the project of the
        profile. Without any, the API uses the default project of the account; a sub-account has none and must name one.
    type: list
    elements: str
  ssl_ids:
    description:
      - Ids of certificates. One that does not exist is no error.
    type: list
    elements: str
    aliases:
      - ssl_id
  names:
    description:
      - Names of certificates as the platform has them, exact or as shell patterns with C(*), C(?) or C([...]).
    type: list
    elements: str
  domains:
    description:
      - Domain names or IP addresses. A certificate is kept if it covers one of them, itself or with a wildcard, which
        stands for one label and has two or more behind it. An address has to be in the certificate as one.
      - The names in the certificate count, and not its common name. If they could not be read, the names that the
        platform has decide what is kept, see O(on_unreadable).
      - Names may be in any letter case, and international names in Unicode or in their ASCII form.
    type: list
    elements: str
  sources:
    description:
      - Where certificates came from. V(ulb) were uploaded to the load balancer service, V(ussl) come from the
        certificate platform.
    type: list
    elements: str
    choices:
      - ulb
      - ussl
  bound:
    description:
      - Whether any listener serves the certificate.
    type: bool
  load_balancer_ids:
    description:
      - Ids of load balancers. A certificate is kept if a listener of one of them serves it.
      - Together with O(listener_ids), one and the same listener has to meet both.
    type: list
    elements: str
  listener_ids:
    description:
      - Ids of listeners that serve the certificate.
    type: list
    elements: str
  expires_within:
    description:
      - Duration such as V(30d), V(12h) or V(1w2d). A certificate is kept if it has expired or will within that time.
      - One whose expiry is unknown is kept, see O(on_unreadable).
    type: str
  expired:
    description:
      - With V(true), only certificates that have expired. With V(false), only those that have not.
      - One whose expiry is unknown is kept, see O(on_unreadable).
    type: bool
  fingerprints:
    description:
      - SHA-256 fingerprints of certificates, in hexadecimal, with or without colons.
    type: list
    elements: str
  content:
    description:
      - What the C(content) of each certificate shows.
      - With V(none), nothing.
      - With V(certificates), the PEM of the certificate and its chain, without any private key.
      - With V(all), exactly what the API holds, B(including the private key). Use C(no_log=true) on such a task, and
        keep its result out of logs, caches and files.
    type: str
    choices:
      - none
      - certificates
      - all
    default: none
  on_error:
    description:
      - What to do if the certificates of a region or project cannot be listed as a whole.
      - With V(fail), fail.
      - With V(warn), warn, once for each reason, return what the other regions and projects have, and say so in the
        result.
      - Credentials that are not accepted, and a list of regions or projects that cannot be had, always fail.
    type: str
    choices:
      - fail
      - warn
    default: fail
  on_unreadable:
    description:
      - What to do about a certificate that could not be read, and may be what O(domains), O(expires_within),
        O(expired) or O(fingerprints) ask for. It is never left out silently.
      - With V(warn), keep it, and warn.
      - With V(fail), fail.
    type: str
    choices:
      - warn
      - fail
    default: warn
"""

    PLUGINS = r"""
options:
  regions:
    env:
      - name: UCLOUD_REGION
    ini:
      - section: ucloud
        key: regions
    vars:
      - name: ucloud_regions
  project_ids:
    env:
      - name: UCLOUD_PROJECT_ID
    ini:
      - section: ucloud
        key: project_ids
    vars:
      - name: ucloud_project_ids
"""
