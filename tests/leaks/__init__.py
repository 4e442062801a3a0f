# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find pieces of private keys in data, whatever their encoding. Unit and integration tests use it."""

from __future__ import annotations

from .search import WIDTH, Secrets

__all__ = ["WIDTH", "Secrets"]
