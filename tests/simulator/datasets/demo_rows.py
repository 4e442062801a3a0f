# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of the demo data, one per certificate. Times are in days from the start."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from ..fleet import Record

SHOP = "org-shop2m"
CORP = "org-corp7x"


@dataclass(frozen=True)
class Binding:
    """A listener of an application (``alb``) or classic (``ulb``) load balancer that uses the certificate."""

    kind: str
    balancer: str
    listener: str = "https-443"
    is_default: bool = True
    listener_prefix: str = "lsn"
    """Ids of application listeners begin with ``lsn-`` or ``als-``."""


def alb(balancer: str, listener: str = "https-443", *, sni: bool = False) -> Binding:
    """Return a listener of an application load balancer."""
    return Binding("alb", balancer, listener, not sni)


def als(balancer: str, listener: str = "https-443", *, sni: bool = False) -> Binding:
    """Return a listener of an application load balancer, with the other id prefix."""
    return Binding("alb", balancer, listener, not sni, "als")


def ulb(balancer: str, listener: str = "https-443", *, sni: bool = False) -> Binding:
    """Return a listener of a classic load balancer."""
    return Binding("ulb", balancer, listener, not sni)


#: The two listeners of a load balancer with many certificates.
EDGE = (alb("edge", sni=True), alb("edge", "https-8443", sni=True))


@dataclass(frozen=True)
class Row:
    """A record. Defaults are those of a valid certificate: 70 of 90 days left, EC P-256, SCTs, complete chain.

    90 days, because validity periods above 100 days are not allowed from March 2027 on. Half a day is added to all
    ends, so that the number of days left does not change for some hours after the start.
    """

    slug: str
    common_name: str
    name: str = ""
    """Name on the platform; the common name if empty."""
    alternatives: tuple[str, ...] | None = None
    """Names in addition to the common name, or instead of it if the first is ``=``."""
    region: str = "cn-bj2"
    project: str = SHOP
    bound: tuple[Binding, ...] = ()
    shows: tuple[str, ...] = ()
    """Checks that this row demonstrates."""
    key: str = "p256"
    key_of: str = ""
    """Slug of the row with which this one shares its key."""
    ends: float = 70.5
    lifetime: float = 90
    created_days_ago: float = 19
    issuer: str = "issuing"
    """Short name of an authority, or ``self``."""
    blocks: str = "leaf issuing key"
    """Order of the PEM blocks: ``leaf``, ``key``, ``stray-key``, or an authority."""
    is_ca: bool = False
    usage: x509.ObjectIdentifier | None = ExtendedKeyUsageOID.SERVER_AUTH
    scts: int = 2
    signature_hash: str = "sha256"
    exponent: int | None = None
    crlf: bool = False
    same_as: str = ""
    """Slug of an earlier row with identical content."""
    content: str | None = None
    """Text to use instead of PEM. The empty string means no content."""
    api_unit: str | None = None
    """Unit of the platform's own dates, ``s`` or ``ms``. Most uploads have neither dates nor domains."""
    api_end_shift: float = 0
    ussl: bool = False
    wire: Record = field(default_factory=dict)
    """API fields that replace others."""

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.common_name)

    @property
    def key_label(self) -> str:
        """Rows with the same label share a key."""
        return f"demo {self.key_of or self.slug}"

    @property
    def names(self) -> tuple[str, ...]:
        """Subject alternative names."""
        if self.alternatives is None:
            return (self.common_name,)
        if self.alternatives[:1] == ("=",):
            return self.alternatives[1:]
        return (self.common_name, *self.alternatives)


_IN_ORDER = (
    Row(
        "shop",
        "shop.example.com",
        name="shop.example.com 2026",
        alternatives=("www.shop.example.com",),
        key="rsa2048",
        issuer="rsa-issuing",
        blocks="leaf rsa-issuing key",
        bound=(alb("shop-frontend"), ulb("shop-legacy")),
    ),
    Row("api", "api.example.com", bound=(alb("shop-frontend", sni=True),)),
    Row("static", "static.example.com", key="p384", bound=(alb("shop-frontend", sni=True),)),
    Row(
        "images",
        "images.example.com",
        ends=60.5,
        created_days_ago=29,
        bound=(ulb("media"), alb("edge"), alb("edge", "https-8443")),
    ),
    Row("vpn", "vpn.example.net", key="rsa3072", project=CORP, bound=(ulb("vpn", "tls-8443"),)),
    Row("archive", "archive.example.net", key="rsa4096", project=CORP, bound=(als("archive"),)),
    Row("uploaded-today", "beta.example.com", ends=89.5, created_days_ago=0.2),
    Row(
        "mall",
        "xn--fsqu00a.example.com",
        name="商城主站证书",
        alternatives=("xn--mnchen-3ya.example.com",),
        region="cn-sh2",
        bound=(alb("商城前端"),),
    ),
    Row(
        "ussl-club",
        "club.example.com",
        name="会员中心 club.example.com",
        alternatives=("www.club.example.com",),
        region="cn-sh2",
        api_unit="s",
        ussl=True,
        bound=(als("club"),),
    ),
    Row(
        "ussl-tickets",
        "tickets.example.org",
        alternatives=("m.tickets.example.org",),
        region="hk",
        api_unit="ms",
        ussl=True,
        bound=(als("tickets"),),
        wire={"DNSNames": "tickets.example.org\nm.tickets.example.org"},
    ),
    Row(
        "ussl-events",
        "events.example.org",
        region="hk",
        api_unit="s",
        ussl=True,
        bound=(ulb("events"),),
        wire={"DNSNames": ["events.example.org"]},
    ),
)

_DATES = (
    Row(
        "checkout",
        "checkout.example.com",
        ends=3.5,
        created_days_ago=86,
        bound=(ulb("checkout"), *EDGE),
        shows=("cert_expiring_critical",),
    ),
    Row(
        "login",
        "login.example.com",
        ends=10.5,
        created_days_ago=79,
        bound=(alb("login"), *EDGE),
        shows=("cert_expiring_critical",),
    ),
    Row(
        "search",
        "search.example.com",
        ends=25.5,
        created_days_ago=64,
        bound=(alb("search"), *EDGE),
        shows=("cert_expiring_warning",),
    ),
    # More than 14 days left, but less than a third of a short life.
    Row(
        "flash-sale",
        "flash.example.com",
        ends=18.5,
        lifetime=60,
        created_days_ago=41,
        bound=(alb("flash"), *EDGE),
        shows=("cert_expiring_fraction",),
    ),
    Row(
        "payments",
        "pay.example.com",
        ends=-2.5,
        created_days_ago=92,
        bound=(ulb("payments"),),
        shows=("cert_expired",),
    ),
    Row(
        "old-campaign",
        "summer-sale.example.com",
        ends=-40.5,
        lifetime=-1,
        created_days_ago=130,
        shows=("cert_expired", "cert_validity_reversed", "cert_unused"),
    ),
    Row(
        "spring-launch",
        "spring.example.com",
        ends=95.5,
        created_days_ago=1,
        bound=(alb("spring"), EDGE[1]),
        shows=("cert_not_yet_valid",),
    ),
    Row(
        "partners",
        "partners.example.com",
        ends=800.5,
        lifetime=825,
        created_days_ago=24,
        bound=(ulb("partners"), *EDGE),
        shows=("cert_validity_too_long",),
    ),
)

_KEYS = (
    Row(
        "erp",
        "erp.example.net",
        key="rsa1024",
        project=CORP,
        bound=(ulb("erp"),),
        shows=("cert_weak_key",),
    ),
    Row(
        "tape-robot",
        "tape.example.net",
        key="dsa1024",
        project=CORP,
        bound=(ulb("tape"),),
        shows=("cert_weak_key",),
    ),
    Row(
        "signing",
        "sign.example.net",
        key="p521",
        project=CORP,
        bound=(alb("sign"),),
        shows=("cert_key_curve",),
    ),
    # Ed25519 is not an EC key, so the check of curves passes, although no browser accepts it in a server certificate.
    Row(
        "lab",
        "lab.example.net",
        key="ed25519",
        project=CORP,
        bound=(als("lab"),),
        shows=(),
    ),
    # These two have no private key: none exists for an even exponent, and for 1 it would not be secret.
    Row(
        "exponent-one",
        "kiosk.example.net",
        key="rsa2048",
        exponent=1,
        blocks="leaf issuing",
        project=CORP,
        bound=(ulb("kiosk"),),
        shows=("cert_rsa_exponent",),
    ),
    Row(
        "exponent-even",
        "scanner.example.net",
        key="rsa2048",
        exponent=65536,
        blocks="leaf issuing",
        project=CORP,
        bound=(ulb("scanner"),),
        shows=("cert_rsa_exponent",),
    ),
    Row(
        "close-primes",
        "printer.example.net",
        key="fermat2048",
        project=CORP,
        bound=(ulb("printer"),),
        shows=("cert_factorable",),
    ),
    Row(
        "mail",
        "mail.example.org",
        region="cn-sh2",
        project=CORP,
        bound=(ulb("mail", "smtps-465"),),
        crlf=True,
        shows=("cert_key_reuse",),
    ),
    Row(
        "imap",
        "imap.example.org",
        key_of="mail",
        region="cn-sh2",
        project=CORP,
        bound=(ulb("mail", "imaps-993"),),
        shows=("cert_key_reuse",),
    ),
    Row(
        "no-key",
        "status.example.org",
        blocks="leaf issuing",
        region="cn-sh2",
        bound=(alb("status"),),
    ),
    Row(
        "wrong-key",
        "forum.example.org",
        blocks="stray-key leaf issuing",
        region="cn-sh2",
        bound=(alb("forum"),),
        shows=("key_mismatch",),
    ),
)

_SIGNATURES_AND_NAMES = (
    Row(
        "sha1",
        "fax.example.net",
        key="rsa2048",
        issuer="rsa-issuing",
        signature_hash="sha1",
        blocks="leaf rsa-issuing key",
        project=CORP,
        bound=(ulb("fax"),),
        shows=("cert_weak_signature",),
    ),
    Row(
        "md5",
        "modem.example.net",
        issuer="rsa-issuing",
        signature_hash="md5",
        blocks="leaf rsa-issuing key",
        project=CORP,
        bound=(ulb("modem"),),
        shows=("cert_weak_signature",),
    ),
    Row(
        "sha1-intermediate",
        "pager.example.net",
        issuer="sha1-issuing",
        blocks="leaf sha1-issuing key",
        project=CORP,
        bound=(ulb("pager"),),
        shows=("cert_weak_signature",),
    ),
    Row(
        "self-signed",
        "admin.example.org",
        issuer="self",
        blocks="leaf key",
        scts=0,
        region="hk",
        bound=(ulb("admin"),),
        shows=("cert_self_signed", "cert_no_sct"),
    ),
    Row(
        "is-ca",
        "gateway.example.org",
        is_ca=True,
        region="hk",
        bound=(alb("gateway"),),
        shows=("cert_is_ca",),
    ),
    Row(
        "wildcard",
        "*.shop.example.net",
        alternatives=("shop.example.net",),
        region="hk",
        bound=(alb("shop-hk"),),
        shows=("cert_wildcard",),
    ),
    Row(
        "no-san",
        "old.example.org",
        alternatives=("=",),
        region="hk",
        bound=(ulb("old"),),
        shows=("cert_san_missing", "cert_cn_not_in_san"),
    ),
    Row(
        "cn-elsewhere",
        "brand.example.org",
        alternatives=("=", "www.brand.example.org"),
        region="hk",
        bound=(ulb("brand"),),
        shows=("cert_cn_not_in_san",),
    ),
    Row(
        "internal",
        "intranet.local",
        alternatives=("buildserver", "10.0.3.7", "git.corp.internal"),
        region="hk",
        project=CORP,
        bound=(ulb("intranet"),),
        shows=("cert_internal_name",),
    ),
    Row(
        "client-only",
        "sensors.example.org",
        usage=ExtendedKeyUsageOID.CLIENT_AUTH,
        region="hk",
        project=CORP,
        bound=(alb("sensors"),),
        shows=("cert_eku_missing_server_auth",),
    ),
    Row(
        "no-sct",
        "quiet.example.org",
        scts=0,
        region="hk",
        project=CORP,
        bound=(alb("quiet"),),
        shows=("cert_no_sct",),
    ),
)

_CHAINS = (
    Row(
        "chain-missing",
        "news.example.org",
        blocks="leaf key",
        region="cn-sh2",
        bound=(alb("news"),),
        shows=("chain_missing",),
    ),
    Row(
        "chain-shuffled",
        "jobs.example.org",
        issuer="second",
        blocks="key leaf policy second",
        region="cn-sh2",
        bound=(alb("jobs"),),
        shows=("chain_order",),
    ),
    Row(
        "chain-upside-down",
        "press.example.org",
        blocks="issuing leaf key",
        region="cn-sh2",
        bound=(ulb("press"),),
        shows=("chain_order",),
    ),
    Row(
        "chain-with-root",
        "maps.example.org",
        blocks="leaf issuing root key",
        region="cn-sh2",
        bound=(ulb("maps"),),
        shows=("chain_has_root",),
    ),
    Row(
        "chain-expired",
        "radio.example.org",
        issuer="expired",
        blocks="leaf expired key",
        region="cn-sh2",
        bound=(ulb("radio"),),
        shows=("chain_member_expired",),
    ),
)

_BETWEEN_CERTIFICATES = (
    Row(
        "blog-old",
        "blog.example.com",
        name="blog.example.com (old)",
        ends=35.5,
        created_days_ago=54,
        bound=(alb("blog"), *EDGE),
        shows=("cert_superseded_in_use",),
    ),
    Row(
        "blog-new",
        "blog.example.com",
        name="blog.example.com (new)",
        ends=87.5,
        created_days_ago=2,
        bound=(EDGE[0],),
    ),
    Row(
        "forgotten",
        "raffle.example.com",
        created_days_ago=19,
        shows=("cert_unused",),
    ),
    Row(
        "www-bj",
        "www.example.com",
        bound=(alb("www"), *EDGE),
        shows=("cert_drift_between_regions",),
    ),
    Row(
        "www-sh",
        "www.example.com",
        same_as="www-bj",
        region="cn-sh2",
        bound=(alb("www"),),
        shows=("cert_drift_between_regions",),
    ),
    Row(
        "www-hk",
        "www.example.com",
        ends=40.5,
        created_days_ago=49,
        region="hk",
        bound=(alb("www"),),
        shows=("cert_drift_between_regions",),
    ),
    Row(
        "wiki",
        "wiki.example.org",
        name="wiki",
        region="cn-sh2",
        project=CORP,
        bound=(ulb("wiki"),),
        shows=("cert_duplicate",),
    ),
    Row(
        "wiki-again",
        "wiki.example.org",
        name="wiki (copy)",
        same_as="wiki",
        created_days_ago=18,
        region="cn-sh2",
        project=CORP,
        bound=(ulb("wiki-standby"),),
        shows=("cert_duplicate",),
    ),
    # Two certificates of one listener, and neither is its default.
    Row(
        "video",
        "video.example.com",
        bound=(als("media-streams", sni=True), *EDGE),
        shows=("listener_without_default",),
    ),
    Row(
        "audio",
        "audio.example.com",
        bound=(als("media-streams", sni=True), *EDGE),
        shows=("listener_without_default",),
    ),
)

_PLATFORM = (
    Row(
        "drifting",
        "loyalty.example.com",
        region="cn-sh2",
        api_unit="s",
        api_end_shift=30,
        bound=(alb("loyalty"),),
        wire={"Domains": "bonus.example.com"},
        shows=("api_certificate_drift",),
    ),
    Row(
        "garbled",
        "",
        name="supplier upload, do not touch",
        content=("-----BEGIN CERTIFICATE-----\nVGhpcyBpcyBub3QgYSBjZXJ0aWZpY2F0ZS4=\n-----END CERTIFICATE-----\n"),
        region="hk",
        bound=(ulb("suppliers"),),
        shows=("cert_unparseable",),
    ),
    Row(
        "not-pem",
        "",
        name="notes.txt",
        content="see the shared folder for the certificate\n",
        region="hk",
        bound=(ulb("notes"),),
        shows=("cert_unparseable",),
    ),
    # Content, domains and dates are all missing: nothing can be said about it.
    Row("empty", "", name="迁移占位", content="", region="hk", bound=(ulb("migration"),)),
)

ROWS: tuple[Row, ...] = (
    *_IN_ORDER,
    *_DATES,
    *_KEYS,
    *_SIGNATURES_AND_NAMES,
    *_CHAINS,
    *_BETWEEN_CERTIFICATES,
    *_PLATFORM,
)
"""All rows, in the order in which the API lists them within a scope."""
