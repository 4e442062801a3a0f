# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A listing that changes while it is read page by page."""

from __future__ import annotations

from .fleet import Listing, Record


class ShiftedListing(Listing):
    """A view of a listing after ``count`` changes. The listing itself is not changed."""

    def __init__(self, base: Listing, how: str, count: int) -> None:
        self._base = base
        self._how = how
        self._count = count

    def __len__(self) -> int:
        if self._how == "insert_at_front":
            return len(self._base) + self._count
        if self._how == "delete_first":
            return max(0, len(self._base) - self._count)
        return len(self._base)

    def __getitem__(self, index: int) -> Record:
        if not 0 <= index < len(self):
            raise IndexError(index)
        if self._how == "delete_first":
            return self._base[index + self._count]
        if self._how == "move":
            # Moving the last record to the front n times is a rotation by n.
            return self._base[(index - self._count) % len(self._base)]
        if self._how == "swap":
            # The first record was deleted and another one appended, n times.
            if index < len(self._base) - self._count:
                return self._base[index + self._count]
            return self._inserted(index + 1 - (len(self._base) - self._count))
        if index >= self._count:
            return self._base[index - self._count]
        return self._inserted(self._count - index)

    @staticmethod
    def _inserted(number: int) -> Record:
        return {
            "SSLId": f"ssl-inserted{number}",
            "SSLName": f"inserted {number}",
            "SSLType": "Pem",
            "Relations": [],
        }
