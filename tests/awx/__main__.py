# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the playbook awx_setup with the real modules of awx.awx, against an API that only stores what it gets.

This shows that the modules accept the playbook's options, that things are created before what refers to them, and that
a second run changes nothing. It does not show that AWX accepts the values.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

PATH = re.compile(r"/api/v2/(?P<kind>\w+)/(?:(?P<id>\d+)/(?:(?P<linked>\w+)/)?)?")
#: What the modules create with the playbook's defaults, and an image.
CREATED = {
    "credential_types": ["UCloud"],
    "credentials": ["UCloud"],
    "execution_environments": ["UCloud"],
    "inventories": ["UCloud certificates", "UCloud localhost"],
    "inventory_sources": ["UCloud certificates"],
    "job_templates": ["UCloud certificate compliance", "UCloud certificate overview"],
    "notification_templates": ["Mail"],
    "organizations": ["Default"],
    "projects": ["UCloud"],
    "schedules": ["UCloud certificate compliance"],
}
#: What a module waits for, as if the update of a project had ended at once.
OF_AWX: dict[str, Any] = {"scm_revision": "1", "summary_fields": {}}
SECRET = "sk-not-to-be-shown"
VARIABLES = {
    "awx_setup_project_url": "https://git.example.com/certificates.git",
    "awx_setup_image": "registry.example.com/ucloud-ulb:1",
    "awx_setup_compliance_vars": {"ssl_compliance_fail_on": "critical"},
    "awx_setup_notifications": ["Mail"],
}


class Handler(BaseHTTPRequestHandler):
    """The part of the API that the modules use: create, change, find, and link objects of all kinds."""

    stored: ClassVar[dict[str, dict[int, dict[str, Any]]]] = {}
    links: ClassVar[dict[str, list[int]]] = {}
    numbers: ClassVar[count[int]] = count(1)

    @classmethod
    def store(cls, kind: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Create an object."""
        number = next(cls.numbers)
        address = {"id": number, "url": f"/api/v2/{kind}/{number}/"}
        return cls.stored.setdefault(kind, {}).setdefault(number, {**OF_AWX, **fields, **address})

    def do_GET(self) -> None:
        kind, number, linked = self._target()
        if linked:
            found = [{"id": other} for other in self.links.get(f"{number}/{linked}", [])]
        elif number:
            self._answer(200, self.stored[kind][number])
            return
        else:
            wanted = parse_qsl(urlsplit(self.path).query)
            kind = {"unified_job_templates": "job_templates"}.get(kind, kind)
            found = [
                thing
                for thing in self.stored.get(kind, {}).values()
                # A job template has the organization of its project, which nobody has stored here.
                if all(str(thing.get(name, value)) == value for name, value in wanted)
            ]
        self._answer(200, {"count": len(found), "results": found, "next": None})

    def do_POST(self) -> None:
        kind, number, linked = self._target()
        fields = self._fields()
        if linked:
            self.links.setdefault(f"{number}/{linked}", []).append(fields["id"])
            self._answer(204, {})
            return
        self._answer(201, self.store(kind, fields))

    def do_PATCH(self) -> None:
        kind, number, _linked = self._target()
        self.stored[kind][number] |= self._fields()
        self._answer(200, self.stored[kind][number])

    def _target(self) -> tuple[str, int, str]:
        match = PATH.fullmatch(urlsplit(self.path).path)
        if not match:
            raise ValueError(self.path)
        return match["kind"], int(match["id"] or 0), match["linked"] or ""

    def _fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return fields

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        body = b"" if status == 204 else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Say nothing."""


def run(url: str, home: str, variables: dict[str, Any]) -> tuple[str, dict[str, int]]:
    """Run the playbook, and return its output, and the numbers of its tasks by result."""
    environment = {
        **os.environ,
        "ANSIBLE_STDOUT_CALLBACK": "ansible.builtin.default",
        "CONTROLLER_HOST": url,
        "CONTROLLER_OAUTH_TOKEN": "token",
        "HOME": home,
        "UCLOUD_PUBLIC_KEY": "public",
        "UCLOUD_PRIVATE_KEY": SECRET,
    }
    program = str(Path(sys.executable).with_name("ansible-playbook"))
    command = [program, "-vvv", "ucloud.ulb.awx_setup", "-e", json.dumps(variables)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    recap = done.stdout.rpartition("localhost ")[2]
    return done.stdout + done.stderr, {name: int(number) for name, number in re.findall(r"(\w+)=(\d+)", recap)}


def main() -> int:
    """Run the playbook without its required variable, and then twice, and compare what it has created."""
    Handler.store("organizations", {"name": "Default"})
    Handler.store("notification_templates", {"name": "Mail"})
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as home:
        refused, nothing = run(url, home, {})
        first, created = run(url, home, VARIABLES)
        second, changed = run(url, home, {**VARIABLES, "awx_setup_update_keys": False})
    wrong = {
        "without a project it does not fail as it should": "awx_setup_project_url" not in refused
        or not nothing["failed"],
        "the first run has failed": created["failed"],
        "the second run has failed, or has changed something": changed["failed"] or changed["changed"],
        "other things were created than expected": names() != CREATED,
        "the key was shown": SECRET in refused + first + second,
        "the templates of the injectors were evaluated": "'{{ public_key }}'" not in str(Handler.stored),
    }
    problems = [problem for problem, found in wrong.items() if found]
    if problems:
        print(first, second, json.dumps(Handler.stored, indent=2), sep="\n")
    print("\n".join(problems) or "awx_setup creates everything, and changes nothing the second time.")
    return int(bool(problems))


def names() -> dict[str, list[str]]:
    """Return the names of all objects by kind."""
    return {kind: sorted(thing["name"] for thing in things.values()) for kind, things in sorted(Handler.stored.items())}


if __name__ == "__main__":
    sys.exit(main())
