# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Demo data: the certificates and listeners of a shop, with all defects that the checks find.

The structure (names, ids, scopes, bindings, defects) is fixed. Keys and certificates are generated in
every process, and all times are relative to its start. ``EXPECTED`` maps certificates to their defects;
``demo_balancers.EXPECTED`` does so for listeners.
"""

from __future__ import annotations

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cryptography import x509

from ..fleet import Fleet, Project, Record, Region, record, relation
from ..issuing import Authority, Request, certificate_pem, self_signed, subject, utc, validity
from ..keys import PrivateKey, key_pem, private_key
from .authorities import DAY, ROOTS, authorities
from .demo_balancers import add_load_balancers
from .demo_rows import CORP, ROWS, SHOP, Binding, Row

REGIONS = (
    Region("cn-bj2", ("cn-bj2-02", "cn-bj2-04", "cn-bj2-05"), is_default=True),
    Region("cn-sh2", ("cn-sh2-01", "cn-sh2-02")),
    Region("hk", ("hk-01", "hk-02")),
)
PROJECTS = (
    Project(SHOP, "网上商城 Shop", is_default=True, created=1577836800),
    Project(CORP, "Corporate IT", created=1609459200),
)

EXPECTED: dict[str, tuple[str, ...]] = {}
"""Id of a certificate -> names of the checks that it demonstrates."""


def _tag(text: str) -> str:
    """Return eight letters and digits derived from a text."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return "".join(digits[number // 36**position % 36] for position in range(8))


def ssl_id(slug: str) -> str:
    """Return the id of the certificate in the row with this slug."""
    return f"ssl-{_tag(slug)}"


EXPECTED.update({ssl_id(row.slug): row.shows for row in ROWS})


def demo(now: float | None = None) -> Fleet:
    """Return the demo fleet. All dates are relative to ``now`` (seconds since 1970)."""
    start = float(int(time.time() if now is None else now))
    _make_slow_keys()
    fleet = Fleet(REGIONS, PROJECTS)
    factory = _RecordFactory(start)
    for row in ROWS:
        fleet.add(factory.record(row), region=row.region, project=row.project)
    fleet.roots = factory.roots()
    add_load_balancers(fleet)
    return fleet


def _make_slow_keys() -> None:
    """Generate the slowest keys concurrently. The others are generated when a row needs them."""
    slow = [row for row in ROWS if row.key in ("rsa4096", "rsa3072", "fermat2048")]
    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda row: private_key(row.key, row.key_label), slow))


@dataclass(frozen=True)
class _Issued:
    certificate: x509.Certificate
    content: str


class _RecordFactory:
    """Creates API records from rows. Caches content that later rows share."""

    def __init__(self, now: float) -> None:
        self._now = now
        self._authorities: dict[str, Authority] = authorities(now)
        self._issued: dict[str, _Issued] = {}

    def record(self, row: Row) -> Record:
        if row.content is not None:
            return self._wire(row, row.content or None, {})
        issued = self._issued.get(row.same_as) or self._issue(row)
        self._issued[row.slug] = issued
        return self._wire(row, issued.content, self._api_fields(row, issued.certificate))

    def roots(self) -> str:
        return "".join(certificate_pem(self._authorities[name].certificate) for name in ROOTS)

    def _wire(self, row: Row, content: str | None, extra: Record) -> Record:
        created = int(self._now - row.created_days_ago * DAY)
        relations = [_relation(binding, row) for binding in row.bound]
        fields = {**extra, **row.wire}
        return record(ssl_id(row.slug), row.name, content, created, relations, **fields)

    def _issue(self, row: Row) -> _Issued:
        key = private_key(row.key, row.key_label)
        request = Request(
            subject=subject(row.common_name),
            key=key,
            not_before=utc(self._now + (row.ends - row.lifetime) * DAY),
            not_after=utc(self._now + row.ends * DAY),
            names=row.names,
            is_ca=row.is_ca,
            usage=row.usage,
            scts=row.scts,
            signature_hash=row.signature_hash,
            exponent=row.exponent,
        )
        certificate = self_signed(request) if row.issuer == "self" else self._authorities[row.issuer].issue(request)
        blocks = [self._block(word, row, certificate, key) for word in row.blocks.split()]
        content = "".join(blocks)
        return _Issued(certificate, content.replace("\n", "\r\n") if row.crlf else content)

    def _block(self, word: str, row: Row, certificate: x509.Certificate, key: PrivateKey) -> str:
        if word == "leaf":
            return certificate_pem(certificate)
        if word == "key":
            return key_pem(key, traditional=row.key.startswith("rsa"))
        if word == "stray-key":
            return key_pem(private_key("p256", f"stray {row.slug}"))
        return certificate_pem(self._authorities[word].certificate)

    @staticmethod
    def _api_fields(row: Row, certificate: x509.Certificate) -> Record:
        """Return the platform's own data, which mostly exists for certificates from its own service."""
        if row.api_unit is None:
            return {}
        factor = {"s": 1, "ms": 1000}[row.api_unit]
        start, certificate_end = validity(certificate)
        end = int(certificate_end + row.api_end_shift * DAY)
        fields: Record = {
            "Domains": row.common_name,
            "DNSNames": ",".join(row.names),
            "NotBefore": start * factor,
            "NotAfter": end * factor,
        }
        if row.ussl:
            fields.update(SSLSource=1, USSLId=f"ussl-{_tag('ussl ' + row.slug)}")
        return fields


def _relation(binding: Binding, row: Row) -> Record:
    full_name = f"{row.region}/{row.project}/{binding.kind}/{binding.balancer}"
    balancer = (f"{binding.kind}-{_tag(full_name)}", binding.balancer)
    prefix = "vserver" if binding.kind == "ulb" else binding.listener_prefix
    listener = (f"{prefix}-{_tag(f'{full_name}/{binding.listener}')}", binding.listener)
    return relation(balancer, listener, binding.is_default)
