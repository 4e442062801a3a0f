# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Benchmarks of the plugins in Ansible, as whole programs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from .harness import Result, alternate, benchmark, timed
from .servers import PAGE, Server, serving

FLEET, FEW = 10_000, 20
GROUP_BY = ["region", "state", "source", "key_type", "expiry"]
HOSTS, FORKS, LOOKUPS = 50, 10, 1_000


@benchmark("ansible -m ucloud.ulb.ssl_info, 20 certificates / -m ansible.builtin.ping", goal=1.15)
def module_vs_ping(runs: int) -> Result:
    """Overhead of the module, compared to a minimal task."""
    with serving(FEW) as server, _workplace(server) as ansible:
        return alternate(
            timed(lambda: ansible("ansible", "localhost", "-m", "ucloud.ulb.ssl_info")),
            timed(lambda: ansible("ansible", "localhost", "-m", "ansible.builtin.ping")),
            runs,
        )


@benchmark("10,000 certificates and five group_by / a static JSON inventory with the same content", goal=0.8)
def inventory_vs_static(runs: int) -> Result:
    """Time of the inventory with listing and reading, compared to Ansible reading a file."""
    with serving(FLEET) as server, _workplace(server) as ansible:
        ours = ansible.inventory("native", group_by=GROUP_BY)
        listed = ansible.listed(ours)
        static = ansible.folder / "static.json"
        static.write_text(json.dumps(_as_static(listed)), encoding="utf-8")
        if _groups(ansible.listed(static)) != _groups(listed):
            raise AssertionError("the two inventories are not the same")
        return alternate(timed(lambda: ansible.listed(ours)), timed(lambda: ansible.listed(static)), runs, is_warm=True)


@benchmark("five group_by / the same groups by keyed_groups", goal=0.4)
def inventory_group_by_vs_constructed(runs: int) -> Result:
    """Overhead of templates."""
    keyed = {
        "region": "ucloud_region",
        "state": "ucloud_state",
        "source": "ucloud_source",
        "key_type": "ucloud_x509.public_key.type",
        "expiry": (
            "'expired' if ucloud_days_remaining < 0 else '7d' if ucloud_days_remaining < 7 else"
            " '30d' if ucloud_days_remaining < 30 else '90d' if ucloud_days_remaining < 90 else 'later'"
        ),
    }
    with serving(FLEET) as server, _workplace(server) as ansible:
        native = ansible.inventory("native", group_by=GROUP_BY)
        groups = [{"prefix": name, "key": key} for name, key in keyed.items()]
        constructed = ansible.inventory("constructed", keyed_groups=groups, strict=True)
        if _groups(ansible.listed(native)) != _groups(ansible.listed(constructed)):
            raise AssertionError("the two inventories are not the same")
        return alternate(
            timed(lambda: ansible.listed(native)), timed(lambda: ansible.listed(constructed)), runs, is_warm=True
        )


@benchmark("1,000 lookups, 50 hosts, 10 forks / 1,000 lookups of a constant", goal=1.5)
def lookup_1000_vs_1(runs: int) -> Result:
    """Overhead of a lookup with a cached listing."""
    with serving(1_000) as server, _workplace(server) as ansible:
        requested = f"{server.state['control_url']}/requests"

        def ours() -> None:
            requests.delete(requested, timeout=60).raise_for_status()
            ansible.play("query('ucloud.ulb.ssl_certificate', 'node7.example.com', attribute='ssl_id')")
            pages = requests.get(requested, timeout=60).json()["count"]
            if pages != 1 + -(-(1_000 - PAGE) // (PAGE - 1)):  # each begins with the last one of the page before
                raise AssertionError(f"{pages} requests were made")

        return alternate(
            timed(ours), timed(lambda: ansible.play("query('ansible.builtin.list', 'node7.example.com')")), runs
        )


class _Ansible:
    """Runs Ansible's programs with the simulator's account and without settings of the user."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.folder = folder
        self._region = server.regions[0]
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "UCLOUD_"))},
            "ANSIBLE_COLLECTIONS_PATH": os.environ["PYTHONPATH"],
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true",
            "ANSIBLE_PYTHON_INTERPRETER": sys.executable,
            "HOME": str(folder),
            "UCLOUD_PUBLIC_KEY": server.account["public_key"],
            "UCLOUD_PRIVATE_KEY": server.account["private_key"],
            "UCLOUD_BASE_URL": server.url,
            "UCLOUD_REGION": self._region,
        }

    def __call__(self, name: str, *arguments: str, **environment: str) -> str:
        """Run a program, and return its output."""
        program = [str(Path(sys.executable).with_name(name)), *arguments]
        run = subprocess.run(
            program,
            check=True,
            cwd=self.folder,
            env={**self._environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return run.stdout

    def inventory(self, name: str, **options: Any) -> Path:
        """Write an inventory file."""
        path = self.folder / f"{name}.ssl_certificates.yml"
        path.write_text(json.dumps({"plugin": "ucloud.ulb.ssl_certificates", **options}), encoding="utf-8")
        return path

    def listed(self, inventory: Path) -> str:
        """Return the output of ansible-inventory for it."""
        return self("ansible-inventory", "--inventory", str(inventory), "--list")

    def play(self, expression: str) -> None:
        """Evaluate an expression several times on several hosts."""
        play = {
            "hosts": "all",
            "gather_facts": False,
            "tasks": [
                {
                    "name": "Look up",
                    "ansible.builtin.assert": {"that": f"{expression} | length == 1", "quiet": True},
                    "loop": list(range(LOOKUPS // HOSTS)),
                }
            ],
        }
        path = self.folder / "play.yml"
        path.write_text(json.dumps([play]), encoding="utf-8")
        hosts = ",".join(f"host{number}" for number in range(HOSTS))
        self("ansible-playbook", f"--forks={FORKS}", f"--inventory={hosts},", str(path))


@contextmanager
def _workplace(server: Server) -> Iterator[_Ansible]:
    with tempfile.TemporaryDirectory() as folder:
        yield _Ansible(Path(folder), server)


def _groups(listed: str) -> dict[str, set[str]]:
    """Return the hosts of each group in the output of ansible-inventory."""
    return {name: set(group["hosts"]) for name, group in json.loads(listed).items() if "hosts" in group}


def _as_static(listed: str) -> dict[str, Any]:
    """Convert the output of ansible-inventory to an inventory file."""
    content = json.loads(listed, object_hook=_plain)
    variables = content.pop("_meta")["hostvars"]
    children: dict[str, Any] = {
        name: {"hosts": {host: {} for host in group["hosts"]}} for name, group in content.items() if "hosts" in group
    }
    return {"all": {"hosts": variables, "children": children}}


def _plain(value: dict[str, Any]) -> Any:
    """Replace Ansible's markers for strings that are not templates."""
    return value["__ansible_unsafe"] if set(value) == {"__ansible_unsafe"} else value
