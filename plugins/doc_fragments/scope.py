# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Options that say where to list, for modules, the lookup and the inventory plugin."""

    DOCUMENTATION = r"""
options:
  regions:
    description:
      - Regions to list, for example V([cn-bj2, hk]), or V([all]) for all regions of the account.
      - If not set, the value of the environment variable E(UCLOUD_REGION) is used. Without it, the region of the
        profile is used.
    type: list
    elements: str
  project_ids:
    description:
      - Ids of projects to list, or V([all]) for all projects of the account.
      - If not set, the value of the environment variable E(UCLOUD_PROJECT_ID) is used. Without it, the project of the
        profile is used, or else the default project of the account. Sub-accounts have no default project and must name
        one.
    type: list
    elements: str
  on_error:
    description:
      - What to do if something in a region or project cannot be listed completely.
      - V(fail) fails.
      - V(warn) returns everything else, marks the result as incomplete, and warns once per reason.
      - Invalid credentials, and a failure to list regions or projects, always fail.
    type: str
    choices:
      - fail
      - warn
    default: fail
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
