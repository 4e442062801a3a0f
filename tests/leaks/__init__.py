# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Finds what is left of private keys, in whatever spelling. It serves unit and integration tests."""

from __future__ import annotations

from .search import WIDTH, Secrets

__all__ = ["WIDTH", "Secrets"]
