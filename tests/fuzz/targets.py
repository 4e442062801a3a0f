# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fuzz targets: readers of untrusted input. Each function accepts any bytes and must not raise."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import RequestContext, UCloudError
from ansible_collections.ucloud.ulb.plugins.module_utils._api.session import Response, Session
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import der, domains, times
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.chain import Chain
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import read_content
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.gather import gather
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.keys import read_public_key
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.names import general_names, read_name
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.private_keys import identity_of_private_key
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.query import Query
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.x509 import Parsed

_NOW = 1767225600
_CONNECTION = Connection("public", "of a test", max_retries=0, concurrency=1)


class _Wire(Session):
    """Returns the same body for every request."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def post(self, form: dict[str, str], timeout: float, context: RequestContext) -> Response:  # noqa: ARG002 (of the base)
        return Response(200, {}, self._body)


def content(data: bytes) -> None:
    """``SSLContent``: facts can be serialized and contain no private key."""
    found = read_content(_text(data), keep_pem=True)
    _written(vars(found))
    assert "PRIVATE KEY" not in (found.pem or "")
    assert (found.x509 is None) <= (found.x509_error is not None)


def certificate(data: bytes) -> None:
    """DER of certificates: facts can be serialized, and unknown facts have a reason."""
    try:
        parsed = Parsed(data)
    except der.MalformedError:
        return
    assert data.startswith(parsed.der)
    facts = {**parsed.facts(), **Chain([None, parsed, parsed]).facts(parsed)}
    _written(facts)
    _written(parsed.errors)
    parts = ("subject", "issuer", "serial_number", "version", "public_key", "subject_alt_names", "key_usage", "is_ca")
    assert parsed.errors or None not in [facts[part] for part in parts]


def elements(data: bytes) -> None:
    """DER: elements are within bounds, and values can be serialized or are malformed."""
    with suppress(der.MalformedError):
        found = der.elements(data, 0, len(data))
        assert b"".join(der.whole(data, item) for item in found) == data
        for item in found:
            _written(der.text(data, item))
            for read in (der.integer, der.boolean, der.bit_string, der.object_identifier, der.time):
                with suppress(der.MalformedError):
                    read(data, item)


def distinguished_name(data: bytes) -> None:
    """DER of a name: facts can be serialized, and the name equals itself."""
    with suppress(der.MalformedError):
        name = read_name(data)
        _written([name.facts, name.common_name])
        assert name.key == read_name(bytes(data)).key
    with suppress(der.MalformedError):
        _written([item.text for item in general_names(data, der.elements(data, 0, len(data)))])


def key(data: bytes) -> None:
    """DER of a public or private key: facts can be serialized, and identities compared."""
    hash(identity_of_private_key(data))
    with suppress(ValueError):
        found = read_public_key(data)
        _written(found.facts)
        hash(found.identity)


def answer(data: bytes) -> None:
    """The body of a response: facts can be serialized, or one of our errors is raised."""
    client = Client(_CONNECTION, "fuzz", session=_Wire(data), sleep=lambda _seconds: None)
    try:
        found = gather(client, Query(("hk",), page_size=3), _NOW)
    except UCloudError as error:
        _written(error.to_facts())
        return
    assert found.total == len(found.certificates)
    _written([item.to_facts(_NOW) for item in found.certificates])


def names(data: bytes) -> None:
    """``DNSNames`` and ``Domains``: normalized names without duplicates."""
    for name in domains.split_names(_value(data)):
        folded = domains.normalize(name)
        # A name with spaces is a single name, but not a DNS name.
        assert domains.normalize(folded) == folded or len(name.split()) > 1
        if domains.is_domain(folded):
            assert domains.covers([folded], folded) is domains.is_usable(folded)
        assert (domains.refusal_of(name) is None) is (
            domains.is_domain(folded) or domains.ip_address(folded) is not None
        )
    own = domains.unique_domains([_text(data)])
    assert own in ([], [_text(data).lower()])


def moments(data: bytes) -> None:
    """Timestamps of the API, and durations."""
    timestamp = times.from_api(_value(data))
    assert timestamp is None or (times.iso8601(timestamp) or "").endswith("Z")
    seconds = times.parse_duration(_text(data))
    assert seconds is None or seconds >= 0


def _text(data: bytes) -> str:
    # Invalid UTF-8 becomes lone surrogates, which JSON can represent.
    return data.decode("utf-8", "surrogateescape")


def _value(data: bytes) -> Any:
    with suppress(ValueError, RecursionError):
        return json.loads(data)
    return _text(data)


def _written(facts: Any) -> None:
    """Check that facts can be serialized as JSON in UTF-8."""
    json.dumps(facts, ensure_ascii=False, allow_nan=False).encode()
