# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the listeners of the demo data really serve: mostly what the platform says, and sometimes something else.

Everything that is not listed below is as the platform says. Names of load balancers are used as keys.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ..balancers import Record
from ..endpoints import Identity, Script, sending, server_context, tls_script
from ..fleet import Fleet
from ..keys import PrivateKey, private_key
from ..server import Simulator
from .demo import ssl_id
from .demo_rows import ROWS

#: Load balancers whose listeners serve the certificate in another row: of another application, one that has expired and
#: is bound nowhere, and one that has been replaced. The last one has a name that exists in several regions.
_OTHER = {"shop-legacy": "archive", "loyalty": "old-campaign", "hk/www": "www-bj"}
#: Those that offer old versions: two because of their policy, and one although its policy does not allow that.
_OLD_VERSIONS = ("archive", "news", "search")
#: One that does not send the intermediate, although the platform has it.
_WITHOUT_INTERMEDIATE = ("quiet",)
#: Ports that are closed, and one that expects plain HTTP.
_CLOSED, _PLAIN = ("press",), ("intranet",)
#: What a listener sends that has no certificate that can be used: the alert ``handshake_failure``.
_REFUSAL = b"\x15\x03\x03\x00\x02\x02\x28"
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"
_PORTS_FROM = 8000
_CERTIFICATE = re.compile("-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)

_WITHOUT_USABLE_CERTIFICATE = ("kiosk", "lottery", "migration", "notes", "scanner", "staging", "suppliers", "tape")

EXPECTED: dict[str, tuple[str, ...]] = {
    "endpoint_unreachable": tuple(sorted((*_CLOSED, *_PLAIN, *_WITHOUT_USABLE_CERTIFICATE))),
    "endpoint_other_certificate": ("loyalty", "shop-legacy", "www"),
    "endpoint_name_mismatch": ("loyalty", "shop-legacy"),
    "endpoint_not_valid": ("loyalty",),
    "endpoint_untrusted": ("admin", "edge", "loyalty", "news", "payments", "quiet", "radio", "sensors", "spring"),
    "endpoint_chain_incomplete": ("news", "quiet"),
    "endpoint_tls_version": ("archive", "news", "search"),
}
"""Name of a check -> names of load balancers that demonstrate it."""


def open_sites(simulator: Simulator) -> None:
    """Open a port for each HTTPS listener of the demo data, and set the addresses and ports in the records.

    Each load balancer has an address of its own, 127.0.113.x. The simulator must be running.
    """
    fleet = simulator.fleet
    identities = dict(_identities(fleet))
    for region in fleet.region_names:
        for project in fleet.project_ids:
            balancers = fleet.balancers(region, project)
            for balancer in (*balancers.applications, *balancers.classics):
                _open(simulator, balancer, region, identities)


def _open(simulator: Simulator, balancer: Record, region: str, identities: dict[str, Identity]) -> None:
    (info,) = balancer.get("IPInfos") or balancer["IPSet"]
    key = "IP" if "IP" in info else "EIP"
    info[key] = address = info[key].replace("203.0.", "127.0.")
    ports = {}
    listeners = balancer.get("Listeners") or balancer.get("VServerSet") or []
    for listener in listeners:
        if (listener.get("ListenerProtocol") or listener["Protocol"]) == "HTTPS":
            name = "ListenerPort" if "ListenerPort" in listener else "FrontendPort"
            port = listener[name]
            ports[port] = listener[name] = _PORTS_FROM + port
            if balancer["Name"] not in _CLOSED:
                script = _script(balancer["Name"], region, listener, identities)
                listener[name] = ports[port] = _opened(simulator, script, address, _PORTS_FROM + port)
    for listener in listeners:
        if listener.get("RedirectPort") in ports:
            listener["RedirectPort"] = ports[listener["RedirectPort"]]


def _opened(simulator: Simulator, script: Script, address: str, port: int) -> int:
    """Open a port, or another one if it is in use. Return its number."""
    try:
        return simulator.endpoint(script, address, port).port
    except OSError:
        return simulator.endpoint(script, address).port


def _script(name: str, region: str, listener: Record, identities: dict[str, Identity]) -> Script:
    rows = listener.get("Certificates") or listener.get("SSLSet") or []
    other = _OTHER.get(name) or _OTHER.get(f"{region}/{name}")
    # The default certificate first.
    ids = [row["SSLId"] for row in sorted(rows, key=lambda row: not row.get("IsDefault", True))]
    served = [identities[item] for item in ([ssl_id(other)] if other else ids) if item in identities]
    if name in _PLAIN:
        return sending(_BAD_REQUEST)
    if not served:
        return sending(_REFUSAL)
    if name in _WITHOUT_INTERMEDIATE:
        served = [Identity(item.certificate, (), item.key) for item in served]
    by_name = {dns: item for item in served for dns in _dns_names(item.certificate)}
    oldest = ssl.TLSVersion.TLSv1 if name in _OLD_VERSIONS else ssl.TLSVersion.TLSv1_2
    return tls_script(server_context(served[0], oldest=oldest, by_name=by_name))


def _identities(fleet: Fleet) -> Iterator[tuple[str, Identity]]:
    """Yield what can be served, by the id of the certificate. Some content cannot."""
    rows = {row.slug: row for row in ROWS}
    owners = {ssl_id(row.slug): rows.get(row.same_as, row) for row in ROWS}
    for _region, _project, record in fleet:
        owner = owners[record["SSLId"]]
        try:
            blocks = _CERTIFICATE.findall(record["SSLContent"] or "")
            certificates = [x509.load_pem_x509_certificate(block.encode()) for block in blocks]
            key = private_key(owner.key, owner.key_label)
            leaf = next(item for item in certificates if _spki(item) == _spki(key))
            identity = Identity(leaf, tuple(item for item in certificates if item is not leaf), key)
            server_context(identity)
        except (ValueError, StopIteration, ssl.SSLError):
            continue
        yield record["SSLId"], identity


def _spki(owner: x509.Certificate | PrivateKey) -> bytes:
    """Return the public key. Those of old versions of cryptography cannot be compared."""
    return owner.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _dns_names(certificate: x509.Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return names.get_values_for_type(x509.DNSName)
