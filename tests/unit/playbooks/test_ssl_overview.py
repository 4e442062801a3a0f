# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of the playbook ``ssl_overview``."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from jinja2 import Environment

from ansible_collections.ucloud.ulb.plugins.filter.ssl_printable import ssl_printable
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.model import Certificate

TEMPLATE = Path(__file__).parents[3] / "playbooks" / "templates" / "ssl_overview.txt.j2"
EVIL = "x\x1b[2J\u202e\u2028\r\n\x9b31m"


def test_no_name_controls_a_terminal() -> None:
    relation = {f"{kind}{field}": EVIL for kind in ("LoadBalancer", "Listener") for field in ("Id", "Name")}
    record = {"SSLId": EVIL, "SSLName": EVIL, "Domains": EVIL, "Relations": [relation]}
    facts = Certificate.from_api(record, EVIL, EVIL).to_facts(0)
    # As Ansible has it.
    environment = Environment(trim_blocks=True)  # noqa: S701 (a table for the console)
    environment.filters["ucloud.ulb.ssl_printable"] = ssl_printable
    environment.filters["regex_findall"] = lambda text, pattern: re.findall(pattern, text)

    text = environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        ssl_overview={"certificates": [facts], "complete": True, "errors": []},
        ssl_overview_limit=10, ssl_overview_soon=30, ssl_overview_width=300,
    )  # fmt: skip

    place = "x\ufffd[2J\ufffd\ufffd\ufffd\ufffd\ufffd31m"
    assert f"  {place}/{place}  {place}" in text
    assert {char for char in text if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")} == {"\n"}
    assert len(text.splitlines()) == 3
