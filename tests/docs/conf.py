# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Configuration of Sphinx, for the session `docs`."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

project = "ucloud.ulb"
author = "ucloud.ulb contributors"
copyright = "2026, ucloud.ulb contributors"  # noqa: A001 (the name that Sphinx reads)

extensions = ["sphinx_antsibull_ext"]
default_role = "any"
nitpicky = True
highlight_language = "yaml+jinja"
pygments_style = "ansible"

html_theme = "sphinx_ansible_theme"
html_title = "ucloud.ulb"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_use_index = False
html_show_sphinx = False
html_theme_options = {
    "navigation_depth": 2,
    "show_rtd_ethical_ads": False,
    "titles_only": True,
    # Links of the Ansible project, which this collection is no part of.
    "topbar_links": {},
}

#: A line end after a Chinese punctuation mark, or between two characters that are not ASCII.
CHINESE_LINE_END = re.compile(r"(?<=[\u3001\u3002\uff00-\uffef])\n|(?<=[^\x00-\x7f])\n(?=[^\x00-\x7f])")
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest"
# What pages refer to outside this site. Inventories of those sites, as intersphinx reads them, need the network.
LABELS = {
    "ansible_configuration_settings": "reference_appendices/config.html#ansible-configuration-settings",
    "common_return_values": "reference_appendices/common_return_values.html#common-return-values",
    "ansible_collections.ansible.builtin.copy_module__parameter-mode": (
        "collections/ansible/builtin/copy_module.html#parameter-mode"
    ),
    "ansible_collections.ansible.builtin.from_json_filter": "collections/ansible/builtin/from_json_filter.html",
    "ansible_collections.community.crypto.get_certificate_module": (
        "collections/community/crypto/get_certificate_module.html"
    ),
    "ansible_collections.community.crypto.x509_certificate_info_module": (
        "collections/community/crypto/x509_certificate_info_module.html"
    ),
}


def foreign(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.reference | None:
    """Resolve a reference to the documentation of Ansible. Any other that is unknown stays a warning."""
    del app, env
    target = str(node["reftarget"])
    if node.get("reftype") == "envvar" and target.startswith("ANSIBLE_"):
        page: str | None = f"reference_appendices/config.html#envvar-{target}"
    else:
        page = LABELS.get(target)
    if page is None:
        return None
    return nodes.reference("", "", content, internal=False, refuri=f"{ANSIBLE}/{page}")


def link_home(app: Sphinx, page: str, template: str, context: dict[str, Any], _doctree: nodes.document | None) -> None:
    """Let the link above each page lead to the first one. The theme has one address for pages of all folders."""
    del app, page, template
    context["theme_documentation_home_url"] = context["pathto"]("index")


def join_lines(app: Sphinx, doctree: nodes.document) -> None:
    """Remove line ends in Chinese sentences, which browsers would show as spaces."""
    del app
    for text in list(doctree.findall(nodes.Text)):
        joined = CHINESE_LINE_END.sub("", text)
        if joined != text and not isinstance(text.parent, nodes.literal_block):
            text.parent.replace(text, nodes.Text(joined))


def setup(app: Sphinx) -> None:
    """Connect to Sphinx."""
    app.connect("doctree-read", join_lines)
    app.connect("missing-reference", foreign)
    app.connect("html-page-context", link_home)
