# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lets test modules that read certificates by themselves have the facts of contract.py, with which it goes."""

from __future__ import annotations

import pytest

from . import contract


@pytest.fixture(scope="module", autouse=True)
def _facts_of_the_contract(request: pytest.FixtureRequest) -> None:
    for name in ("read_content", "Certificate"):
        if "_certificates" in getattr(getattr(request.module, name, None), "__module__", ""):
            setattr(request.module, name, getattr(contract, name))
