# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Imports a module of the collection as on a machine without a certain library."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest


def import_without(monkeypatch: pytest.MonkeyPatch, module: ModuleType, library: str) -> ModuleType:
    """Import a second copy of ``module`` while ``library`` cannot be imported. The first copy is not changed."""
    assert module.__file__
    # None in sys.modules makes the import of that name, and of what is below it, fail.
    for loaded in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.setitem(sys.modules, loaded, None)
    monkeypatch.setitem(sys.modules, library, None)
    spec = importlib.util.spec_from_file_location(f"{module.__name__}_without_{library}", module.__file__)
    assert spec
    assert spec.loader
    copy = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy
