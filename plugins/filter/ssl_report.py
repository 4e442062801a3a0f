# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: ssl_report
short_description: Render a report of an SSL certificate audit
version_added: 1.0.0
author:
  - ucloud.ulb contributors (@ucloud-ulb)
description:
  - Renders the result of P(ucloud.ulb.ssl_audit#filter) as a document for people or for another program.
  - Names in certificates and on the platform come from outside. No format interprets them as markup, links, formulas or
    templates. Invisible characters, such as control characters and those that change the direction of text, are
    replaced; V(json) and V(sarif) have them as escapes where they are data.
positional: _input, format
options:
  _input:
    description:
      - The result of P(ucloud.ulb.ssl_audit#filter), or its V(json) report read with
        P(ansible.builtin.from_json#filter).
    type: dict
    required: true
  format:
    description: The format of the report.
    type: str
    required: true
    choices:
      csv: >-
        One row per finding (RFC 4180), with CR LF at the end of lines. C(') is put before everything that a spreadsheet
        could run as a formula. That is V(=), V(+), V(-), V(@), tab and line ends at the beginning of a cell, and those
        four signs also after a semicolon, tab or line end in it, even with quotation marks or spaces in between.
      endpoints: >-
        A table of endpoints for a console or a chat, with what each one served and whether it is what it should be, by
        the facts alone. Those that are wrong come first.
      html: A self-contained page for a browser, with up to O(html_limit) certificates.
      json: The whole audit. It can be used as the O(ucloud.ulb.ssl_audit#filter:baseline) of a later audit.
      junit: >-
        JUnit XML. Each check that is on is a test suite, and each certificate a test case in it. An undecided check is
        an error, because it is not passed. A waived finding is skipped. A finding of the baseline that is gone is left
        out.
      markdown: >-
        For chats and merge requests. Names that could be interpreted are in code spans. Findings that are waived or
        gone are counted, but not listed.
      overview: >-
        A table of certificates for a console, those that need attention first. Certificates that expire within the
        C(days) of the check C(cert_expiring_warning) need attention soon.
      prometheus: >-
        A file for the textfile collector of node_exporter, with the metric names of x509-certificate-exporter. Give
        each node_exporter only one such file.
      sarif: >-
        SARIF 2.1.0, for code scanning. All undecided checks of a certificate are one result of the kind C(open), with
        the rule C(undecided). Findings that are waived or gone are left out, because code scanning would show them as
        open; V(json) has them. The location of a result is not a file, but an address from project, region, id and
        subject. GitHub accepts at most 25,000 results, and shows the 5,000 most severe ones.
      table: >-
        Lines of at most 120 columns for a console. Findings that are waived or gone are counted, but not listed.
  title:
    description:
      - Title of the report, for the formats V(html), V(junit), V(markdown) and V(table).
      - The default is C(SSL certificate compliance).
    type: str
  template:
    description:
      - Path of your own template, for the format V(html). The comment at the top of the collection's
        template lists its variables.
    type: path
  limit:
    description:
      - Maximum number of findings to show, for the formats V(markdown) and V(table), of certificates, for
        V(overview), or of endpoints, for V(endpoints). The other formats have no such limit.
      - The default is 20 for V(markdown), and no limit for V(endpoints), V(overview) and V(table).
    type: int
  html_limit:
    description:
      - Maximum number of certificates to include, for the format V(html), so that a browser can show the page. The
        default is 5,000.
      - The page has the certificates with the most severe findings, says how many there are in all, and counts all of
        them. V(json) has everything.
    type: int
  width:
    description:
      - The number of columns, for the formats V(endpoints) and V(overview). The default is 120.
    type: int
  language:
    description:
      - The language of the report, for the formats that people read, which are V(csv), V(endpoints), V(html),
        V(markdown), V(overview) and V(table).
      - The other formats are always in English, because programs compare their texts.
      - Ids of checks and of everything else, evidence, and texts that a library or a person has written stay as they
        are. So do details of findings in audits of earlier versions.
    type: str
    choices:
      en: English.
      zh-CN: Simplified Chinese.
    default: en
  bom:
    description:
      - Whether the format V(csv) begins with a byte order mark. Excel needs it to read anything but English.
    type: bool
    default: false
notes:
  - Before ansible-core 2.19, a template whose result looks like JSON is converted to data. Append C(| string) to keep
    the text of V(json) and V(sarif).
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

- name: Show the most severe findings, one line each
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


def ssl_report(audit: Any, format: str, **options: Any) -> str:  # noqa: A002 (users name it so)
    """Render a report of an audit; see RETURN. The options are those of the documentation."""
    with ansible_errors(AnsibleFilterError):
        text: str = untrusted(report(audit, format, **options))
        return text


class FilterModule:
    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"ssl_report": ssl_report}
