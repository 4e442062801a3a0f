# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The HTML report as people use it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.language import speaking
from ansible_collections.ucloud.ulb.tests.browser.audits import DAY, demo_audit, fleet_audit, judge, large_audit
from ansible_collections.ucloud.ulb.tests.browser.conftest import Open
from ansible_collections.ucloud.ulb.tests.unit.factories.audits import (
    HOSTILE,
    NOW,
    certificate,
    hostile_audit,
    plain_audit,
)
from ansible_collections.ucloud.ulb.tests.unit.factories.endpoint_audits import endpoints_audit
from ansible_collections.ucloud.ulb.tests.unit.factories.listener_audits import HOST, HTTPS, listeners_audit

SCREENSHOTS = Path(os.environ.get("SCREENSHOTS", "build/screenshots"))


def small_audit() -> Any:
    """Two expired certificates, one that expires soon, one that cannot be read, and one without findings."""

    def serve(name: str) -> list[dict[str, Any]]:
        return [
            {
                "load_balancer_id": f"alb-{name}", "load_balancer_name": f"balancer of {name}",
                "load_balancer_type": "classic", "listener_id": f"lsn-{name}", "listener_name": "https",
                "is_default": True,
            }
        ]  # fmt: skip

    def one(name: str, days: float, region: str) -> dict[str, Any]:
        return certificate(
            f"ssl-{name}", name, days, region=region, bindings=serve(name), not_after="2027-01-31T00:00:00Z",
            not_before_epoch=NOW - 100 * DAY,
        )  # fmt: skip

    unread = certificate("ssl-torn", "torn", x509=None, x509_error="torn", not_after_epoch=None, not_before_epoch=None)
    facts = [one("shop", -2.5, "hk"), one("pay", -3.5, "cn-bj2"), one("blog", 10, "hk"), one("good", 80, "hk"), unread]
    return judge(facts, NOW, {"checks": {"cert_internal_name": False}})


def names(page: Page) -> list[str]:
    """The certificates of the visible findings."""
    return page.locator("#findings .finding:visible .who a").all_inner_texts()


def hash_of(page: Page) -> str:
    text: str = page.evaluate("location.hash")
    return text


def test_all_findings_are_seen_at_first(show: Open) -> None:
    page = show(small_audit())
    assert sorted(names(page)) == ["blog", "pay", "shop", "torn", "torn"]
    expect(page.locator("#findings [data-count]")).to_have_text("5 entries")
    expect(page.locator("#findings [data-clear]")).to_be_hidden()
    assert hash_of(page) == ""


def test_filters_by_severity_region_status_and_check(show: Open) -> None:
    page = show(small_audit())
    page.get_by_role("checkbox", name="Critical").check()
    expect(page.locator("#findings [data-count]")).to_have_text("2 of 5 entries")
    assert names(page) == ["pay", "shop"]
    assert hash_of(page) == "#severity=critical"
    page.get_by_role("checkbox", name="High").check()
    assert names(page) == ["pay", "shop", "blog"]
    assert hash_of(page) == "#severity=critical,high"
    page.get_by_role("combobox", name="Region", exact=True).select_option("hk")
    assert names(page) == ["shop", "blog"]
    assert hash_of(page) == "#severity=critical,high&region=hk"
    page.get_by_role("combobox", name="Check", exact=True).select_option("cert_expired")
    assert names(page) == ["shop"]
    page.get_by_role("button", name="Clear filters").click()
    assert len(names(page)) == 5
    assert hash_of(page) == ""
    expect(page.get_by_role("checkbox", name="Critical")).not_to_be_checked()
    page.get_by_role("checkbox", name="Undecided").check()
    assert names(page) == ["torn"]
    page.get_by_role("checkbox", name="Waived").check()
    page.get_by_role("checkbox", name="Undecided").uncheck()
    assert names(page) == []
    expect(page.get_by_text("No finding matches these filters.")).to_be_visible()


def test_filters_by_text_with_all_words_in_any_order(show: Open) -> None:
    page = show(small_audit())
    field = page.get_by_label("Search").first
    field.fill("SHOP balancer")
    expect(page.locator("#findings [data-count]")).to_have_text("1 of 5 entries")
    assert names(page) == ["shop"]
    assert hash_of(page) == "#q=SHOP+balancer"
    field.press("Escape")
    expect(page.locator("#findings [data-count]")).to_have_text("5 entries")
    assert hash_of(page) == ""


def test_an_undecided_check_is_found_by_its_id(show: Open) -> None:
    page = show(small_audit(), "#check=cert_weak_key")
    assert names(page) == ["torn"]


def test_filters_come_from_the_address_also_when_it_changes(show: Open) -> None:
    page = show(small_audit(), "#severity=critical&region=hk&q=shop")
    assert names(page) == ["shop"]
    expect(page.get_by_role("checkbox", name="Critical")).to_be_checked()
    expect(page.get_by_role("combobox", name="Region", exact=True)).to_have_value("hk")
    expect(page.get_by_label("Search").first).to_have_value("shop")
    page.evaluate("location.hash = 'severity=high,critical'")
    expect(page.locator("#findings [data-count]")).to_have_text("3 of 5 entries")
    assert names(page) == ["pay", "shop", "blog"]
    expect(page.get_by_role("combobox", name="Region", exact=True)).to_have_value("")


def test_an_address_with_a_region_that_is_not_there_shows_nothing_rather_than_everything(show: Open) -> None:
    page = show(small_audit(), "#region=%3Cimg%20src%3Dx%3E")
    assert names(page) == []
    expect(page.get_by_role("combobox", name="Region", exact=True)).to_have_value("<img src=x>")


def test_numbers_at_the_top_lead_to_their_findings(show: Open) -> None:
    page = show(small_audit())
    page.locator(".numbers a").first.click()
    expect(page.locator("#findings [data-count]")).to_have_text("2 of 5 entries")
    assert hash_of(page) == "#severity=critical&status=fail"
    expect(page.locator("#findings")).to_be_focused()


def test_a_finding_leads_to_its_certificate_and_back(show: Open) -> None:
    page = show(small_audit())
    page.locator("#findings .who a", has_text="blog").first.click()
    expect(page.locator("#c-ssl-blog")).to_be_visible()
    expect(page.locator("#certificates summary", has_text="blog")).to_be_focused()
    page.locator("#c-ssl-blog a", has_text="about to expire").first.click()
    expect(page.locator("#findings .aim")).to_have_count(1)
    expect(page.locator("#findings .aim")).to_be_in_viewport()


def test_a_finding_leads_to_its_listener_and_back(show: Open) -> None:
    page = show(listeners_audit(), f"#q={HOST}")
    page.locator("#findings .finding:visible .who a").first.click()
    expect(page.locator(f"#l-{HTTPS}")).to_be_in_viewport()
    expect(page.locator(f"#l-{HTTPS}")).to_be_focused()
    expect(page.locator(".aim")).to_have_id(f"l-{HTTPS}")
    page.locator(f"#l-{HTTPS} .found a").nth(1).click()
    expect(page.locator("#findings .aim .besides")).to_have_text(HOST)
    page.locator(f"#l-{HTTPS} .certificates a", has_text="good").click()
    expect(page.locator("#c-ssl-good")).to_be_visible()


def test_a_finding_leads_to_its_endpoint_and_to_what_that_serves(show: Open) -> None:
    page = show(endpoints_audit(), "#check=endpoint_other_certificate")
    page.locator("#findings .finding:visible .who a").click()
    probe = page.locator(".probe.aim")
    expect(probe).to_be_focused()
    expect(probe.locator(".at")).to_have_text(f"[2001:db8::7]:443{HOST}")
    probe.locator(".serves a", has_text="good").click()
    expect(page.locator("#c-ssl-good")).to_be_visible()
    page.get_by_label("Find endpoints").get_by_label("Search").fill("198.51.100.9")
    expect(page.locator("#endpoints .probe:visible")).to_have_count(1)


def test_load_balancers_are_found_by_host_address_and_id_also_those_not_shown_yet(show: Open) -> None:
    page = show(fleet_audit())
    assert page.evaluate("document.getElementsByTagName('*').length") < 20_000
    expect(page.locator(".balancer:visible")).to_have_count(50)
    count = page.locator("#bindings [data-count]")
    expect(count).to_have_text("500 entries")
    field = page.get_by_label("Find load balancers").get_by_label("Search")
    for text in ("www.shop321.example.com", "10.1.7.71", "10.1.7.71:443", "lsn-321-80", "alb-321"):
        field.fill(text)
        expect(count).to_have_text("1 of 500 entries")
        expect(page.locator(".balancer:visible h3")).to_have_text("compliant: shop 321")
        field.press("Escape")
        expect(count).to_have_text("500 entries")


def test_a_link_that_is_followed_just_before_a_filter_wins(show: Open) -> None:
    page = show(fleet_audit())
    # The event of the link comes after the filter.
    page.evaluate("location.hash = 'l-lsn-499-443'; document.querySelector('[data-controls] [name=severity]').click()")
    expect(page.locator("#l-lsn-499-443")).to_be_in_viewport()


def test_a_link_that_is_followed_while_a_search_waits_wins(show: Open) -> None:
    page = show(fleet_audit())
    page.clock.install()
    page.get_by_label("Find load balancers").get_by_label("Search").fill("alb-321")
    page.evaluate("location.hash = 'l-lsn-499-443'")
    expect(page.locator("#l-lsn-499-443")).to_be_in_viewport()
    page.clock.run_for(1000)
    expect(page.locator("#l-lsn-499-443")).to_be_in_viewport()
    expect(page.locator("#bindings [data-count]")).to_have_text("500 entries")


def test_a_link_to_what_a_filter_hides_clears_the_filter(show: Open) -> None:
    page = show(small_audit(), "#cert=blog")
    expect(page.locator(".cert:visible")).to_have_count(1)
    page.locator("#findings .who a", has_text="shop").first.click()
    expect(page.locator("#c-ssl-shop")).to_be_visible()
    expect(page.locator(".cert:visible")).to_have_count(5)


def test_the_timeline_is_one_stop_with_arrows_and_leads_to_certificates(show: Open) -> None:
    page = show(small_audit())
    marks = page.locator("[data-timeline] a")
    assert [marks.nth(index).get_attribute("tabindex") for index in range(4)] == ["0", "-1", "-1", "-1"]
    marks.first.focus()
    expect(page.locator("[data-tip]")).to_have_text("pay: expired 3 days ago, 2027-01-31. Critical")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-tip]")).to_have_text("shop: expired 2 days ago, 2027-01-31. Critical")
    page.keyboard.press("End")
    expect(page.locator("[data-tip]")).to_have_text("good: expires in 80 days, 2027-01-31. Compliant")
    page.keyboard.press("Enter")
    expect(page.locator("#c-ssl-good")).to_be_visible()
    expect(page.locator("[data-tip]")).to_be_hidden()


def test_the_hint_of_a_mark_comes_with_the_pointer(show: Open) -> None:
    page = show(small_audit())
    page.locator("[data-timeline] a[href='#c-ssl-blog']").hover()
    expect(page.locator("[data-tip]")).to_have_text("blog: expires in 10 days, 2027-01-31. High")
    page.mouse.move(0, 0)
    expect(page.locator("[data-tip]")).to_be_hidden()


def test_the_keyboard_reaches_the_findings(show: Open) -> None:
    page = show(small_audit())
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the findings")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#findings")).to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(page.get_by_label("Search").first).to_be_focused()
    page.keyboard.type("shop/")
    expect(page.get_by_label("Search").first).to_have_value("shop/")


def test_no_character_is_a_shortcut(show: Open) -> None:
    # https://www.w3.org/WAI/WCAG21/Understanding/character-key-shortcuts.html
    page = show(small_audit())
    for key in "/?abcdefghijklmnopqrstuvwxyz0123456789":
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement === document.body")
    assert hash_of(page) == ""


def test_everything_is_there_without_scripts(show: Open) -> None:
    page = show(small_audit(), javascript=False)
    assert len(names(page)) == 5
    expect(page.locator("[data-controls]:visible")).to_have_count(0)
    page.locator("#certificates summary").first.click()
    expect(page.locator("#certificates .facts").first).to_be_visible()
    many = show(large_audit(300), javascript=False)
    expect(many.locator(".cert:visible")).to_have_count(300)


def test_hostile_names_do_nothing(show: Open) -> None:
    for scripts, audit in ((True, listeners_audit()), (False, listeners_audit()), (False, hostile_audit())):
        page = show(audit, javascript=scripts)
        assert page.locator("script").count() == 1
        assert page.locator("img, iframe, object, embed, link, base, form").count() == 0
        assert page.get_by_text(HOSTILE[:60]).count() > 5
    page = show(hostile_audit(), "#q=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert page.get_by_label("Search").first.input_value() == "<script>alert(1)</script>"
    for mark in page.locator("[data-timeline] a").all():
        mark.focus()
        expect(page.locator("[data-tip]")).to_be_visible()
    assert page.locator("script").count() == 1


def test_what_is_not_of_the_report_can_neither_run_nor_load(show: Open, noises: list[str]) -> None:
    page = show(plain_audit())
    page.evaluate(
        """window.violations = [];
        addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective))"""
    )
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            const style = document.createElement("style");
            style.textContent = "body { display: none }";
            document.body.append(script, style);
        }"""
    )
    page.wait_for_function("violations.length === 2")
    assert page.evaluate("violations.sort()") == ["script-src-elem", "style-src-elem"]
    assert page.evaluate("window.ran") is None
    expect(page.locator("body")).to_be_visible()
    assert ["Content Security Policy" in noise for noise in noises] == [True, True]
    noises.clear()


def test_ten_thousand_certificates_are_usable(show: Open) -> None:
    page = show(large_audit())
    assert page.evaluate("document.getElementsByTagName('*').length") < 20_000
    expect(page.locator(".cert:visible")).to_have_count(50)
    expect(page.locator("#certificates [data-count]")).to_have_text("10,000 entries")
    expect(page.locator("#findings [data-count]")).to_have_text(f"{len(large_audit()['findings']):,} entries")
    page.get_by_label("Find certificates").get_by_label("Search").fill("node04321")
    expect(page.locator("#certificates [data-count]")).to_have_text("1 of 10,000 entries")
    page.locator("#certificates summary").first.click()
    expect(page.locator("#c-ssl-04321")).to_be_visible()
    page.evaluate("location.hash = 'c-ssl-09990'")
    expect(page.locator("#c-ssl-09990")).to_be_in_viewport()
    page.evaluate("location.hash = 'severity=high&region=hk&q=node0432'")
    assert names(page) == ["node04321.example.com"]


def test_more_of_a_long_list_comes_when_asked_for(show: Open) -> None:
    page = show(large_audit(300))
    more = page.locator("#certificates [data-more]")
    expect(more).to_have_text("Show 200 more of 250")
    more.click()
    expect(page.locator(".cert:visible")).to_have_count(250)
    expect(page.locator(".cert summary").nth(50)).to_be_focused()
    more.click()
    expect(page.locator(".cert:visible")).to_have_count(300)
    expect(more).to_be_hidden()


def test_bars_of_the_timeline_lead_to_their_certificates(show: Open) -> None:
    page = show(large_audit(1000))
    column = page.locator("[data-timeline] a[data-days='0..7']")
    column.focus()
    expect(page.locator("[data-tip]")).to_have_text("100 certificates expiring in 0 to 7 days: 100 high")
    page.keyboard.press("Enter")
    expect(page.locator("#certificates [data-count]")).to_have_text("100 of 1,000 entries")
    assert hash_of(page) == "#days=0..7"
    page.get_by_role("button", name="0 to 7 days").click()
    expect(page.locator("#certificates [data-count]")).to_have_text("1,000 entries")


AUDITS: dict[str, Callable[[], dict[str, Any]]] = {
    "demo": demo_audit,
    "hostile": endpoints_audit,
    "large": lambda: large_audit(500),
    "plain": plain_audit,
}


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("name", AUDITS)
def test_nothing_is_wider_than_the_window(show: Open, name: str, width: int) -> None:
    page = show(AUDITS[name](), width=width)
    page.evaluate("document.querySelectorAll('details').forEach((details) => (details.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("demo", 1440, "light"),
        ("demo", 1440, "dark"),
        ("demo", 390, "light"),
        ("hostile", 390, "dark"),
        ("large", 1440, "light"),
        ("plain", 1440, "dark"),
    ],
)
def test_it_is_accessible(show: Open, name: str, width: int, scheme: str) -> None:
    page = show(AUDITS[name](), scheme=scheme, width=width)
    # A few certificates cover all kinds of elements.
    page.evaluate("[...document.querySelectorAll('details')].slice(0, 9).forEach((details) => (details.open = true))")
    page.evaluate("document.querySelector('#policy details').open = true")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
    # It describes one passing element per rule. All of them would take most of the time.
    found = Axe().run(page, options={"runOnly": tags, "resultTypes": ["violations"]})
    assert [
        (item["id"], [node["html"][:200] for node in item["nodes"][:3]]) for item in found.response["violations"]
    ] == []
    # An incomplete check is not a pass.
    assert len(found.response["passes"]) > 15


def test_print_has_certificates_as_they_are_and_the_policy_unfolded(show: Open) -> None:
    # The width of A4 between the margins.
    page = show(small_audit(), width=695)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator("#certificates .facts:visible")).to_have_count(0)
    expect(page.locator("#policy table")).to_be_visible()
    # The column with the longest texts is the widest.
    widths = page.locator("#policy tr:first-child td").evaluate_all("cells => cells.map((cell) => cell.offsetWidth)")
    assert max(widths) == widths[1]
    expect(page.locator("button:visible, input:visible, select:visible, nav:visible")).to_have_count(0)
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("#certificates .facts:visible")).to_have_count(0)


def test_print_has_all_rows_that_match_and_the_screen_those_that_were_seen(show: Open) -> None:
    page = show(large_audit(300))
    rows = page.locator(".cert")
    page.locator("#certificates [data-more]").click()
    expect(rows).to_have_count(250)
    seen = page.locator(".finding").count()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.locator(".cert:visible")).to_have_count(300)
    expect(page.locator(".balancer:visible")).to_have_count(76)
    assert page.locator(".finding:visible").count() > seen
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(rows).to_have_count(250)
    assert page.locator(".finding").count() == seen
    page.evaluate("location.hash = 'cert=node0001'")
    expect(rows).to_have_count(10)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(rows).to_have_count(10)
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(rows).to_have_count(10)


def test_paper_is_short(show: Open, tmp_path: Path) -> None:
    def pages(audit: Any) -> int:
        path = tmp_path / "print.pdf"
        show(audit).pdf(path=path, prefer_css_page_size=True, print_background=True)
        return len(re.findall(rb"/Type\s*/Page\b", path.read_bytes()))

    certificates = pages(demo_audit(with_listeners=False))
    assert certificates <= 22
    # What 60 listeners offer, and the findings about them.
    assert pages(demo_audit()) <= certificates + 4


def test_a_phone_hints_at_what_is_cut_off(show: Open) -> None:
    mask = "getComputedStyle(document.querySelector('.nav ul')).maskImage"
    assert "linear-gradient" in show(small_audit(), width=390, height=844).evaluate(mask)
    assert show(small_audit()).evaluate(mask) == "none"


def test_screenshots(show: Open) -> None:
    """Screenshots for people, and for the documentation."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    views: dict[str, dict[str, Any]] = {
        "desktop": {}, "dark": {"scheme": "dark"}, "phone": {"width": 390, "height": 844, "scale": 2},
    }  # fmt: skip
    for name, options in views.items():
        page = show(demo_audit(), **options)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")
        page.screenshot(path=SCREENSHOTS / f"{name}-whole.png", full_page=True)
    page = show(demo_audit())
    page.pdf(path=SCREENSHOTS / "print.pdf", prefer_css_page_size=True, print_background=True)
    for name, audit in {"hostile": hostile_audit(), "large": large_audit(1000), "plain": plain_audit()}.items():
        show(audit).screenshot(path=SCREENSHOTS / f"{name}.png")
    written = {path.name for path in SCREENSHOTS.iterdir() if path.stat().st_size > 10_000}
    assert written >= {"desktop.png", "dark.png", "phone.png", "phone-whole.png", "print.pdf", "hostile.png"}


#: Words that Chinese texts have in Latin letters.
TERMS = {
    "ACM", "ALB", "ASCII", "ACME", "API", "AWS", "Ansible", "Azure", "Baseline", "Browser", "CA", "Config", "DSA",
    "DNS", "EC",
    "Forum", "HTTP", "HTTPS", "Hub", "IANA", "ID", "IP", "JSON", "Mozilla", "OpenSSL", "PCI", "DSS", "PEM", "Policy",
    "Program", "Prowler", "Python", "RFC", "RSA", "Requirements", "Root", "SCT", "SHA", "SNI", "SSL", "Security",
    "Server", "Side", "Steampipe", "Store", "TLS", "TRUE", "UCloud", "UTC", "Unicode", "USSL", "and", "ballot", "sh",
    "intermediate", "old", "UpdateSSLBinding", "sslyze", "testssl", "zlint",
}  # fmt: skip
VISIBLE_TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const isData = parent.closest("bdi, code, time, [name=region], .evidence, .where, .facts, .sub, .addresses, .tls");
    if (!isData && !parent.closest("script, style, noscript")) texts.push(walker.currentNode.textContent);
  }
  for (const element of document.querySelectorAll("[placeholder]")) texts.push(element.placeholder);
  return texts;
}"""


def test_the_chinese_page_is_chinese_and_is_searched(show: Open) -> None:
    with speaking("zh-CN"):
        page = show(demo_audit())

    assert page.locator("html").get_attribute("lang") == "zh-CN"
    total = page.locator("#findings [data-count]").inner_text()
    assert re.fullmatch(r"\d+ 条", total)
    page.get_by_label("搜索").first.fill("已过期 pay")
    expect(page.locator("#findings [data-count]")).to_have_text(re.compile(r"\d+ / \d+ 条"))
    page.get_by_role("button", name="清除筛选").first.click()
    # Names and ids have dots, digits, hyphens or arrows.
    words = [word for text in page.evaluate(VISIBLE_TEXTS) for word in re.findall(r"[^\s、，。：；（）/()→,]+", text)]
    latin = {part for word in words if not re.search(r"[.\d_-]", word) for part in re.findall("[A-Za-z]{2,}", word)}
    assert latin - TERMS == set()
