# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Trust according to `openssl verify`, and to the cases of x509-limbo.

A chain is a certificate with all certificates above it that were found in any file. The self-signed ones are trusted.
"""

from __future__ import annotations

import json
import ssl
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import UCloudError
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates import trust
from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.content import ContentReader, Trust

from .certificates import to_pem
from .compare import Difference
from .issuers import Issuers, folded
from .openssl import UNREAD, View, run

#: Certificates above another one; more are of tests with hundreds of namesakes.
_MOST = 20


class Chain(NamedTuple):
    """A certificate, what is sent with it and what is trusted (DER), and the time."""

    leaf: bytes
    others: tuple[bytes, ...]
    roots: tuple[bytes, ...]
    when: int


def chains(views: Iterable[View], issuers: Issuers) -> Iterator[tuple[Chain, tuple[View, ...]]]:
    """Yield a chain for each certificate that has certificates above it, with its certificates."""
    listed = list(views)
    by_subject: dict[str, list[View]] = {}
    for view in listed:
        by_subject.setdefault(folded(view.subject), []).append(view)
    for leaf in listed:
        above = _above(leaf, by_subject)
        begins, ends = leaf.facts["not_before"], leaf.facts["not_after"]
        # That of a server is not that of a CA, about which clients differ.
        if not above or UNREAD in (begins, ends) or leaf.facts["is_ca"] is not False:
            continue
        roots = tuple(view.der for view in above if issuers.is_self_signed(view) is True)
        others = tuple(view.der for view in above if view.der not in roots)
        if roots:
            yield Chain(leaf.der, others, roots, (begins + ends) // 2), (leaf, *above)


def _above(leaf: View, by_subject: Mapping[str, Sequence[View]]) -> list[View]:
    found = [leaf]
    for view in found:
        found += [item for item in by_subject.get(folded(view.issuer), ()) if item not in found][:_MOST]
    return found[1 : _MOST + 1]


def compare(
    views: Iterable[View], issuers: Issuers, names: Mapping[bytes, str], compared: Counter[str]
) -> Iterator[Difference]:
    """Return the differences between our trust and the program's."""
    found = list(chains(views, issuers))
    with ThreadPoolExecutor(2) as pool:
        theirs = pool.map(_verify, [chain for chain, _views in found])
    for (chain, of_chain), (accepted, errors) in zip(found, theirs, strict=True):
        mine = facts(chain)
        compared[f"trust: {mine['trusted']}, openssl {accepted}"] += 1
        if mine["trusted"] is not None and mine["trusted"] is not accepted:
            reason = f"{mine['reason']} / {errors}"
            yield Difference("trust", mine["trusted"], accepted, names[chain.leaf], about=reason, views=of_chain)


def facts(chain: Chain) -> dict[str, Any]:
    """Return our fact ``trust`` of a chain."""
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder, "roots.pem")
        bundle.write_text(to_pem(*chain.roots), encoding="ascii")
        try:
            store = trust.load(str(bundle))
        except UCloudError as error:
            return {"trusted": None, "reason": str(error)}
    assert store is not None
    x509 = ContentReader(trust=Trust(store, chain.when)).read(to_pem(chain.leaf, *chain.others)).x509
    # Without a private key, a CA is the leaf only if there is nothing else.
    found: dict[str, Any] = (x509 or {}).get("trust") or {"trusted": None, "reason": "it is not read"}
    return found


def _verify(chain: Chain) -> tuple[bool, str]:
    """Whether the program accepts a chain for a server, and its errors."""
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: Path(folder, f"{name}.pem") for name in ("leaf", "others", "roots")}
        paths["leaf"].write_text(to_pem(chain.leaf), encoding="ascii")
        paths["others"].write_text(to_pem(*chain.others), encoding="ascii")
        paths["roots"].write_text(to_pem(*chain.roots), encoding="ascii")
        untrusted = ("-untrusted", str(paths["others"])) if chain.others else ()
        done = run(
            "verify", "-purpose", "sslserver", "-partial_chain", "-attime", str(chain.when), "-no-CApath",
            "-no-CAstore", "-CAfile", str(paths["roots"]), *untrusted, str(paths["leaf"]),
        )  # fmt: skip
    errors = [line for line in done.stderr.decode("utf-8", "replace").splitlines() if line.startswith("error ")]
    return done.returncode == 0, "; ".join(error.replace(str(folder), "") for error in errors)


#: What a difference from x509-limbo says if the program agrees with us.
ACCEPTS = "openssl verify accepts it"
#: Features of x509-limbo's cases that ask another question.
_OTHER_QUESTIONS = {"has-crl", "max-chain-depth", "denial-of-service"}


def compare_limbo(file: Path, compared: Counter[str]) -> Iterator[Difference]:
    """Return the differences between our trust and the expected results of x509-limbo's `limbo.json`."""
    for case in json.loads(file.read_text(encoding="utf-8"))["testcases"]:
        if case["validation_kind"] != "SERVER" or _OTHER_QUESTIONS & set(case["features"]) or case["crls"]:
            compared["x509-limbo: another question"] += 1
            continue
        leaf, *others = map(ssl.PEM_cert_to_DER_cert, [case["peer_certificate"], *case["untrusted_intermediates"]])
        when = case["validation_time"] or "2026-11-01T00:00:00Z"
        moment = int(datetime.fromisoformat(when.replace("Z", "+00:00")).timestamp())
        chain = Chain(leaf, tuple(others), tuple(map(ssl.PEM_cert_to_DER_cert, case["trusted_certs"])), moment)
        mine = facts(chain)
        wanted = case["expected_result"] == "SUCCESS"
        compared[f"x509-limbo: {mine['trusted']}, expected {wanted}"] += 1
        if mine["trusted"] is not None and mine["trusted"] is not wanted:
            accepted, errors = _verify(chain)
            about = f"{mine['reason']} / {ACCEPTS if accepted else errors}"
            yield Difference("limbo", mine["trusted"], wanted, case["id"], who="x509-limbo", about=about)
