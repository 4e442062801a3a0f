# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a finding can be about."""

from __future__ import annotations


class Subject:
    """A certificate, a listener, a load balancer, an endpoint or a listing.

    Attributes:
        region: Its region.
        project_id: Its project.
    """

    region: str | None = None
    project_id: str | None = None

    @property
    def scope(self) -> tuple[str, str]:
        """Project and region."""
        return (self.project_id or "", self.region or "")

    @property
    def about(self) -> str:
        """What a finding says that it is about, unless its verdict says something else; may be empty."""
        return ""

    @property
    def identity(self) -> str:
        """What distinguishes it from others of its region and project."""
        return self.about

    @property
    def reference(self) -> dict[str, str | None]:
        """The fields of a finding that name it."""
        return {"region": self.region, "project_id": self.project_id}
