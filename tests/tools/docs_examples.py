# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Extract the examples of README and guides, so that tests can run them: docs_examples.py FOLDER.

FOLDER gets ``guides.json``, the plays, and a file for each inventory in ``inventories``. An example that is not run
there is in `ELSEWHERE`, with the reason. A unit test checks that this list is complete, and that it names no example
that does not exist.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "docs/docsite/rst"
_RST = re.compile(r"^( *)\.\. code-block:: (\S+)\n\n((?:\1   .*\n|[ ]*\n)+)", re.MULTILINE)
_MARKDOWN = re.compile(r"^()```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

ACCOUNT = "sets the keys of a real account"
PUBLISHED = "installs the published collection; make demo installs this one"
TARGET = "run by the integration target "
UNIT = "read by a unit test"
#: Why an example is not run: by its document, and what it begins with.
ELSEWHERE = {
    ("README", "ansible-galaxy collection install"): PUBLISHED,
    ("README", "collections:"): "for ansible-galaxy, with the published collection",
    ("README", "ansible-galaxy collection build"): "run by make demo",
    ("README", "ansible-playbook ucloud.ulb.ssl_compliance"): TARGET + "role_ssl_compliance",
    ("README", "make demo"): "starts the tests, or a longer form of them",
    ("guide_awx", "version: 3"): "for ansible-builder; the session execution-environment runs one like it",
    ("guide_awx", "$ ansible-builder build"): "needs a container engine and a registry",
    ("guide_awx", "- name: Audit the SSL certificates"): TARGET + "role_ssl_compliance",
    ("guide_awx", "- name: Show a table"): TARGET + "ssl_overview",
    ("guide_awx", "plugin: ucloud.ulb.ssl_certificates"): TARGET + "docs_examples, from another guide",
    ("guide_awx", "$ ansible-galaxy collection install awx.awx"): "run by the session awx",
    ("guide_awx", "awx_setup_organization:"): "variables; the session awx uses such ones",
    ("guide_awx", "fields:"): "for AWX, which the tests do not have",
    ("guide_awx", "env:"): "for AWX, which the tests do not have",
    ("guide_compliance", "$ export UCLOUD_PUBLIC_KEY"): ACCOUNT,
    ("guide_compliance", "$ ansible-playbook ucloud.ulb.ssl_compliance"): TARGET + "role_ssl_compliance",
    ("guide_compliance", "- hosts: localhost"): TARGET + "role_ssl_compliance; a unit test knows the variables",
    ("guide_compliance", "ssl_compliance_policy:"): UNIT,
    ("guide_compliance", "ssl_compliance_waivers:"): UNIT,
    ("guide_endpoints", "- name: Gather certificates and listeners"): TARGET + "ssl_endpoint_info",
    ("guide_endpoints", "- name: Wait until"): "waits for an address of its reader",
    ("guide_endpoints", "- name: Find out whether what is served is revoked"): "needs CRLs of a CA",
    ("guide_endpoints", "$ ansible-playbook ucloud.ulb.ssl_probe"): TARGET + "ssl_overview",
    ("guide_endpoints", "ENDPOINT"): "output to read",
    ("guide_endpoints", "- hosts: localhost"): TARGET + "role_ssl_compliance; a unit test knows the variables",
    ("guide_facts", "$ export UCLOUD_PUBLIC_KEY"): ACCOUNT,
    ("guide_inventory", "$ ansible-inventory -i fleet"): TARGET + "docs_examples, with all inventories at once",
    ("guide_inventory", "[inventory]"): TARGET + "docs_examples, as an environment variable",
    ("guide_listeners", "ECDHE-ECDSA"): "a list to read",
    ("guide_listeners", "ssl_compliance_policy:"): UNIT,
    ("guide_listeners", "ssl_compliance_waivers:"): UNIT,
    ("guide_listeners", "$ ansible-playbook ucloud.ulb.ssl_compliance"): TARGET + "role_ssl_compliance",
    ("guide_start", "$ ansible-galaxy collection install"): PUBLISHED,
    ("guide_start", "$ export UCLOUD_PUBLIC_KEY"): ACCOUNT,
    ("guide_start", "$ ansible-playbook ucloud.ulb.ssl_overview"): TARGET + "ssl_overview",
    ("guide_start", "$ ansible-playbook expiring.yml"): TARGET + "docs_examples, among other plays",
    ("guide_start", "$ ansible-playbook ucloud.ulb.ssl_compliance"): TARGET + "role_ssl_compliance",
    ("guide_support", "$ ansible-galaxy collection install"): PUBLISHED,
    ("guide_support", "collections:"): "for ansible-galaxy, with the published collection",
    ("guide_trust", '$ cat "$(python -m certifi)"'): "needs the root of a private CA",
    ("guide_trust", "checks:"): UNIT,
}  # fmt: skip


class Example(NamedTuple):
    """A block of code in a document."""

    document: str
    language: str
    text: str

    @property
    def first_line(self) -> str:
        """What identifies it in its document."""
        return self.text.split("\n", 1)[0]

    @property
    def content(self) -> Any:
        """The YAML in it; for other languages ``None``."""
        return yaml.safe_load(self.text) if self.language.startswith("yaml") else None

    @property
    def elsewhere(self) -> str | None:
        """Why it is not run here; ``None`` if it is."""
        reasons = [reason for (document, start), reason in ELSEWHERE.items() if self.matches(document, start)]
        return reasons[0] if reasons else None

    def matches(self, document: str, start: str) -> bool:
        """Whether it is the example of a document that begins with a text."""
        return self.document == document and self.text.startswith(start)


def examples() -> Iterator[Example]:
    """Find all examples, in the order of the documents."""
    for path in [ROOT / "README.md", *sorted(GUIDES.glob("*.rst"))]:
        yield from examples_of(path)


def examples_of(path: Path) -> Iterator[Example]:
    """Find the examples of a document."""
    pattern = _RST if path.suffix == ".rst" else _MARKDOWN
    for indent, language, block in pattern.findall(path.read_text(encoding="utf-8")):
        lines = [line.removeprefix(indent) for line in block.strip("\n").split("\n")]
        margin = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
        yield Example(path.stem, language, "\n".join(line[margin:] for line in lines))


def is_inventory(content: Any) -> bool:
    """Whether an example is the configuration of an inventory plugin."""
    return isinstance(content, dict) and "plugin" in content


def plays(example: Example) -> list[dict[str, Any]]:
    """Return an example as plays. A task gets a play around it."""
    found: list[dict[str, Any]] = example.content
    if "hosts" not in found[0]:
        found = [{"hosts": "localhost", "gather_facts": False, "tasks": found}]
    # In check mode, because some write files to where users would have them.
    return [{**play, "name": example.document, "check_mode": True} for play in found]


def main() -> None:
    """Write the files."""
    folder = Path(sys.argv[1])
    runnable = [example for example in examples() if not example.elsewhere]
    book = [play for example in runnable if not is_inventory(example.content) for play in plays(example)]
    (folder / "inventories").mkdir()
    (folder / "guides.json").write_text(json.dumps(book), encoding="utf-8")
    for number, example in enumerate(example for example in runnable if is_inventory(example.content)):
        (folder / f"inventories/{number}.ssl_certificates.yml").write_text(example.text, encoding="utf-8")


if __name__ == "__main__":
    main()
