# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Benchmark of reading certificates, compared to community.crypto."""

from __future__ import annotations

from ansible_collections.community.crypto.plugins.filter.x509_certificate_info import x509_certificate_info_filter

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import read_content

from ..simulator import bulk
from .harness import Result, alternate, benchmark, timed

CERTIFICATES = 300


@benchmark("community.crypto's x509_certificate_info / ours, the same certificates", goal=3, better="higher")
def parse_rate(runs: int) -> Result:
    """All facts of a certificate. community.crypto reads only the leaf; we also read the chain and compare the key."""
    rows = [row for _region, _project, row in bulk(CERTIFICATES, distinct=1.0)]
    contents = [row["SSLContent"] for row in rows]

    def theirs() -> None:
        for content in contents:
            x509_certificate_info_filter(content)

    def ours() -> None:
        for content in contents:
            read_content(content)

    return alternate(timed(theirs), timed(ours), runs)
