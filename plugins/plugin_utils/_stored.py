# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates -> JSON text and back, for caches. What is stored holds no private key.

Text, because Ansible's caches and its data loader walk through every value of what is not.
"""

from __future__ import annotations

import json
from typing import Any

from ..module_utils._certificates.model import Binding, Certificate, Content

#: Changes with what is stored, so that a cache of another version of this collection is not misread.
_FORMAT = 1


def dump(certificates: list[Certificate]) -> str:
    """Write certificates as text. What depends on the time is not in it.

    :raises ValueError: one of them holds its private key.
    """
    return json.dumps({"format": _FORMAT, "certificates": [_to_record(item) for item in certificates]})


def load(text: Any) -> list[Certificate]:
    """Read what :func:`dump` wrote.

    :raises ValueError: it did not write that.
    """
    try:
        stored = json.loads(text)
        if stored["format"] != _FORMAT:
            raise ValueError("another format")
        return [_from_record(record) for record in stored["certificates"]]
    except (TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"not certificates of this collection: {error}") from None


def _to_record(certificate: Certificate) -> dict[str, Any]:
    if certificate.full_content is not None:
        raise ValueError("a certificate with its private key is never stored")
    bindings = certificate.bindings
    return {
        **vars(certificate),
        "bindings": [vars(binding) for binding in bindings] if bindings is not None else None,
        "content": vars(certificate.content),
    }


def _from_record(record: dict[str, Any]) -> Certificate:
    bindings, content = record["bindings"], record["content"]
    return Certificate(
        **{
            **record,
            "api_domains": tuple(record["api_domains"]),
            "bindings": tuple(Binding(**binding) for binding in bindings) if bindings is not None else None,
            "content": Content(**{**content, "domains": tuple(content["domains"])}),
        }
    )
