# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Print the settings of pip as environment variables of uv (JSON), because uv does not read the settings of pip."""

from __future__ import annotations

import ast
import json
import subprocess
import sys

VARIABLES = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}


def for_uv(python: str) -> dict[str, str]:
    """Return environment variables for uv that match the settings of a Python's pip, from files and the environment."""
    command = [python, "-m", "pip", "config", "list"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    found: dict[str, str] = {}
    # For example global.index-url='https://pypi.example/simple'. Those from the environment begin with :env: and win.
    for line in sorted(lines, key=lambda line: not line.startswith(":env:")):
        name, value = line.split("=", 1)
        variable = VARIABLES.get(name.rpartition(".")[2])
        if variable:
            found.setdefault(variable, ast.literal_eval(value))
    return found


if __name__ == "__main__":
    print(json.dumps(for_uv(sys.executable)))
