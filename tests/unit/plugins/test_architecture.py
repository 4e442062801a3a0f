# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports point from plugins down to the API, and never back up."""

from __future__ import annotations

import ast
import graphlib
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

PLUGINS = Path(__file__).parents[3] / "plugins"
ARCHITECTURE = PLUGINS.parent / "ARCHITECTURE.md"
FILES = sorted(PLUGINS.rglob("*.py"))
#: Rooms from the bottom to the top: a room imports from those above it in this list, never from its own line or below.
LAYERS = (
    ("module_utils/_version", "module_utils/_api"),
    ("module_utils/_listing",),
    ("module_utils/_certificates",),
    ("module_utils/_option_values",),
    ("module_utils/_endpoints", "module_utils/_listeners"),
    ("module_utils/_options",),
    ("module_utils/_module",),
    (
        "plugin_utils/_attribute",
        "plugin_utils/_endpoints",
        "plugin_utils/_grouping",
        "plugin_utils/_plugin",
        "plugin_utils/_timestamps",
        "plugin_utils/_unsafe",
    ),
    ("plugin_utils/_audit", "plugin_utils/_cache"),
    ("plugin_utils/_inventory", "plugin_utils/_lookup", "plugin_utils/_report"),
    ("plugin_utils/_variables",),
    ("doc_fragments", "filter", "inventory", "lookup", "modules", "test"),
)
LEVELS = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
#: The only file that imports each of these libraries.
GUARDS = {
    "requests": "module_utils/_api/session.py",
    "urllib3": "module_utils/_api/session.py",
    "cryptography": "module_utils/_certificates/crypto.py",
    "certifi": "module_utils/_certificates/trust_stores.py",
    "idna": "module_utils/_certificates/domains.py",
}


def name_of(file: Path) -> str:
    return file.relative_to(PLUGINS).as_posix()


def room_of(path: str) -> str:
    """The room of a path below plugins/, with or without the name of a file."""
    first, *others = path.removesuffix(".py").split("/")
    return "/".join([first, *others[:1]]) if first.endswith("_utils") else first


def imported_modules(file: Path) -> Iterator[str]:
    """Everything that a file imports, deferred imports included: a dotted name, or a path below plugins/."""
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module)
        elif isinstance(node, ast.ImportFrom):
            base = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            names = [base] if base.with_suffix(".py").exists() else [base / alias.name for alias in node.names]
            yield from (name.relative_to(PLUGINS).as_posix() for name in names)


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_every_import_points_down(file: Path) -> None:
    room = room_of(name_of(file))
    imported = {room_of(module) for module in imported_modules(file) if "/" in module} - {room}

    assert [name for name in imported if LEVELS[name] >= LEVELS[room]] == []


#: The nodes of the picture in ARCHITECTURE.md that do not have the name of a room.
NODES = {"filter": "filters", "test": "filters", "inventory": "inventory", "lookup": "lookup", "modules": "module"}


def arrows() -> set[tuple[str, str]]:
    """Return the arrows of the picture in ARCHITECTURE.md."""
    picture = ARCHITECTURE.read_text(encoding="utf-8").partition("```mermaid")[2].partition("```")[0]
    lines = [line.split(" --> ") for line in picture.splitlines() if "-->" in line]
    return {(one.strip(), other.strip()) for line in lines for one, other in itertools.pairwise(line)}


def node_of(path: str) -> str:
    if path.startswith("modules/ssl_endpoint_info"):
        return "endpoint_module"
    room = room_of(path)
    name = room.partition("/")[2] or NODES[room]
    is_drawn = not room.startswith("plugin_utils/") or (PLUGINS / room).is_dir() or name == "_variables"
    return name if is_drawn else "base"


def test_the_picture_has_all_imports_between_rooms() -> None:
    drawn = arrows()
    imports = {
        (node_of(name_of(file)), node_of(module))
        for file in FILES
        for module in imported_modules(file)
        if "/" in module and "_version" not in module
    }
    below = {one: {other for upper, other in drawn if upper == one} for pair in drawn for one in pair}
    for node in graphlib.TopologicalSorter(below).static_order():
        below[node] |= {lowest for lower in below[node] for lowest in below[lower]} | {node}

    assert drawn - imports == set()
    assert [pair for pair in imports if pair[1] not in below[pair[0]]] == []


def test_no_file_imports_itself_by_a_detour() -> None:
    files = {name_of(file).removesuffix(".py"): file for file in FILES}
    graph = {name: {module for module in imported_modules(file) if module in files} for name, file in files.items()}

    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError


@pytest.mark.parametrize("library", GUARDS)
def test_a_library_that_may_be_missing_is_imported_in_one_file(library: str) -> None:
    files = {
        name_of(file) for file in FILES if library in {module.partition(".")[0] for module in imported_modules(file)}
    }

    assert files == {GUARDS[library]}


def test_rooms_in_folders_do_not_depend_on_ansible_core() -> None:
    """So that their tests need not be repeated with each version of it."""
    folders = [file for file in FILES if room_of(name_of(file)) != name_of(file).removesuffix(".py")]
    files = {
        name_of(file)
        for file in folders
        if "_utils/" in name_of(file) and "ansible" in {module.partition(".")[0] for module in imported_modules(file)}
    }

    assert files == set()


def test_only_modules_import_the_edge_to_modules() -> None:
    files = {room_of(name_of(file)) for file in FILES if "module_utils/_module" in imported_modules(file)}

    assert files == {"modules"}
