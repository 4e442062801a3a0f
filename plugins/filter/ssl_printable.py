# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_printable
short_description: Make a name safe for a terminal
version_added: 1.0.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Names of certificates, load balancers, regions and projects come from users of the platform. Invisible characters in
    them can clear a terminal, add lines, or change the direction of text, so that one text looks like another one.
  - This filter replaces each invisible character with U+FFFD. These are control characters (including tabs and line
    ends), format characters (which change the direction or joining of text), line and paragraph separators, and
    surrogates, that is, the Unicode categories Cc, Cf, Zl, Zp and Cs.
  - Use it in C(msg), C(fail_msg) and C(label), where such a name is shown to a person. Do not use it to compare names.
positional: _input
options:
  _input:
    description:
      - Text, or a value that is shown as text. Null becomes empty text.
    type: raw
    required: true
seealso:
  - plugin: ucloud.ulb.ssl_report
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Gather certificates
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
  register: ssl

- name: Show when each of them expires
  ansible.builtin.debug:
    msg: "{{ item.ssl_name | ucloud.ulb.ssl_printable }} expires at {{ item.not_after }}"
  loop: "{{ ssl.certificates }}"
  loop_control:
    label: "{{ item.ssl_name | ucloud.ulb.ssl_printable }}"
"""

RETURN = r"""
_value:
  description: The text, with the same number of characters.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ..module_utils._api.values import without_invisible
from ..plugin_utils._report.sanitize import as_text
from ..plugin_utils._unsafe import untrusted


def ssl_printable(value: Any) -> str:
    """Replace invisible characters; see DOCUMENTATION."""
    text: str = untrusted(without_invisible(as_text(value)))
    return text


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"ssl_printable": ssl_printable}
