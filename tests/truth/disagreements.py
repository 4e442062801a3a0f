# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reasons for check results that differ from a linter's and are right."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.ucloud.ulb.plugins.module_utils._certificates.domains import normalize

from .linters import OVERLAPS, Disagreement


@dataclass(frozen=True)
class Reason:
    """The reason why a check result that differs from a linter's is right."""

    check: str
    who: str
    reason: str
    holds: Callable[[Disagreement], bool]


def reason_of(disagreement: Disagreement) -> str | None:
    """Return the reason why a result is right, or ``None`` if there is none."""
    return next(
        (
            f"{item.check}, {item.who}: {item.reason}"
            for item in _TABLE
            if (item.check, item.who) == (disagreement.fact, disagreement.who) and item.holds(disagreement)
        ),
        None,
    )


def _x509(item: Disagreement) -> Mapping[str, Any]:
    return (item.facts or {}).get("x509") or {}


def _public_key(item: Disagreement) -> Mapping[str, Any]:
    return _x509(item).get("public_key") or {}


def _common_names(item: Disagreement) -> set[str]:
    names = (_x509(item).get("subject") or {}).get("common_name") or []
    return set(map(normalize, names if isinstance(names, list) else [names]))


def _alternative_names(item: Disagreement) -> set[str]:
    return {normalize(name.partition(":")[2]) for name in _x509(item).get("subject_alt_names") or ()}


def _we_fail(item: Disagreement) -> bool:
    return (item.ours, item.theirs) == (True, False)


def _they_fail(item: Disagreement) -> bool:
    return (item.ours, item.theirs) == (False, True)


def _we_cannot_tell(item: Disagreement) -> bool:
    return item.ours is None


def _has_other_key(item: Disagreement) -> bool:
    return _we_fail(item) and _public_key(item).get("type") in ("DSA", "EC")


def _has_odd_size(item: Disagreement) -> bool:
    return _they_fail(item) and bool((_public_key(item).get("size") or 0) % 8)


def _is_on_p521(item: Disagreement) -> bool:
    return _we_fail(item) and _public_key(item).get("curve") == "secp521r1"


def _is_issued_before_398_days(item: Disagreement) -> bool:
    not_before = (item.facts or {}).get("not_before_epoch")
    return not_before is not None and not_before < 1598918400  # 2020-09-01


def _was_allowed(item: Disagreement) -> bool:
    return _they_fail(item) and _is_issued_before_398_days(item)


def _has_one_second_more(item: Disagreement) -> bool:
    return _we_fail(item) and _is_issued_before_398_days(item)


def _has_odd_time(item: Disagreement) -> bool:
    return _we_fail(item) and "pkix.invalid_time_syntax" in item.codes


def _has_good_hash(item: Disagreement) -> bool:
    return _they_fail(item) and _x509(item).get("signature_hash") not in (None, "md2", "md5", "sha1")


def _is_onion(item: Disagreement) -> bool:
    return _we_fail(item) and any(name.endswith(".onion") for name in _common_names(item) | _alternative_names(item))


def _is_elsewhere(item: Disagreement) -> bool:
    """Whether a common name is an IP address, or missing in the subject alternative names."""
    has_address = any(name.startswith("IP:") for name in _x509(item).get("subject_alt_names") or ())
    return _we_fail(item) and (has_address or not _common_names(item) <= _alternative_names(item))


def _is_single_label(item: Disagreement) -> bool:
    return _we_fail(item) and any("." not in name for name in _alternative_names(item))


def _is_below_no_suffix(item: Disagreement) -> bool:
    return _they_fail(item) and not item.codes.isdisjoint(("cabf.internal_domain_name", "e_dnsname_not_valid_tld"))


def _is_written_differently(item: Disagreement) -> bool:
    return _they_fail(item) and _common_names(item) <= _alternative_names(item)


def _has_no_extension(item: Disagreement) -> bool:
    names = ("subject_alt_names", "key_usage", "extended_key_usage")
    return _we_fail(item) and not any(_x509(item).get(name) for name in names)


_PKILINT, _ZLINT = "pkilint", "zlint"
_ONION = ".onion names only exist in Tor, so no client of a load balancer can use them."
_SUFFIXES = "It uses the list of public suffixes, which changes weekly. Here, further suffixes are an option."
_NOTATION = "For clients, differently written names are the same name."
_NO_EXTENSION = "It does not report missing extensions of certificates without any extension."
_NOT_READ = "Here, unread parts make the result unknown. Linters pass what they do not check."
_TABLE = (
    Reason("cert_weak_key", _PKILINT, "It only checks RSA keys. DSA and small curves are also weak.", _has_other_key),
    Reason(
        "cert_weak_key",
        _PKILINT,
        "A size that is not a multiple of 8 is not allowed for CAs, but not weak.",
        _has_odd_size,
    ),
    Reason("cert_key_curve", _ZLINT, "P-521 is allowed for CAs. Here, an option allows it.", _is_on_p521),
    Reason("cert_factorable", _ZLINT, "Each of its lints checks one factoring method. Another one succeeds.", _we_fail),
    Reason("cert_factorable", _PKILINT, "It checks small factors, not primes that are close to each other.", _we_fail),
    Reason(
        "cert_weak_signature",
        _PKILINT,
        "It requires the algorithms allowed for CAs. Here, a strong hash is sufficient.",
        _has_good_hash,
    ),
    Reason("cert_weak_signature", _PKILINT, "The algorithm is unknown, so it may be weak.", _we_cannot_tell),
    Reason("cert_validity_too_long", _PKILINT, "It uses newer limits than those at the time of issue.", _was_allowed),
    Reason(
        "cert_validity_too_long", _ZLINT, "It does not count the last second, which is included.", _has_one_second_more
    ),
    Reason("cert_validity_too_long", _PKILINT, "It cannot read times without seconds.", _has_odd_time),
    Reason("cert_internal_name", _PKILINT, _SUFFIXES, _is_below_no_suffix),
    Reason("cert_internal_name", _ZLINT, _SUFFIXES, _is_below_no_suffix),
    Reason("cert_internal_name", _PKILINT, _ONION, _is_onion),
    Reason("cert_internal_name", _ZLINT, _ONION, _is_onion),
    Reason(
        "cert_internal_name",
        _PKILINT,
        "It checks neither common names nor reserved but reachable addresses.",
        _is_elsewhere,
    ),
    Reason("cert_internal_name", _PKILINT, "A public suffix alone is not a public host name.", _is_single_label),
    Reason("cert_internal_name", _ZLINT, "The lint checks another field.", _is_elsewhere),
    Reason("cert_cn_not_in_san", _PKILINT, _NOTATION, _is_written_differently),
    Reason("cert_cn_not_in_san", _ZLINT, _NOTATION, _is_written_differently),
    Reason("cert_san_missing", _PKILINT, _NO_EXTENSION, _has_no_extension),
    Reason("cert_eku_missing_server_auth", _PKILINT, _NO_EXTENSION, _has_no_extension),
    *(Reason(overlap.check, who, _NOT_READ, _we_cannot_tell) for overlap in OVERLAPS for who in (_PKILINT, _ZLINT)),
)
