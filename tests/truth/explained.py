# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Differences that are right, each with its reason."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import load_der_x509_certificate

from ...plugins.module_utils._api.redaction import HIDDEN
from .bundles import private_keys
from .certificates import to_pem
from .compare import Difference, in_latin_1, same_names
from .openssl import UNREAD, View, oid_of, run

#: Characters.
_SHORTEST_KEY = 40


@dataclass(frozen=True)
class Explanation:
    """Why some differences of some facts are right. ``facts`` are the beginnings of their names."""

    facts: tuple[str, ...]
    reason: str
    holds: Callable[[Difference], bool]


def reason_of(difference: Difference) -> str | None:
    """Why a difference is right; ``None`` if nothing explains it."""
    return next(
        (item.reason for item in _TABLE if difference.fact.startswith(item.facts) and item.holds(difference)), None
    )


def _only_we(difference: Difference) -> bool:
    return difference.theirs is UNREAD and difference.ours is not UNREAD


def _said(*texts: str) -> Callable[[Difference], bool]:
    """Ours is null, and the reason that stands beside it has one of these texts."""
    return lambda difference: difference.ours is UNREAD and any(text in str(difference.about) for text in texts)


def _same_bytes(difference: Difference) -> bool:
    return _both_lists(difference) and list(map(in_latin_1, difference.ours)) == list(
        map(in_latin_1, difference.theirs)
    )


def _both_lists(difference: Difference) -> bool:
    return isinstance(difference.ours, list) and isinstance(difference.theirs, list)


def _has_line_end(difference: Difference) -> bool:
    return isinstance(difference.ours, list) and any(re.search(r"[\r\n]", name) for name in difference.ours)


def _is_no_address(difference: Difference) -> bool:
    if not isinstance(difference.ours, list) or not isinstance(difference.theirs, str):
        return False
    shown = re.sub("<invalid length=[0-9]+>", "<invalid>", difference.theirs)
    return "IP:<invalid>" in difference.ours and same_names(difference.ours, shown)


def _largest_key(path: Path) -> int:
    """Bits of the largest private key in a file."""
    text = path.read_text(encoding="utf-8", errors="replace")
    shown = [run("pkey", "-noout", "-text", data=key.encode("utf-8", "replace")).stdout for key in private_keys(text)]
    return max((int(size) for key in shown for size in re.findall(rb"-Key: \((\d+) bit", key)), default=0)


def _is_ber(view: View) -> bool:
    shown = run("asn1parse", data=to_pem(view.der).encode()).stdout
    return bool(re.search(rb"l=inf|cons: (BIT STRING|OCTET STRING|[A-Z0-9]+STRING)", shown))


def _lacks_only_ber(difference: Difference) -> bool:
    if not _both_lists(difference) or not set(difference.ours) < set(difference.theirs):
        return False
    return all(_is_ber(view) for view in difference.views if view.facts["fingerprints.sha256"] not in difference.ours)


def _has_malformed_bits(difference: Difference) -> bool:
    if not isinstance(difference.ours, dict) or not isinstance(difference.theirs, dict):
        return False
    pairs = [(difference.ours.get(name), value) for name, value in difference.theirs.items()]
    return all(mine == value or str(mine).startswith("#03") for mine, value in pairs)


def _is_hidden(difference: Difference) -> bool:
    """Whether the two are the same but for names that are long enough to be a key."""
    if not isinstance(difference.ours, dict) or not isinstance(difference.theirs, dict):
        return False
    pairs = [(difference.ours.get(name), value) for name, value in difference.theirs.items()]
    return all(mine == value or (mine == HIDDEN and len(value) >= _SHORTEST_KEY) for mine, value in pairs)


def _signs_without_basic_constraints(difference: Difference) -> bool:
    return (difference.ours, difference.theirs) == (False, True) and any(
        view.facts["is_ca"] is False and "keyCertSign" in view.facts["key_usage"] for view in difference.views
    )


def _by_pss(difference: Difference) -> bool:
    return (difference.ours, difference.theirs) == (True, False) and any(
        view.facts["signature_algorithm"] == "1.2.840.113549.1.1.10" for view in difference.views
    )


def _is_undecided(difference: Difference) -> bool:
    return (difference.ours is UNREAD or difference.ours is None) and isinstance(difference.theirs, bool)


def _is_unusual_key(difference: Difference) -> bool:
    """Whether cryptography refuses the key of something in the file, or cannot check its signature."""
    return _is_undecided(difference) and not all(map(_is_checked, difference.views))


def _is_checked(view: View) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            certificate = load_der_x509_certificate(view.der)
            certificate.public_key()
            getattr(certificate, "signature_algorithm_parameters", None)  # since cryptography 41
            return certificate.signature_hash_algorithm is None or view.facts["signature_hash"] != "md2"
    except (ValueError, UnsupportedAlgorithm):
        return False


_ISSUED = ("self_signed", "file.issuer_included", "file.chain.issue", "file.chain.self_signed")

_TABLE = (
    Explanation(
        ("x509",),
        "OpenSSL refuses a certificate that is malformed anywhere; the facts hold what can be read of it.",
        lambda difference: difference.theirs == "refused",
    ),
    Explanation(
        ("file.certificates",),
        "OpenSSL refuses one of them, which is malformed somewhere; the facts hold what can be read of it.",
        lambda difference: _both_lists(difference) and set(difference.ours) > set(difference.theirs),
    ),
    Explanation(
        ("file.certificates",),
        "One of them is BER, which certificates may not be (RFC 5280, 4.1): not read.",
        _lacks_only_ber,
    ),
    Explanation(
        ("x509",),
        "Indefinite lengths and values in pieces are BER, which certificates may not have (RFC 5280, 4.1): not read.",
        lambda difference: difference.theirs == "read" and all(map(_is_ber, difference.views)),
    ),
    Explanation(
        ("public_key",),
        "OpenSSL loads no key with parameters that are wrong or missing, nor of kinds newer than it: kind and size are"
        " facts all the same.",
        _only_we,
    ),
    Explanation(
        ("public_key",),
        "A modulus that is not positive is malformed (RFC 8017, 3.1); OpenSSL shows another number.",
        _said("the modulus of the RSA key is not positive"),
    ),
    Explanation(
        ("public_key.exponent",),
        "An exponent that is negative in the certificate is shown so; OpenSSL shows another number.",
        lambda difference: isinstance(difference.ours, int) and difference.ours < 0,
    ),
    Explanation(
        ("public_key",),
        "A key with data behind it, or with an indefinite length, is malformed; OpenSSL does not look so closely.",
        _said("public_key: it has trailing data", "public_key: an indefinite length"),
    ),
    Explanation(
        ("not_before", "not_after"),
        "The two dates go together: where one cannot be read, both are the platform's.",
        _said("not_before: ", "not_after: "),
    ),
    Explanation(
        ("subject_alt_names",),
        "OpenSSL shows no name at all if one is malformed or has a NUL; ours reads each by itself.",
        _only_we,
    ),
    Explanation(
        ("subject_alt_names",),
        "An iPAddress of another length than 4 or 16 octets is IP:<invalid>; OpenSSL says how long it is.",
        _is_no_address,
    ),
    Explanation(
        ("subject_alt_names", "ocsp_urls"),
        "A name or address with line ends is one name; OpenSSL prints it over several lines.",
        _has_line_end,
    ),
    Explanation(("ocsp_urls",), "Bytes that are no ASCII are Latin-1 for us; OpenSSL shows the bytes.", _same_bytes),
    Explanation(
        ("key_usage", "extended_key_usage", "embedded_scts", "ocsp_urls", "is_ca"),
        "OpenSSL shows nothing of an extension that is empty or malformed in a part; ours shows what it says.",
        _only_we,
    ),
    Explanation(
        ("key_usage", "extended_key_usage", "embedded_scts", "subject_alt_names", "is_ca", "ocsp_urls"),
        "An extension with data behind it is malformed, and other readers may see another one: null, with the reason.",
        _said("it has trailing data"),
    ),
    Explanation(
        ("key_usage", "extended_key_usage", "embedded_scts", "subject_alt_names", "is_ca", "ocsp_urls"),
        "A value in pieces is BER, which certificates may not have (RFC 5280, 4.1): it is not read.",
        _said("it has no value", "tag 0xa1, which is not a type of name"),
    ),
    Explanation(
        ("signature_algorithm", "signature_hash"),
        "An algorithm of which a part is missing or too much is not read; OpenSSL shows its beginning.",
        _said("signature_algorithm: it is truncated"),
    ),
    Explanation(
        ("subject", "issuer"),
        "OpenSSL writes BIT STRINGs with a wrong number of unused bits anew; the fact has the value as it stands.",
        _has_malformed_bits,
    ),
    Explanation(
        ("subject", "issuer"),
        "A name with bytes of all kinds, sixty digits, or a thousand characters is not shown: it may be a private key.",
        _is_hidden,
    ),
    Explanation(
        ("serial_number",),
        "A serial number of 30 bytes, which no CA gives, is not shown: it may be a private key.",
        _said("it may be a private key"),
    ),
    Explanation(
        ("public_key",),
        "The prime of a DSA key is a positive number; of another one nothing is told.",
        _said("the prime of the DSA key is not positive"),
    ),
    Explanation(
        ("file.key_matches",),
        "Nothing is computed with keys of more than 16,384 bits, which nobody uses: not known.",
        lambda difference: difference.ours is None and _largest_key(Path(difference.file)) > 16384,
    ),
    Explanation(
        ("signature_hash",),
        "OpenSSL's name of the algorithm has no hash: GOST, and those of algorithms that hash inside.",
        _only_we,
    ),
    Explanation(
        ("signature_hash",),
        "An algorithm that is a hash, and no signature: what was signed how is not known.",
        lambda difference: (
            difference.ours is UNREAD
            and any(view.facts["signature_algorithm"] == oid_of(difference.theirs) for view in difference.views)
        ),
    ),
    Explanation(
        _ISSUED,
        "OpenSSL does not say: it takes nobody for an issuer whose key identifier or any of whose extensions does not"
        " fit, before it looks at the signature, or knows no such keys.",
        lambda difference: difference.theirs is UNREAD or difference.theirs is None,
    ),
    Explanation(
        _ISSUED,
        "A certificate without basic constraints is no CA (RFC 5280, 4.2.1.9); for OpenSSL its key usage is enough.",
        _signs_without_basic_constraints,
    ),
    Explanation(
        _ISSUED,
        "The signature fits; OpenSSL asks also whether the parameters of a key for RSASSA-PSS allow its hash.",
        _by_pss,
    ),
    Explanation(
        _ISSUED,
        "At most 64 signatures of one content are checked, far more than a chain has: not known.",
        lambda difference: len(difference.views) > 64 and _is_undecided(difference),
    ),
    Explanation(
        _ISSUED,
        "cryptography does not load keys on curves given by their parameters, nor those with a wrong exponent, and"
        " checks no signature with MD2: not known.",
        _is_unusual_key,
    ),
)
