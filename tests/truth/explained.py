# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reasons for differences that are right."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509 import load_der_x509_certificate

from ...plugins.module_utils._api.redaction import HIDDEN
from . import trust
from .bundles import private_keys
from .certificates import to_pem
from .compare import Difference, in_latin_1, same_names
from .openssl import UNREAD, View, oid_of, run

#: In characters.
_SHORTEST_KEY = 40
#: 30 bytes in hexadecimal, with colons.
_LONG_KEY_ID = 89
_URLS = ("ocsp_urls", "ca_issuers_urls", "crl_urls")
_NEWER = ("ca_issuers_urls", "crl_urls", "must_staple", "subject_key_id", "authority_key_id")


@dataclass(frozen=True)
class Explanation:
    """The reason why some differences are right. ``facts`` are prefixes of fact names."""

    facts: tuple[str, ...]
    reason: str
    holds: Callable[[Difference], bool]


def reason_of(difference: Difference) -> str | None:
    """Return the reason why a difference is right, or ``None`` if there is none."""
    return next(
        (item.reason for item in _TABLE if difference.fact.startswith(item.facts) and item.holds(difference)), None
    )


def _only_we(difference: Difference) -> bool:
    return difference.theirs is UNREAD and difference.ours is not UNREAD


def _said(*texts: str) -> Callable[[Difference], bool]:
    """Our value is null, and the error message contains one of these texts."""
    return lambda difference: difference.ours is UNREAD and any(text in str(difference.about) for text in texts)


def _same_bytes(difference: Difference) -> bool:
    return _both_lists(difference) and list(map(in_latin_1, difference.ours)) == list(
        map(in_latin_1, difference.theirs)
    )


def _same_printable(difference: Difference) -> bool:
    return _both_lists(difference) and [re.sub(r"[^ -~]", ".", in_latin_1(url)) for url in difference.ours] == list(
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
    """Return the size in bits of the largest private key in a file."""
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
    """Whether two values are equal, apart from names that are long enough to contain a key."""
    if not isinstance(difference.ours, dict) or not isinstance(difference.theirs, dict):
        return False
    pairs = [(difference.ours.get(name), value) for name, value in difference.theirs.items()]
    return all(mine == value or (mine == HIDDEN and len(value) >= _SHORTEST_KEY) for mine, value in pairs)


def _hides_names(difference: Difference) -> bool:
    """Whether two lists of names are equal, apart from names that are long enough to contain a key."""
    if not isinstance(difference.ours, list) or not isinstance(difference.theirs, str):
        return False
    kept = [name for name in difference.ours if HIDDEN not in name]
    hidden = [name for name in difference.theirs.split(", ") if name not in kept]
    return len(kept) + len(hidden) == len(difference.ours) and all(len(name) >= _SHORTEST_KEY for name in hidden)


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
    """Whether cryptography rejects a key in the file, or cannot verify a signature."""
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
        "OpenSSL rejects a certificate that is malformed anywhere. We return the facts that can be read.",
        lambda difference: difference.theirs == "refused",
    ),
    Explanation(
        ("file.certificates",),
        "OpenSSL rejects one of them, which is malformed. We return the facts that can be read.",
        lambda difference: _both_lists(difference) and set(difference.ours) > set(difference.theirs),
    ),
    Explanation(
        ("file.certificates",),
        "One of them is BER, which is not allowed for certificates (RFC 5280, 4.1): not read.",
        _lacks_only_ber,
    ),
    Explanation(
        ("x509",),
        "Indefinite lengths and constructed values are BER, which is not allowed (RFC 5280, 4.1): not read.",
        lambda difference: difference.theirs == "read" and all(map(_is_ber, difference.views)),
    ),
    Explanation(
        ("public_key",),
        "OpenSSL does not load keys with wrong or no parameters, or of newer types. We still return type and size.",
        _only_we,
    ),
    Explanation(
        ("public_key",),
        "A modulus that is not positive is malformed (RFC 8017, 3.1). OpenSSL shows another number.",
        _said("the modulus of the RSA key is not positive"),
    ),
    Explanation(
        ("public_key.exponent",),
        "We return a negative exponent as such. OpenSSL shows another number.",
        lambda difference: isinstance(difference.ours, int) and difference.ours < 0,
    ),
    Explanation(
        ("public_key",),
        "A key with trailing data or an indefinite length is malformed. OpenSSL does not check that.",
        _said("public_key: it has trailing data", "public_key: an indefinite length"),
    ),
    Explanation(
        ("not_before", "not_after"),
        "If one of the two dates cannot be read, both come from the platform.",
        _said("not_before: ", "not_after: "),
    ),
    Explanation(
        ("subject_alt_names",),
        "OpenSSL shows no names if one is malformed or contains NUL. We read each one separately.",
        _only_we,
    ),
    Explanation(
        ("subject_alt_names",),
        "An iPAddress that has not 4 or 16 octets is IP:<invalid>. OpenSSL shows its length.",
        _is_no_address,
    ),
    Explanation(
        ("subject_alt_names", *_URLS),
        "OpenSSL prints a name or URL with line breaks on several lines.",
        _has_line_end,
    ),
    Explanation(_URLS, "We decode bytes that are not ASCII as Latin-1. OpenSSL shows the bytes.", _same_bytes),
    Explanation(_URLS, "OpenSSL shows other characters as dots.", _same_printable),
    Explanation(("subject_alt_names",), "Names that may contain a private key are withheld.", _hides_names),
    Explanation(_URLS, "URLs that may contain a private key are withheld.", lambda item: HIDDEN in str(item.ours)),
    Explanation(
        ("subject_key_id", "authority_key_id"),
        "A key identifier of 30 bytes or more, which few CAs use, is withheld: it may contain a private key.",
        lambda item: item.ours is UNREAD and len(str(item.theirs)) >= _LONG_KEY_ID,
    ),
    Explanation(
        _NEWER,
        "A malformed extension is not read. OpenSSL shows its beginning.",
        _said("subjectKeyIdentifier: ", "authorityKeyIdentifier: ", "cRLDistributionPoints: ", "authorityInfoAccess: "),
    ),
    Explanation(
        ("key_usage", "extended_key_usage", "embedded_scts", "ocsp_urls", "is_ca", *_NEWER),
        "OpenSSL shows nothing for empty or partly malformed extensions. We return what can be read.",
        _only_we,
    ),
    Explanation(
        ("key_usage", "extended_key_usage", "embedded_scts", "subject_alt_names", "is_ca", "ocsp_urls", *_NEWER),
        "An extension with trailing data is malformed, and readers may disagree: null, with the reason.",
        _said("it has trailing data"),
    ),
    Explanation(
        ("key_usage", "extended_key_usage", "embedded_scts", "subject_alt_names", "is_ca", "ocsp_urls"),
        "A constructed value is BER, which is not allowed (RFC 5280, 4.1): not read.",
        _said("it has no value", "tag 0xa1, which is not a type of name"),
    ),
    Explanation(
        ("signature_algorithm", "signature_hash"),
        "An incomplete or too long algorithm is not read. OpenSSL shows its beginning.",
        _said("signature_algorithm: it is truncated"),
    ),
    Explanation(
        ("subject", "issuer"),
        "OpenSSL re-encodes BIT STRINGs with a wrong number of unused bits. We return the value unchanged.",
        _has_malformed_bits,
    ),
    Explanation(
        ("subject", "issuer"),
        "Names with arbitrary bytes, 60 digits or 1,000 characters are withheld: they may contain a private key.",
        _is_hidden,
    ),
    Explanation(
        ("serial_number",),
        "A serial number of 30 bytes, which no CA uses, is withheld: it may contain a private key.",
        _said("it may contain a private key"),
    ),
    Explanation(
        ("public_key",),
        "The prime of a DSA key has to be positive. Otherwise, no facts are returned.",
        _said("the prime of the DSA key is not positive"),
    ),
    Explanation(
        ("file.key_matches",),
        "Keys of more than 16,384 bits, which nobody uses, are not checked: unknown.",
        lambda difference: difference.ours is None and _largest_key(Path(difference.file)) > 16384,
    ),
    Explanation(
        ("signature_hash",),
        "OpenSSL's name of the algorithm contains no hash: GOST, and algorithms without a separate hash.",
        _only_we,
    ),
    Explanation(
        ("signature_hash",),
        "The algorithm is a hash, not a signature algorithm: unknown.",
        lambda difference: (
            difference.ours is UNREAD
            and any(view.facts["signature_algorithm"] == oid_of(difference.theirs) for view in difference.views)
        ),
    ),
    Explanation(
        _ISSUED,
        "OpenSSL has no result: it rejects issuers with another key identifier or an unsuitable extension before it"
        " verifies the signature, or it does not support the key.",
        lambda difference: difference.theirs is UNREAD or difference.theirs is None,
    ),
    Explanation(
        _ISSUED,
        "A certificate without basic constraints is not a CA (RFC 5280, 4.2.1.9). For OpenSSL, key usage suffices.",
        _signs_without_basic_constraints,
    ),
    Explanation(
        _ISSUED,
        "The signature is valid. OpenSSL also checks whether the parameters of an RSASSA-PSS key allow its hash.",
        _by_pss,
    ),
    Explanation(
        _ISSUED,
        "At most 64 signatures per content are verified, far more than a chain has: unknown.",
        lambda difference: len(difference.views) > 64 and _is_undecided(difference),
    ),
    Explanation(
        _ISSUED,
        "cryptography does not load keys on curves with explicit parameters or with an invalid exponent, and does not"
        " support MD2: unknown.",
        _is_unusual_key,
    ),
    Explanation(
        ("trust",),
        "OpenSSL does not compare more than about a million names with constraints. cryptography counts differently.",
        lambda difference: difference.ours is True and "unspecified certificate verification" in str(difference.about),
    ),
    Explanation(
        ("limbo",),
        "x509-limbo expects rules for names and for CAs that many clients do not apply. OpenSSL accepts it, too.",
        lambda difference: difference.ours is True and str(difference.about).endswith(trust.ACCEPTS),
    ),
)
