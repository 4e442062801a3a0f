# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Show the module, the lookup, the inventory, the probe and the compliance report: `make demo`.

UCloud is simulated, and so are the listeners, on loopback addresses. Of what Ansible prints, only messages are shown.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shlex
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
OVERVIEW, PROBE, COMPLIANCE = (f"ucloud.ulb.ssl_{name}" for name in ("overview", "probe", "compliance"))
LIFETIME = 300
"""Seconds after which a simulator ends, should this program be killed."""

#: A result that Ansible's default output prints as JSON.
RESULT = re.compile(r"^ok: \[localhost\] => (\{$.*?^\})$", re.MULTILINE | re.DOTALL)

FAREWELL = """
The same with a real account:

  export UCLOUD_PUBLIC_KEY=...
  read -rs UCLOUD_PRIVATE_KEY && export UCLOUD_PRIVATE_KEY
  export ANSIBLE_COLLECTIONS_PATH={collections}
  {ansible_playbook} {overview}
  {ansible_playbook} {probe}
  {ansible_playbook} {compliance} -e ssl_compliance_probe=true

Keys need not be set where UCloud's command line tool is set up (~/.ucloud). Clouds with an address
of their own need UCLOUD_BASE_URL, such as https://api.ucloud-global.com/. What is shown can be
chosen with, for example, -e '{{"ssl_overview_regions": ["cn-bj2"], "ssl_overview_limit": 20}}'.
"""


def main() -> None:
    """Show what the collection says about two sets of certificates."""
    signal.signal(signal.SIGTERM, terminated)
    tool = f"ansible-core {version('ansible-core')}"
    print(f"Using {tool} and Python {platform.python_version()}, {sys.executable}", flush=True)
    with tempfile.TemporaryDirectory(prefix="ucloud-ulb-demo-") as name:
        folder = Path(name)
        with simulator("demo:endpoints", folder) as state:
            heading("A company with everything that can be wrong with certificates and listeners")
            playbook(OVERVIEW, state, folder, ssl_overview_limit=15)
            heading("Facts of the module, and the lookup in a template")
            playbook(str(DEMO / "plugins.yml"), state, folder)
            heading("Listeners as an inventory: those that allow TLS 1.0")
            fleet = f"--inventory={DEMO / 'fleet.ssl_certificates.yml'}"
            print(run("ansible-inventory", state, folder, fleet, "--graph", "tls_version_TLSv1"), end="", flush=True)
            trust = state["roots_path"]
            heading("What the addresses really serve: some not what the platform says")
            playbook(PROBE, state, folder, ssl_probe_trust_store=trust, ssl_probe_limit=20)
            heading("What is wrong with certificates, listeners, and what is served")
            # There is enough wrong with them that the playbook would fail in the end.
            choices = {"fail_on": "none", "probe": True, "table_limit": 40, "trust_store": trust, "report_dir": REPORTS}
            playbook(COMPLIANCE, state, folder, **{f"ssl_compliance_{name}": value for name, value in choices.items()})
        heading("The authorities that Mozilla trusts, those that end first")
        with simulator("mozilla", folder) as state:
            playbook(OVERVIEW, state, folder, ssl_overview_limit=10)
    print(f"\nThe HTML report: {REPORTS / 'ssl_compliance.html'}")
    names = {"collections": COLLECTIONS, "overview": OVERVIEW, "probe": PROBE, "compliance": COMPLIANCE}
    print(FAREWELL.format(ansible_playbook=program("ansible-playbook"), **names))


def heading(text: str) -> None:
    """Print what comes next."""
    print(f"\n\n=== {text} ===", flush=True)


@contextmanager
def simulator(data: str, folder: Path, *options: str) -> Iterator[dict[str, Any]]:
    """Serve a set of data, and yield where and for whom. Nothing of it is left afterwards."""
    state_file = folder / f"{data.partition(':')[0]}.json"
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


def playbook(name: str, state: dict[str, Any], folder: Path, **variables: object) -> None:
    """Run a playbook, and print the messages of its tasks."""
    extra = [part for item in variables.items() for part in ("-e", "=".join(map(str, item)))]
    printed = run("ansible-playbook", state, folder, name, *extra)
    for result in map(json.loads, RESULT.findall(printed)):
        lines = result.get("msg", [])
        # In tables, playbooks print blanks that YAML does not wrap.
        for line in [lines] if isinstance(lines, str) else lines:
            print(line.replace("\N{NO-BREAK SPACE}", " "), flush=True)


def run(name: str, state: dict[str, Any], folder: Path, *arguments: str) -> str:
    """Run a program of Ansible as somebody would whose account is the simulator's, and return what it prints."""
    print(f"$ {shlex.join([name, *arguments])}\n", flush=True)
    environment = {**without_settings(os.environ), **settings(state, folder)}
    ended = subprocess.run(
        [program(name), *arguments], check=False, cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8"
    )
    if ended.returncode:
        print(ended.stdout)
        ended.check_returncode()
    return ended.stdout


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
        "DEMO_TRUST_STORE": state["roots_path"],
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
        "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
        "ANSIBLE_NOCOLOR": "true",
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
