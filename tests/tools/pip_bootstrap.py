# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Install pip the way get-pip.py does, without a download of get-pip.py.

ansible-test fills its environments with a script that it expects to be called
~/.ansible/test/cache/get_pip_<version>.py, and that it would otherwise fetch from a server of its
own. For machines that reach a package index but not that server, homes.py puts this file there, in
a home folder that only ansible-test uses. It has the same effect: the pip that ansible-test asks
for, from the index that pip is set up for.
"""

from __future__ import annotations

import ensurepip
import os
import subprocess
import sys
from pathlib import Path

# --no-setuptools and --no-wheel are options of get-pip.py, not of pip. Little of pip is used, and what is gets compiled
# when it is imported.
arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--no-")]
install = ["install", "--no-compile", *arguments]

# The Python that this environment was made from may have a pip: then none has to be installed to install the right one.
base = Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}")
command = [str(base), "-m", "pip", "--python", sys.executable, *install]
if not base.exists() or subprocess.run(command, capture_output=True, check=False).returncode:
    # ensurepip drops pip's settings from the environment of the process that calls it.
    environment = dict(os.environ)
    ensurepip.bootstrap()
    sys.exit(subprocess.call([sys.executable, "-m", "pip", *install], env=environment))
