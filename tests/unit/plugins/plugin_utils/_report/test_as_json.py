# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json

from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_json import render
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import hostile_audit


def test_the_whole_audit_comes_back() -> None:
    assert json.loads(render(hostile_audit())) == hostile_audit()


def test_text_is_indented_ascii_in_the_order_of_the_audit() -> None:
    text = render(hostile_audit())
    assert text.isascii()
    assert text.endswith("}\n")
    assert text.startswith('{\n  "evaluated_at": "2026-11-24T00:00:00Z",\n  "scope": {\n    "complete": true,\n')
    assert not {*text} - {*map(chr, range(32, 127))} - {"\n"}


def test_it_is_the_same_every_time() -> None:
    assert render(hostile_audit()) == render(json.loads(render(hostile_audit())))
