# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates -> text and back, for caches. What is stored holds no private key.

Text, because Ansible's caches and its data loader walk through every value of what is not. The first line tells whether
the rest is whole, the second has what certificates are found by, and each of the others one certificate: of thousands a
lookup reads the few that it is about.
"""

from __future__ import annotations

import hashlib
import json
from functools import partial
from typing import Any

from ...module_utils._certificates.model import Binding, Certificate, Content
from .._lookup.index import Entry

#: Changes with what is stored, so that a cache of another version of this collection is not misread.
_FORMAT = 3


def dump(certificates: list[Certificate]) -> str:
    """Write certificates as text. What depends on the time is not in it.

    :raises ValueError: one of them holds its private key.
    """
    index = [[item.ssl_id, item.ssl_name, item.sort_key, item.names, item.is_unreadable] for item in certificates]
    body = "\n".join(map(json.dumps, [index, *map(_to_record, certificates)]))
    return f"{json.dumps({'format': _FORMAT, 'sha256': _digest(body)})}\n{body}"


def load(text: Any) -> list[Entry]:
    """Read what :func:`dump` wrote.

    :raises ValueError: it did not write that.
    """
    try:
        head, _line_end, body = text.partition("\n")
        stored = json.loads(head)
        # So that no certificate turns out to be spoilt when it is read at last.
        if stored["format"] != _FORMAT or stored["sha256"] != _digest(body):
            raise ValueError("another format, or not whole")
        index, *lines = body.split("\n")
        return [
            Entry(ssl_id, ssl_name, tuple(place), names, is_unreadable, partial(_from_line, line))
            for (ssl_id, ssl_name, place, names, is_unreadable), line in zip(json.loads(index), lines)
        ]
    except (AttributeError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"not certificates of this collection: {error}") from None


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _to_record(certificate: Certificate) -> dict[str, Any]:
    if certificate.full_content is not None:
        raise ValueError("a certificate with its private key is never stored")
    bindings = certificate.bindings
    return {
        **vars(certificate),
        "bindings": [vars(binding) for binding in bindings] if bindings is not None else None,
        "content": vars(certificate.content),
    }


def _from_line(line: str) -> Certificate:
    record = json.loads(line)
    bindings, content = record["bindings"], record["content"]
    domains = content["domains"]
    return Certificate(
        **{
            **record,
            "api_domains": tuple(record["api_domains"]),
            "bindings": tuple(Binding(**binding) for binding in bindings) if bindings is not None else None,
            "content": Content(**{**content, "domains": tuple(domains) if domains is not None else None}),
        }
    )
