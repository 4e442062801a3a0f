# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_report
short_description: Make a report of an audit of SSL certificates
version_added: 0.1.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Turns what P(ucloud.ulb.ssl_audit#filter) returns into a document for people, or for another program.
  - Names in certificates and in the platform come from outside. In no format are they taken for markup, links,
    formulas or templates. Characters that cannot be seen, such as control characters and those that change the
    direction of writing, are replaced; V(json) and V(sarif) have them as escapes where they are data.
positional: _input, format
options:
  _input:
    description:
      - The audit, as P(ucloud.ulb.ssl_audit#filter) returns it, or its V(json) report read with
        P(ansible.builtin.from_json#filter).
    type: dict
    required: true
  format:
    description: What to make of it.
    type: str
    required: true
    choices:
      csv: >-
        One row a finding, as RFC 4180 has it, with CR LF at the end of lines. C(') comes before whatever a spreadsheet
        could take for the beginning of a formula. That is V(=), V(+), V(-), V(@), tab and line ends at the beginning
        of a cell, and those four signs also after a semicolon, tab or line end in it, be there quotation marks or
        spaces between them or not.
      html: One page for a browser that needs nothing else. It holds the worst O(html_limit) certificates.
      json: The whole audit. It can serve as the O(ucloud.ulb.ssl_audit#filter:baseline) of a later one.
      junit: >-
        JUnit's XML. Each check that is on is a test suite, each certificate a test case in it. What cannot be decided
        is an error, since it is not passed either, and what is waived is skipped. What is gone since a baseline is left
        out.
      markdown: >-
        For chats and merge requests. Names stand in code spans wherever they could have a meaning. What is waived, or
        gone since a baseline, is counted, but not listed.
      prometheus: >-
        A file for the textfile collector of node_exporter, with the names of metrics that x509-certificate-exporter
        uses. Give each node_exporter one such file only.
      sarif: >-
        SARIF 2.1.0, for code scanning. What cannot be decided is of the kind C(open), all of it about one certificate
        in one result, whose rule is C(undecided). What is waived, or gone since a baseline, is left out, as code
        scanning would show it as open; V(json) has it. There are no files to point at, so results have an address made
        of project, region, id, and whatever else they are about. GitHub takes at most 25,000 results, and shows the
        worst 5,000.
      table: >-
        Lines of at most 120 columns for a console. What is waived, or gone since a baseline, is counted, but not
        listed.
  title:
    description:
      - Title of the report, in the formats V(html), V(junit), V(markdown) and V(table). The others have none.
      - Without it, it is C(SSL certificate compliance).
    type: str
  template:
    description:
      - Path of a template of your own, only for V(html). The template of this collection says what it is given.
    type: path
  limit:
    description:
      - How many findings to show at most, in the formats V(markdown) and V(table). The others have all of them.
      - Without it, V(markdown) has 20, and V(table) all of them.
    type: int
  html_limit:
    description:
      - How many certificates V(html) holds at most, so that a browser can show it. Without it, there are 5,000.
      - Those are the worst ones. The page says how many more there are, and its numbers are of all. V(json) has
        everything.
    type: int
notes:
  - Before ansible-core 2.19, a template whose result looks like JSON becomes data again. Append C(| string) to keep the
    text of V(json) and V(sarif) as it is.
seealso:
  - plugin: ucloud.ulb.ssl_audit
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Gather certificates
  ucloud.ulb.ssl_info:
    regions: [cn-bj2]
  register: ssl

- name: Write reports
  ansible.builtin.copy:
    content: "{{ audit | ucloud.ulb.ssl_report(item.key) | string }}"
    dest: "/tmp/certificates.{{ item.value }}"
    mode: "0644"
  loop: "{{ formats | dict2items }}"
  vars:
    audit: "{{ ssl | ucloud.ulb.ssl_audit }}"
    formats:
      html: html
      json: json
      sarif: sarif
      junit: xml
      prometheus: prom
  delegate_to: localhost

- name: Show the worst findings, a line each
  ansible.builtin.debug:
    msg: "{{ (ssl | ucloud.ulb.ssl_audit | ucloud.ulb.ssl_report('table', limit=10)).splitlines() }}"
"""

RETURN = r"""
_value:
  description: The report.
  type: str
"""

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ..plugin_utils._plugin import ansible_errors
from ..plugin_utils._report.formats import report
from ..plugin_utils._unsafe import untrusted


def ssl_report(
    audit: Any,
    format: str,  # noqa: A002 (users name it so)
    title: str | None = None,
    template: str | None = None,
    limit: int | None = None,
    html_limit: int | None = None,
) -> str:
    """Make a report of an audit; see RETURN."""
    with ansible_errors(AnsibleFilterError):
        made = report(audit, format, title=title, template=template, limit=limit, html_limit=html_limit)
        text: str = untrusted(made)
        return text


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"ssl_report": ssl_report}
