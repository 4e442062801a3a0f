# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks of keys and signatures."""

from __future__ import annotations

from functools import cache
from math import isqrt
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from ansible_collections.ucloud.ulb.plugins.plugin_utils._audit.policy import Policy
from ansible_collections.ucloud.ulb.tests.simulator import keys
from ansible_collections.ucloud.ulb.tests.simulator.issuing import Authority, Request, utc
from ansible_collections.ucloud.ulb.tests.unit.factories import audit_facts
from ansible_collections.ucloud.ulb.tests.unit.factories.audit_facts import (
    NOW,
    Facts,
    failed,
    unknown,
    verdict,
    with_key,
)

#: All primes below 752.
SMALL = [number for number in range(2, 752) if all(number % divisor for divisor in range(2, number))]


def with_exponent(exponent: int) -> Facts:
    """A certificate for an RSA key with another public exponent."""
    certificate = audit_facts.issuing().issue(audit_facts.csr(key=audit_facts.make_key("rsa2048"), exponent=exponent))
    return audit_facts.facts(audit_facts.pem(certificate, audit_facts.issuing()))


@cache
def with_rounds(rounds: int) -> Facts:
    """A certificate for an RSA modulus of 2048 bits that Fermat's method factors in the given number of rounds.

    The modulus is a² - b², with a of 1024 bits, so that the method ends when it reaches a. It has no small factor.
    """
    a = 7 << 1021
    while True:
        low, high = 1, a // 2
        while low < high:
            middle = (low + high) // 2
            if rounds_to(a, middle) < rounds:
                low = middle + 1
            else:
                high = middle
        # Odd because a is even, so that the modulus is odd.
        for b in range(low | 1, low + 20_000, 2):
            if rounds_to(a, b) != rounds:
                break
            if all((a * a - b * b) % prime for prime in SMALL):
                return audit_facts.facts(
                    audit_facts.pem(audit_facts.issued_for(rsa.RSAPublicNumbers(65537, a * a - b * b).public_key()))
                )
        a += 2


def rounds_to(a: int, b: int) -> int:
    """The number of integers from the square root of the modulus, rounded up, to ``a``."""
    root = isqrt(a * a - b * b)
    return a - root + (root * root == a * a - b * b)


def signed_with(kind: str) -> Facts:
    """A certificate signed with this hash by a CA with an RSA key."""
    issuer = audit_facts.issuing("rsa2048")
    return audit_facts.facts(audit_facts.content(audit_facts.csr(signature_hash=kind), issuer))


def below(*above: Authority) -> Facts:
    """A certificate followed by these others, the first of which issued it."""
    request = audit_facts.csr()
    return audit_facts.facts(audit_facts.pem(above[0].issue(request), *above) + keys.key_pem(request.key))


def with_stored_key(label: str) -> Facts:
    """A certificate for the key "unit", stored together with the key of this label."""
    issuer = audit_facts.issuing()
    return audit_facts.facts(
        audit_facts.pem(issuer.issue(audit_facts.csr()), issuer) + keys.key_pem(audit_facts.make_key("p256", label))
    )


#: For each check, a certificate that fails it, and a similar one that passes.
PAIRS = {
    "cert_weak_key": (with_key("rsa2047"), with_key("rsa2048")),
    "cert_key_curve": (with_key("p521"), with_key("p384")),
    "cert_rsa_exponent": (with_exponent(65536), with_exponent(65537)),
    "cert_factorable": (with_rounds(100), with_rounds(101)),
    "cert_weak_signature": (signed_with("sha1"), signed_with("sha256")),
    "cert_self_signed": (audit_facts.facts(audit_facts.alone()), audit_facts.compliant()),
    "key_mismatch": (with_stored_key("another"), with_stored_key("unit")),
    "private_key_stored": (
        audit_facts.compliant(),
        audit_facts.facts(audit_facts.pem(audit_facts.issuing().issue(audit_facts.csr()), audit_facts.issuing())),
    ),
}


@pytest.mark.parametrize("check", PAIRS)
def test_one_fails_and_one_close_to_it_passes(check: str) -> None:
    bad, good = PAIRS[check]

    assert failed(check, bad)["check"] == check
    assert verdict(check, good) is None


@pytest.mark.parametrize(
    ("check", "severity"),
    [
        ("cert_weak_key", "high"),
        ("cert_key_curve", "medium"),
        ("cert_rsa_exponent", "medium"),
        ("cert_factorable", "critical"),
        ("cert_weak_signature", "high"),
        ("cert_self_signed", "medium"),
        ("key_mismatch", "high"),
        ("private_key_stored", "low"),
    ],
)
def test_severity_does_not_depend_on_what_serves_it(check: str, severity: str) -> None:
    bad, _good = PAIRS[check]

    assert failed(check, bad)["severity"] == severity
    assert failed(check, {**bad, "bound": False, "bindings": []})["severity"] == severity


def test_weak_keys() -> None:
    rsa2047, p224, dsa = with_key("rsa2047"), with_key("p224"), with_key("dsa1024")

    finding = failed("cert_weak_key", rsa2047)
    assert finding["detail"] == "Its RSA key has 2047 bits; at least 2048 are required."
    assert finding["evidence"] == {"type": "RSA", "size": 2047, "least_size": 2048}
    assert failed("cert_weak_key", p224)["evidence"] == {"type": "EC", "size": 224, "least_size": 256}
    assert failed("cert_weak_key", dsa)["detail"] == "It has a DSA key (1024 bits)."
    for kind in ("p256", "secp256k1", "ed25519"):
        assert verdict("cert_weak_key", with_key(kind)) is None


def test_sizes_are_options() -> None:
    rsa2047, rsa2048, p224, p256 = map(with_key, ("rsa2047", "rsa2048", "p224", "p256"))

    assert verdict("cert_weak_key", rsa2047, rsa_bits=2047) is None
    assert failed("cert_weak_key", rsa2048, rsa_bits=2049)["evidence"]["least_size"] == 2049
    assert verdict("cert_weak_key", p224, ec_bits=224) is None
    assert failed("cert_weak_key", p256, ec_bits=257)["evidence"]["least_size"] == 257
    assert failed("cert_weak_key", with_key("dsa1024"), rsa_bits=0, ec_bits=0)["status"] == "fail"


def test_a_key_of_unknown_size() -> None:
    certificate = with_key("rsa2048")
    certificate["x509"]["public_key"]["size"] = None

    assert unknown("cert_weak_key", certificate) == "Undecided: the size of its key is not known."


def test_curves() -> None:
    finding = failed("cert_key_curve", with_key("secp256k1"))

    assert finding["detail"] == "Its key uses the curve secp256k1."
    assert finding["evidence"] == {"curve": "secp256k1", "allowed_curves": ["secp256r1", "secp384r1"]}
    for kind in ("p256", "p384", "rsa2048", "ed25519"):
        assert verdict("cert_key_curve", with_key(kind)) is None
    assert verdict("cert_key_curve", with_key("p521"), allowed_curves=["secp521r1"]) is None
    assert verdict("cert_key_curve", with_key("p256"), allowed_curves=["P-256"]) is None
    assert failed("cert_key_curve", with_key("p384"), allowed_curves=["P-256"])["status"] == "fail"
    assert failed("cert_key_curve", with_key("p256"), allowed_curves=["secp521r1"])["status"] == "fail"


def test_an_unknown_curve() -> None:
    certificate = with_key("p256")
    certificate["x509"]["public_key"]["curve"] = None

    assert unknown("cert_key_curve", certificate) == "Undecided: the curve of its key is not known."


@pytest.mark.parametrize("exponent", [1, 2, 4, 65536])
def test_exponents_that_are_unsound(exponent: int) -> None:
    finding = failed("cert_rsa_exponent", with_exponent(exponent))

    assert finding["detail"] == f"The exponent of its RSA key is {exponent}."
    assert finding["evidence"] == {"exponent": exponent}


@pytest.mark.parametrize("exponent", [3, 17, 65537, (1 << 256) + 1])
def test_exponents_that_are_sound(exponent: int) -> None:
    assert verdict("cert_rsa_exponent", with_exponent(exponent)) is None


def with_exponent_text(exponent: str) -> Facts:
    """A certificate with this exponent in its facts, which is too large for a number."""
    certificate = with_key("rsa2048")
    certificate["x509"]["public_key"]["exponent"] = exponent
    return certificate


def test_exponents_that_are_text() -> None:
    large = 1 << 20000

    assert verdict("cert_rsa_exponent", with_exponent_text(hex(large + 1))) is None
    assert verdict("cert_rsa_exponent", with_exponent_text("0x10000000000000001")) is None
    assert verdict("cert_rsa_exponent", with_exponent_text("0x3")) is None
    finding = failed("cert_rsa_exponent", with_exponent_text("0x10000000000000002"))
    assert finding["detail"] == "The exponent of its RSA key is 0x10000000000000002."
    assert finding["evidence"] == {"exponent": "0x10000000000000002"}
    # Long exponents are cut.
    finding = failed("cert_rsa_exponent", with_exponent_text(hex(large)))
    shown = f"{hex(large)[:40]}… (20001 bits)"
    assert finding["detail"] == f"The exponent of its RSA key is {shown}."
    assert finding["evidence"] == {"exponent": shown}
    for small in ("0x1", "-0x10000000000000001", "0x2"):
        assert failed("cert_rsa_exponent", with_exponent_text(small))["evidence"] == {"exponent": small}
    assert unknown("cert_rsa_exponent", with_exponent_text("many")).startswith("Undecided: its facts cannot")


@pytest.mark.parametrize("rounds", [1, 2, 99, 100])
def test_moduli_that_are_factored(rounds: int) -> None:
    finding = failed("cert_factorable", with_rounds(rounds))

    assert finding["evidence"] == {"rounds": rounds, "size": 2048}
    word = "round" if rounds == 1 else "rounds"
    assert finding["detail"] == f"Fermat's method factors its RSA modulus in {rounds} {word}."


def test_the_number_of_rounds_is_an_option() -> None:
    assert failed("cert_factorable", with_rounds(101), rounds=101)["evidence"]["rounds"] == 101
    assert verdict("cert_factorable", with_rounds(2), rounds=1) is None
    assert verdict("cert_factorable", with_rounds(2), rounds=1.9) is None
    assert verdict("cert_factorable", with_rounds(1), rounds=0) is None


def test_real_keys_are_not_factored() -> None:
    assert verdict("cert_factorable", with_key("rsa2048"), rounds=1000) is None
    assert failed("cert_factorable", with_key("fermat2048"))["evidence"]["rounds"] == 1


def with_modulus(modulus: str) -> Facts:
    """A certificate with this RSA modulus in its facts."""
    certificate = with_key("rsa2048")
    certificate["x509"]["public_key"]["modulus"] = modulus
    return certificate


def modulus_of(certificate: Facts) -> int:
    return int(certificate["x509"]["public_key"]["modulus"], 16)


@pytest.mark.parametrize("factor", [2, 3, 5, 257, 743, 751])
def test_moduli_with_a_small_factor(factor: int) -> None:
    finding = failed("cert_factorable", with_modulus(hex(factor * modulus_of(with_rounds(101)))))

    assert finding["severity"] == "critical"
    assert finding["detail"] == f"Its RSA modulus is divisible by {factor}."
    assert finding["evidence"] == {"factor": factor, "size": 2048}
    # The smallest factor is reported, and rounds do not matter.
    assert failed("cert_factorable", with_modulus(hex(factor * 751)), rounds=0)["evidence"]["factor"] == factor


@pytest.mark.parametrize("factor", [757, 761, 65537])
def test_larger_factors_are_not_looked_for(factor: int) -> None:
    assert verdict("cert_factorable", with_modulus(hex(factor * modulus_of(with_rounds(101))))) is None


NO_MODULUS = "Undecided: its RSA modulus is malformed, or too large to test."


@pytest.mark.parametrize("modulus", ["0x0", "-0x4d", "", "77", "0x", "0xg"])
def test_what_is_no_modulus(modulus: str) -> None:
    assert unknown("cert_factorable", with_modulus(modulus)) == NO_MODULUS


def test_a_modulus_that_takes_long() -> None:
    # All bits are set: it is divisible by 3.
    assert failed("cert_factorable", with_modulus(hex((1 << 16384) - 1)))["evidence"]["factor"] == 3

    assert unknown("cert_factorable", with_modulus(hex((1 << 16385) - 1))) == NO_MODULUS
    assert unknown("cert_factorable", with_modulus(hex(1 << 30000))) == NO_MODULUS


@pytest.mark.parametrize("check", ["cert_rsa_exponent", "cert_factorable"])
def test_keys_of_other_kinds_have_no_such_numbers(check: str) -> None:
    for kind in ("p256", "ed25519", "dsa1024"):
        assert verdict(check, with_key(kind)) is None


@pytest.mark.parametrize("check", ["cert_weak_key", "cert_key_curve", "cert_rsa_exponent", "cert_factorable"])
def test_without_a_key_nothing_is_decided(check: str) -> None:
    assert unknown(check, audit_facts.facts("no certificate")) == "Undecided: its public key cannot be read."


@pytest.mark.parametrize("kind", ["md5", "sha1"])
def test_weak_signatures(kind: str) -> None:
    finding = failed("cert_weak_signature", signed_with(kind))

    assert finding["detail"] == f"Weak signatures: shop.example.com with {kind}WithRSAEncryption."
    assert finding["evidence"] == {"signature_algorithms": {"shop.example.com": f"{kind}WithRSAEncryption"}}


def test_an_intermediate_with_a_weak_signature() -> None:
    finding = failed("cert_weak_signature", below(audit_facts.issuing(signature_hash="sha1")))

    assert finding["detail"] == "Weak signatures: Example TLS CA with sha1WithRSAEncryption."


def test_what_a_root_is_signed_with_does_not_matter() -> None:
    old = audit_facts.root("rsa2048", "sha1")

    assert verdict("cert_weak_signature", below(old)) is None
    assert failed("cert_weak_signature", audit_facts.facts(audit_facts.pem(old)))["status"] == "fail"


def test_whether_it_is_a_root_is_not_known() -> None:
    certificate = below(audit_facts.root("rsa2048", "sha1"))
    certificate["x509"]["chain"][0]["self_signed"] = None

    assert unknown("cert_weak_signature", certificate) == (
        "Undecided: whether Example Root, which is signed with sha1, is a root is not known."
    )
    # With a strong signature, that does not matter.
    assert verdict("cert_weak_signature", certificate, weak_hashes=["md5"]) is None


def test_weak_hashes_are_an_option() -> None:
    ec, rsa2048 = audit_facts.compliant(), signed_with("sha256")

    assert failed("cert_weak_signature", ec, weak_hashes=["sha256"])["evidence"] == {
        "signature_algorithms": {"shop.example.com": "ecdsa-with-SHA256", "Example TLS CA": "ecdsa-with-SHA256"}
    }
    assert failed("cert_weak_signature", rsa2048, weak_hashes=["SHA-256"])["status"] == "fail"
    assert failed("cert_weak_signature", signed_with("sha1"), weak_hashes=["SHA-1"])["status"] == "fail"
    assert verdict("cert_weak_signature", rsa2048, weak_hashes=["SHA-1"]) is None
    assert verdict("cert_weak_signature", signed_with("sha1"), weak_hashes=["md5"]) is None
    assert verdict("cert_weak_signature", signed_with("md5"), weak_hashes=[]) is None


def with_hash(algorithm: str | None, digest: str | None) -> Facts:
    """A certificate with this signature algorithm and hash in its facts."""
    certificate = audit_facts.compliant()
    return {
        **certificate,
        "x509": {**certificate["x509"], "signature_algorithm": algorithm, "signature_hash": digest},
    }


@pytest.mark.parametrize(
    ("algorithm", "digest", "said"),
    [
        ("sha1WithRSA", "sha1", "sha1WithRSA"),
        ("1.3.14.3.2.27", "sha1", "1.3.14.3.2.27 (sha1)"),
        ("md2WithRSAEncryption", "md2", "md2WithRSAEncryption"),
        ("md4WithRSAEncryption", "md4", "md4WithRSAEncryption"),
        ("ecdsa-with-SHA1", "sha1", "ecdsa-with-SHA1"),
        ("rsassaPss", "sha1", "rsassaPss (sha1)"),
        (None, "md5", "md5"),
    ],
)
def test_weak_signatures_by_their_hash(algorithm: str | None, digest: str, said: str) -> None:
    finding = failed("cert_weak_signature", with_hash(algorithm, digest))

    assert finding["detail"] == f"Weak signatures: shop.example.com with {said}."
    assert finding["evidence"] == {"signature_algorithms": {"shop.example.com": said}}


@pytest.mark.parametrize(
    ("algorithm", "digest"),
    [
        ("ed25519", "none"),
        ("sha512WithRSAEncryption", "sha512"),
        ("rsassaPss", "sha256"),
        ("RSA-SHA3-256", "sha3-256"),
        ("SM2-with-SM3", "sm3"),
        # Only the hash counts, whatever the name.
        ("sha1WithRSAEncryption", "sha256"),
    ],
)
def test_signatures_that_are_not_weak(algorithm: str, digest: str) -> None:
    assert verdict("cert_weak_signature", with_hash(algorithm, digest)) is None


def test_hashes_in_any_spelling() -> None:
    certificate = with_hash("RSA-SHA3-256", "sha3-256")

    assert failed("cert_weak_signature", certificate, weak_hashes=["SHA3-256"])["status"] == "fail"
    # A hash whose name begins the same is a different hash.
    assert verdict("cert_weak_signature", with_hash("sha512-256WithRSA", "sha512-256"), weak_hashes=["sha512"]) is None


def test_signatures_that_do_not_tell_their_hash() -> None:
    reason = "Undecided: the hash of the signature algorithm rsassaPss is not known."
    assert unknown("cert_weak_signature", with_hash("rsassaPss", None)) == reason
    reason = "Undecided: the hash of the signature algorithm of a certificate is not known."
    assert unknown("cert_weak_signature", with_hash(None, None)) == reason
    # Another weak signature is reported anyway.
    weak = with_hash("rsassaPss", None)
    weak["x509"]["chain"] = [{**weak["x509"]["chain"][0], "signature_hash": "sha1"}]
    assert failed("cert_weak_signature", weak)["status"] == "fail"
    reason = "Undecided: the certificate cannot be read."
    assert unknown("cert_weak_signature", audit_facts.facts("no certificate")) == reason


def test_a_certificate_that_is_unread_may_be_signed_weakly() -> None:
    sound, weak = audit_facts.compliant(), signed_with("sha1")
    for certificate in (sound, weak):
        certificate["x509"]["unread_certificates"] = 1

    reason = "Undecided: not all certificates in the content can be read."
    assert unknown("cert_weak_signature", sound) == reason
    assert failed("cert_weak_signature", weak)["status"] == "fail"
    del sound["x509"]["unread_certificates"]
    assert unknown("cert_weak_signature", sound) == reason


def advice(check: str, **checks: Any) -> str:
    """The remediation of a policy with these settings of checks."""
    rules = Policy.from_data({"checks": checks}).rules
    return next(rule.remediation for rule in rules if rule.check.id == check)


@pytest.mark.parametrize("check", ["cert_weak_key", "cert_key_curve", "cert_rsa_exponent"])
@pytest.mark.parametrize(
    ("checks", "key"),
    [
        ({}, "EC P-256, or RSA with at least 2048 bits"),
        ({"cert_weak_key": {"rsa_bits": 3072}}, "EC P-256, or RSA with at least 3072 bits"),
        # Keys that are too small by any standard are not recommended.
        ({"cert_weak_key": {"rsa_bits": 1024, "ec_bits": 0}}, "EC P-256, or RSA with at least 2048 bits"),
        ({"cert_weak_key": {"ec_bits": 384}}, "EC P-384, or RSA with at least 2048 bits"),
        ({"cert_key_curve": {"allowed_curves": ["P-384"]}}, "EC P-384, or RSA with at least 2048 bits"),
        ({"cert_key_curve": {"allowed_curves": ["P-521", "P-384"]}}, "EC P-384, or RSA with at least 2048 bits"),
        (
            {"cert_key_curve": {"allowed_curves": ["brainpoolP384r1"]}},
            "EC brainpoolP384r1, or RSA with at least 2048 bits",
        ),
        ({"cert_key_curve": {"allowed_curves": ["secp192r1"]}}, "RSA with at least 2048 bits"),
        ({"cert_key_curve": {"allowed_curves": []}}, "RSA with at least 2048 bits"),
        ({"cert_weak_key": {"ec_bits": 521}}, "RSA with at least 2048 bits"),
    ],
)
def test_advice_for_keys_is_by_the_policy(check: str, checks: dict[str, Any], key: str) -> None:
    assert advice(check, **checks) == f"Re-issue the certificate with a new key: {key}."


def test_advice_where_other_checks_are_off() -> None:
    assert advice("cert_weak_key", cert_key_curve=False) == (
        "Re-issue the certificate with a new key: EC P-256, or RSA with at least 2048 bits."
    )
    assert advice("cert_weak_key", cert_key_curve=False, cert_weak_key={"ec_bits": 512}).count("EC P-521") == 1
    assert advice("cert_rsa_exponent", cert_key_curve=False, cert_weak_key=False) == advice("cert_rsa_exponent")


@pytest.mark.parametrize(
    ("weak", "said"),
    [
        (["sha1"], "SHA-256 or better"),
        (["sha1", "sha256"], "SHA-384 or better"),
        (["sha256", "sha384", "sha512"], "SHA3-256 or better"),
        (["sha256", "sha384", "sha512", "sha3-256", "sha3-384", "sha3-512"], "a hash that the policy allows"),
    ],
)
def test_advice_for_signatures_is_by_the_policy(weak: list[str], said: str) -> None:
    assert advice("cert_weak_signature", cert_weak_signature={"weak_hashes": weak}) == (
        f"Have the CA re-issue it, signed with {said}."
    )


def test_findings_have_the_advice_of_the_policy() -> None:
    finding = failed("cert_weak_key", with_key("rsa2048"), rsa_bits=3072)

    assert (
        finding["remediation"] == "Re-issue the certificate with a new key: EC P-256, or RSA with at least 3072 bits."
    )


def test_self_signed() -> None:
    finding = failed("cert_self_signed", audit_facts.facts(audit_facts.alone()))

    assert (finding["severity"], finding["detail"]) == ("medium", "It is signed with its own key.")
    assert finding["evidence"]["subject"]["common_name"] == audit_facts.NAME


def test_the_same_names_but_a_foreign_signature() -> None:
    another = Authority(audit_facts.root().certificate, keys.signing_key("p256", "another"))
    request = Request(another.certificate.subject, audit_facts.make_key(), utc(NOW), utc(NOW + 1))
    certificate = audit_facts.facts(audit_facts.pem(another.issue(request)))

    assert verdict("cert_self_signed", certificate) is None


def test_self_signed_with_what_nobody_signs_with_any_more() -> None:
    request = audit_facts.csr(key=audit_facts.make_key("rsa2048"), signature_hash="sha1")

    assert failed("cert_self_signed", audit_facts.facts(audit_facts.alone(request)))["status"] == "fail"


@pytest.mark.parametrize("value", [None, "yes", 1])
def test_who_signed_it_is_not_known(value: Any) -> None:
    certificate = audit_facts.compliant()
    certificate["x509"]["self_signed"] = value

    assert unknown("cert_self_signed", certificate) == "Undecided: who signed it is not known."


def test_issued_by_another() -> None:
    assert verdict("cert_self_signed", audit_facts.compliant()) is None


def test_keys_that_do_not_belong_to_it() -> None:
    finding = failed("key_mismatch", with_stored_key("another"))

    assert finding["detail"] == "The stored private key does not match it."
    assert finding["evidence"] == {"key_matches": False}


def test_a_key_that_cannot_be_compared() -> None:
    reason = "Undecided: the stored private key cannot be read or compared."
    block = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"

    assert (
        unknown(
            "key_mismatch",
            audit_facts.facts(audit_facts.pem(audit_facts.issuing().issue(audit_facts.csr())) + block),
        )
        == reason
    )


@pytest.mark.parametrize("unread", [1, None])
def test_a_certificate_that_is_unread_may_be_that_of_the_key(unread: int | None) -> None:
    certificate = with_stored_key("another")
    certificate["x509"]["unread_certificates"] = unread

    reason = "Undecided: the stored private key cannot be read or compared."
    assert unknown("key_mismatch", certificate) == reason
    assert unknown("key_mismatch", {**certificate, "x509": None}) == reason


def test_without_a_key_none_is_wrong() -> None:
    assert (
        verdict(
            "key_mismatch",
            audit_facts.facts(audit_facts.pem(audit_facts.issuing().issue(audit_facts.csr()))),
        )
        is None
    )
    assert verdict("key_mismatch", audit_facts.facts()) is None


def test_whether_a_key_is_stored() -> None:
    finding = failed("private_key_stored", audit_facts.compliant())

    assert (finding["detail"], finding["evidence"]) == (
        "The API returns its private key.",
        {"private_key_stored": True},
    )
    assert unknown("private_key_stored", audit_facts.facts()) == "Undecided: the API returned no content."
    # Off by default.
    assert audit_facts.audit(audit_facts.listing(audit_facts.compliant()))["policy"]["checks"][
        "private_key_stored"
    ] == {"enabled": False}
