# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Install pip like get-pip.py, without downloading get-pip.py.

ansible-test installs pip into its virtual environments with the script ~/.ansible/test/cache/get_pip_<version>.py. If
that does not exist, ansible-test downloads it from its own server. Some machines can reach a package index, but not
that server, so homes.py copies this file to that path, in a home folder that only ansible-test uses. It has the same
effect: it installs the requested version of pip from the configured index.
"""

from __future__ import annotations

import ensurepip
import os
import subprocess
import sys
from pathlib import Path

# --no-setuptools and --no-wheel are options of get-pip.py, not of pip. Most of pip is never imported, so do not compile
# it now.
arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--no-")]
install = ["install", "--no-compile", *arguments]

# If the Python of which this is a virtual environment has pip, that pip can install the requested version.
base = Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
command = [str(base), "-m", "pip", "--python", sys.executable, *install]
if not base.exists() or subprocess.run(command, capture_output=True, check=False).returncode:
    # ensurepip removes the variables of pip from the environment of this process.
    environment = dict(os.environ)
    ensurepip.bootstrap()
    sys.exit(subprocess.call([sys.executable, "-m", "pip", *install], env=environment))
