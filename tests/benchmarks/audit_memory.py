# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Creates facts, runs the audit, and creates a report, up to the given step. Prints its peak memory in bytes.

The memory of the process before that is not counted.
"""

from __future__ import annotations

import json
import sys
import time

from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.formats import report

from .auditing import MANY, facts_of, judge
from .peak_memory import peak_memory

STEPS = ("facts", "audit", "html")


def main() -> None:
    """Run the command."""
    steps = STEPS[: STEPS.index(sys.argv[1]) + 1]
    before = peak_memory()
    now = int(time.time())
    # As in Ansible, facts share no values.
    facts = [json.loads(json.dumps(fact)) for fact in facts_of(MANY, now)]
    audit = judge(facts, now) if "audit" in steps else None
    page = report(audit, "html") if "html" in steps else None
    print(peak_memory() - before)
    # Nothing may be freed before this.
    del facts, audit, page


if __name__ == "__main__":
    main()
