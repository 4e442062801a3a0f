# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates and listeners -> text and back, for caches. Private keys are never stored.

The format is text, because Ansible's caches and its data loader walk through every value of structured data. The first
line is a checksum, the second contains the search keys of all certificates, and each of the others contains one
certificate. So a lookup parses only the few certificates that it needs. Listeners are stored in the same way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from ...module_utils._certificates.model import Binding, Certificate, Content
from .lazy_certificate import LazyCertificate
from .lazy_listener import LazyListener

if TYPE_CHECKING:
    from ...module_utils._listeners.model import Listener

#: Increase it when the format changes, so that caches of other versions of this collection are ignored.
_FORMAT = 5
_CERTIFICATES, _LISTENERS = "certificates", "listeners"


def dump(certificates: list[Certificate]) -> str:
    """Serialize certificates. The text does not depend on the time.

    Raises:
        ValueError: A certificate contains its private key.
    """
    search_keys = [[item.ssl_id, item.ssl_name, item.sort_key, item.names, item.is_unreadable] for item in certificates]
    return _dump(_CERTIFICATES, search_keys, map(_to_record, certificates))


def dump_listeners(listeners: list[Listener]) -> str:
    """Serialize listeners."""
    return _dump(_LISTENERS, [item.listener_id for item in listeners], (item.to_facts() for item in listeners))


def load(text: Any) -> list[LazyCertificate]:
    """Parse the output of :func:`dump`.

    Raises:
        ValueError: The text is something else, or damaged.
    """
    return [
        LazyCertificate(ssl_id, ssl_name, tuple(sort_key), names, is_unreadable, partial(_from_line, line))
        for (ssl_id, ssl_name, sort_key, names, is_unreadable), line in _load(_CERTIFICATES, text)
    ]


def load_listeners(text: Any) -> list[LazyListener]:
    """Parse the output of :func:`dump_listeners`.

    Raises:
        ValueError: The text is something else, or damaged.
    """
    return [
        LazyListener(listener_id, partial(_listener_from_line, line)) for listener_id, line in _load(_LISTENERS, text)
    ]


def _dump(kind: str, search_keys: list[Any], records: Iterable[dict[str, Any]]) -> str:
    body = "\n".join(map(json.dumps, [search_keys, *records]))
    return f"{json.dumps({'format': _FORMAT, 'holds': kind, 'sha256': _checksum(body)})}\n{body}"


def _load(kind: str, text: Any) -> list[tuple[Any, str]]:
    """Return the search key and the line of each item."""
    try:
        head, _line_end, body = text.partition("\n")
        stored = json.loads(head)
        # Check the whole text now, because its lines are parsed later.
        if (stored["format"], stored["holds"], stored["sha256"]) != (_FORMAT, kind, _checksum(body)):
            raise ValueError("unknown format or damaged")
        search_keys, *lines = body.split("\n")
        return list(zip(json.loads(search_keys), lines))
    except (AttributeError, TypeError, KeyError, RecursionError) as error:
        raise ValueError(f"not {kind} of this collection: {error}") from None


def _listener_from_line(line: str) -> Listener:
    # Lookups that did not ask for listeners do without their model.
    from ...module_utils._listeners.model import Listener  # noqa: PLC0415

    return Listener.from_facts(json.loads(line))


def _checksum(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _to_record(certificate: Certificate) -> dict[str, Any]:
    if certificate.full_content is not None:
        raise ValueError("certificates with private keys cannot be stored")
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
