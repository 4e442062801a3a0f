# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Makes facts, judges them, and makes a report, as far as its argument says. Prints the most memory it had, in bytes.

What the process needs before that, for its own code, is not counted.
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
    """Do it."""
    steps = STEPS[: STEPS.index(sys.argv[1]) + 1]
    before = peak_memory()
    now = int(time.time())
    # As Ansible has them: no two share their values.
    facts = [json.loads(json.dumps(fact)) for fact in facts_of(MANY, now)]
    audit = judge(facts, now) if "audit" in steps else None
    page = report(audit, "html") if "html" in steps else None
    print(peak_memory() - before)
    # Nothing may be let go of before that.
    del facts, audit, page


if __name__ == "__main__":
    main()
