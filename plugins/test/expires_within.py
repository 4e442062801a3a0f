# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: expires_within
short_description: Whether a certificate expires within a period
version_added: 1.0.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Whether the certificate has expired, or will expire within the period. It is false if the expiry is not known.
positional: _input, duration
options:
  _input:
    description: The facts of a certificate.
    type: dict
    required: true
  duration:
    description: The period, such as V(30d), V(12h) or V(1w2d).
    type: str
    required: true
  now:
    description: The start of the period, in ISO 8601 or seconds since 1970. The default is the current time.
    type: raw
"""

EXAMPLES = r"""
- name: Gather certificates
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
  register: ssl

- name: Show the certificates to renew this week
  ansible.builtin.debug:
    msg: "{{ item.ssl_name }}"
  loop: "{{ ssl.certificates }}"
  loop_control:
    label: "{{ item.ssl_id }}"
  when: item is ucloud.ulb.expires_within('7d')
"""

RETURN = r"""
_value:
  description: Whether the certificate expires within the period.
  type: bool
"""

import time
from collections.abc import Callable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ..module_utils._certificates.times import parse_duration
from ..plugin_utils._plugin import ansible_errors
from ..plugin_utils._timestamps import read_timestamp


def expires_within(certificate: Any, duration: Any, now: Any = None) -> bool:
    """Whether a certificate expires within a period; see DOCUMENTATION."""
    if not isinstance(certificate, Mapping) or "not_after_epoch" not in certificate:
        raise AnsibleFilterError("expires_within: not the facts of a certificate: not_after_epoch is missing")
    seconds = parse_duration(duration) if isinstance(duration, str) else None
    if seconds is None:
        raise AnsibleFilterError(f"expires_within: {duration!r} is not a duration. Give one such as 30d, 12h or 1w2d.")
    with ansible_errors(AnsibleFilterError):
        timestamp = int(time.time()) if now is None else read_timestamp(now, "now")
    not_after = certificate["not_after_epoch"]
    if not_after is None:
        return False
    if isinstance(not_after, bool) or not isinstance(not_after, (int, float)):
        raise AnsibleFilterError(f"expires_within: not_after_epoch is {not_after!r}, which is not a number of seconds")
    return not_after <= timestamp + seconds


class TestModule:
    def tests(self) -> dict[str, Callable[..., bool]]:
        return {"expires_within": expires_within}
