# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example of README and guides is run or read by a test, or has a reason; pictures and links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.ucloud.ulb.tests.tools import docs_examples
from ansible_collections.ucloud.ulb.tests.tools.docs_examples import ELSEWHERE, GUIDES, ROOT, UNIT, Example

EXAMPLES = list(docs_examples.examples())
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_blocks_are_found_in_lists_too() -> None:
    for path in [ROOT / "README.md", *GUIDES.glob("*.rst")]:
        text = path.read_text(encoding="utf-8")
        blocks = text.count("code-block::") if path.suffix == ".rst" else text.count("```") // 2
        assert len([example for example in EXAMPLES if example.document == path.stem]) == blocks, path.stem


def test_reasons_are_of_examples_that_exist() -> None:
    unused = [key for key in ELSEWHERE if not any(example.matches(*key) for example in EXAMPLES)]
    assert unused == []


def test_others_are_plays_tasks_or_inventories() -> None:
    for example in EXAMPLES:
        if not example.elsewhere and not docs_examples.is_inventory(example.content):
            assert isinstance(example.content, list), f"{example.document}: {example.first_line}"


def test_what_is_run_is_also_checked() -> None:
    variables = ROOT / "tests/integration/targets/docs_examples/vars/main.yml"
    checked = {item["name"] for item in yaml.safe_load(variables.read_text(encoding="utf-8"))["docs_examples_guides"]}
    assert checked == {example.document for example in EXAMPLES if not example.elsewhere}


@pytest.mark.parametrize(
    "example",
    [pytest.param(item, id=f"{item.document}-{item.first_line}") for item in EXAMPLES if item.elsewhere == UNIT],
)
def test_policies_and_waivers(example: Example) -> None:
    policy: dict[str, Callable[[Any], dict[str, Any]]] = {
        "ssl_compliance_policy": lambda data: data,
        "ssl_compliance_waivers": lambda data: {"waivers": data},
        "checks": lambda data: {"checks": data},
    }
    ((variable, data),) = example.content.items()
    assert Policy.from_data(policy[variable](data)).rules


def test_variables_of_the_role() -> None:
    specification = yaml.safe_load((ROOT / "roles/ssl_compliance/meta/argument_specs.yml").read_text(encoding="utf-8"))
    options: dict[str, Any] = specification["argument_specs"]["main"]["options"]
    for path in [ROOT / "README.md", *GUIDES.glob("*.rst")]:
        named = set(re.findall(r"\bssl_compliance_\w+(?=[:=\"])", path.read_text(encoding="utf-8")))
        assert named - set(options) == set(), path.stem


def test_links_and_pictures_of_the_readme() -> None:
    """Galaxy shows it without the repository."""
    links = re.findall(r"(!?)\[[^]]*\]\(([^)]+)\)", README)
    assert [link for picture, link in links if not picture and not link.startswith("https://")] == []
    pictures = [link for picture, link in links if picture]
    assert len(pictures) == 3
    assert [link for link in pictures if not (ROOT / link).is_file()] == []
    # The addresses of the project are in galaxy.yml.
    assert "example.org" not in README


@pytest.mark.parametrize("path", sorted(GUIDES.glob("*.rst")), ids=lambda path: path.stem)
def test_the_chinese_guide_has_the_same_parts(path: Path) -> None:
    """The same sections, and the same examples: those of the English guide are run."""
    chinese = GUIDES / "zh_CN" / path.name
    titles, translated = (
        re.findall(r"(?m)^(=|-|~)\1{3,}$", file.read_text(encoding="utf-8")) for file in (path, chinese)
    )

    assert translated == titles
    assert list(docs_examples.examples_of(chinese)) == list(docs_examples.examples_of(path))
    # There, reStructuredText does not end what is marked.
    assert not re.findall(r"[`*]\N{FULLWIDTH LEFT PARENTHESIS}", chinese.read_text(encoding="utf-8"))


def test_the_chinese_readme_has_the_same_parts() -> None:
    chinese = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    parts = re.compile(r"(?m)^(#+ |\| |```.*|!\[)")

    assert parts.findall(chinese) == parts.findall(README)
