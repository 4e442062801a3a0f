# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates that are parsed on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from ...module_utils._certificates.model import Certificate


@dataclass(frozen=True)
class LazyCertificate:
    """What a certificate is searched and sorted by. The certificate itself is parsed when it is needed."""

    ssl_id: str | None
    ssl_name: str | None
    sort_key: tuple[str, str, str]
    names: list[str]
    is_unreadable: bool
    parse: Callable[[], Certificate]

    @classmethod
    def of(cls, certificate: Certificate) -> LazyCertificate:
        """Wrap a certificate that is parsed already."""
        search_keys = (certificate.ssl_id, certificate.ssl_name, certificate.sort_key, certificate.names)
        return cls(*search_keys, certificate.is_unreadable, lambda: certificate)

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate."""
        return self.parse()
