# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show the module, the lookup, the inventory and the compliance report against a simulated UCloud: `make demo`."""

from __future__ import annotations

import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "tests/demo"
# make release has one of its own.
BUILT = Path(os.environ.get("DEMO_FOLDER", ROOT / "build/demo"))
COLLECTIONS = BUILT / "collections"
REPORTS = BUILT / "reports"
PLAYBOOK, COMPLIANCE = "ucloud.ulb.ssl_overview", "ucloud.ulb.ssl_compliance"
LIFETIME = 300
"""Seconds after which a simulator ends, should this program be killed."""

FAREWELL = """
The same with a real account:

  export UCLOUD_PUBLIC_KEY=...
  read -rs UCLOUD_PRIVATE_KEY && export UCLOUD_PRIVATE_KEY
  export ANSIBLE_COLLECTIONS_PATH={collections}
  {ansible_playbook} {playbook}
  {ansible_playbook} {compliance}

Keys need not be set where UCloud's command line tool is set up (~/.ucloud). Clouds with an address
of their own need UCLOUD_BASE_URL, such as https://api.ucloud-global.com/. What is shown can be
chosen with, for example, -e '{{"ssl_overview_regions": ["cn-bj2"], "ssl_overview_limit": 20}}'.
"""


def main() -> None:
    """Show what the playbook makes of two sets of certificates."""
    signal.signal(signal.SIGTERM, terminated)
    tool = f"ansible-core {version('ansible-core')}"
    print(f"Using {tool} and Python {platform.python_version()}, {sys.executable}", flush=True)
    with tempfile.TemporaryDirectory(prefix="ucloud-ulb-demo-") as name:
        folder = Path(name)
        heading("A company with everything that can be wrong with certificates and listeners")
        with simulator("demo", folder) as state:
            overview(state, folder)
            heading("The listeners as an inventory, by their lowest TLS version and by the time that is left")
            run("ansible-inventory", state, folder, f"--inventory={DEMO / 'fleet.ssl_certificates.yml'}", "--graph")
            heading("A template with a lookup")
            run("ansible-playbook", state, folder, str(DEMO / "template.yml"))
            heading("What is wrong with the certificates and the listeners")
            compliance(state, folder)
        heading("The authorities that Mozilla trusts, the 15 that end first")
        with simulator("mozilla", folder) as state:
            overview(state, folder, "-e", "ssl_overview_limit=15")
    print(f"\nThe HTML report: {REPORTS / 'ssl_compliance.html'}")
    names = {"collections": COLLECTIONS, "playbook": PLAYBOOK, "compliance": COMPLIANCE}
    print(FAREWELL.format(ansible_playbook=program("ansible-playbook"), **names))


def heading(text: str) -> None:
    """Print what comes next."""
    print(f"\n\n=== {text} ===", flush=True)


@contextmanager
def simulator(data: str, folder: Path, *options: str) -> Iterator[dict[str, Any]]:
    """Serve a set of data, and yield where and for whom. Nothing of it is left afterwards."""
    state_file = folder / f"{data}.json"
    command = [sys.executable, "-m", "simulator", f"--data={data}", f"--state-file={state_file}"]
    # In a session of its own Ctrl-C does not reach it: it is ended here, and only here.
    command += [f"--lifetime={LIFETIME}", *options]
    process = subprocess.Popen(command, cwd=ROOT / "tests", start_new_session=True)
    try:
        while not state_file.exists():
            if process.poll() is not None:
                sys.exit("the simulator does not start")
            time.sleep(0.05)
        yield json.loads(state_file.read_text(encoding="utf-8"))
    finally:
        process.terminate()
        process.wait()


def overview(state: dict[str, Any], folder: Path, *arguments: str) -> None:
    """Show a table of certificates."""
    run("ansible-playbook", state, folder, PLAYBOOK, *arguments)


def compliance(state: dict[str, Any], folder: Path) -> None:
    """Judge certificates and listeners. There is enough wrong with these that the playbook would fail in the end."""
    variables = {"ssl_compliance_report_dir": str(REPORTS), "ssl_compliance_fail_on": "none"}
    # Lines are too long for YAML, which would fold them.
    run("ansible-playbook", state, folder, COMPLIANCE, "--extra-vars", json.dumps(variables), results_as="json")


def run(name: str, state: dict[str, Any], folder: Path, *arguments: str, results_as: str = "yaml") -> None:
    """Run a program of Ansible as somebody would whose account is the simulator's."""
    environment = {**without_settings(os.environ), **settings(state, folder)}
    environment["ANSIBLE_CALLBACK_RESULT_FORMAT"] = results_as
    subprocess.run([program(name), *arguments], check=True, cwd=folder, env=environment)


def program(name: str) -> str:
    """The program beside the Python that runs this."""
    return str(Path(sys.executable).with_name(name))


def without_settings(environment: os._Environ[str]) -> dict[str, str]:
    """Leave out what the user has set up for real accounts and other playbooks."""
    ours = ("ANSIBLE_", "UCLOUD_")
    return {name: value for name, value in environment.items() if not name.startswith(ours)}


def settings(state: dict[str, Any], folder: Path) -> dict[str, str]:
    """Tell the module where the simulator is, and Ansible to be brief."""
    account = state["accounts"]["main"]
    return {
        "UCLOUD_PUBLIC_KEY": account["public_key"],
        "UCLOUD_PRIVATE_KEY": account["private_key"],
        "UCLOUD_BASE_URL": state["https_url"],
        "REQUESTS_CA_BUNDLE": state["ca_path"],
        # A profile of UCloud's command line tool would be read from here.
        "HOME": str(folder),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_NOCOWS": "true",
    }


def terminated(*_unused: object) -> NoReturn:
    """End as after Ctrl-C, so that nothing is left running."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        sys.exit(130)
    except subprocess.CalledProcessError as error:
        sys.exit(f"{Path(error.cmd[0]).name} failed")
