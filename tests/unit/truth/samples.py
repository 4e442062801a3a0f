# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from pathlib import Path

from ansible_collections.ucloud.ulb.tests.simulator.issuing import (
    Authority,
    Request,
    certificate_pem,
    self_signed,
    subject,
    utc,
)
from ansible_collections.ucloud.ulb.tests.simulator.keys import key_pem, private_key

NOT_BEFORE, NOT_AFTER = utc(1767225600), utc(1782777600)


def request(
    name: str, kind: str = "p256", *, label: str | None = None, is_ca: bool = False, names: tuple[str, ...] = ()
) -> Request:
    """Return a request for a certificate with its own key."""
    key = private_key(kind, label or f"truth {name}")
    return Request(subject(name), key, NOT_BEFORE, NOT_AFTER, names=names, is_ca=is_ca, scts=0 if is_ca else 2)


def write_samples(folder: Path) -> None:
    """Files with many kinds of certificates."""
    root = Authority.root(request("Root", "rsa2048", is_ca=True))
    issuing = root.intermediate(request("Issuing", is_ca=True))
    leaf = certificate_pem(issuing.issue(request("shop.example.com", names=("shop.example.com", "192.0.2.1"))))
    chain = leaf + certificate_pem(issuing.certificate) + certificate_pem(root.certificate)
    stranger = Authority.root(request("Issuing", label="another", is_ca=True))
    samples = {
        "chain": chain,
        "order": certificate_pem(root.certificate) + leaf,
        "stranger": leaf + certificate_pem(stranger.certificate),
        "key": certificate_pem(issuing.certificate) + leaf + key_pem(private_key("p256", "truth shop.example.com")),
        "another_key": leaf + key_pem(private_key("p256", "truth another")),
        "broken": leaf + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    }
    for kind in ("rsa2048", "p256", "p384", "p521"):
        samples[kind] = certificate_pem(self_signed(request(f"{kind}.example.com", kind, names=("*.example.com",))))
    for name, text in samples.items():
        (folder / f"{name}.pem").write_text(text, encoding="ascii")
