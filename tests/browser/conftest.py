# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Chromium, and pages that must not make requests or log errors."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Request, sync_playwright

from ansible_collections.ucloud.ulb.plugins.plugin_utils._report.as_html import render

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Open = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The installed Chromium."""
    if not CHROMIUM:
        pytest.skip("the HTML report is NOT checked in a browser: no chromium on PATH, and CHROMIUM is not set")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def noises() -> list[str]:
    """The requests that the pages of a test made besides themselves, and their console messages."""
    return []


@pytest.fixture
def show(browser: Browser, tmp_path: Path, noises: list[str]) -> Iterator[Open]:
    """Render an audit and open it: ``show(audit, "#severity=high", javascript=False, width=390, …)``.

    In the end there must be no noises.
    """
    contexts: list[BrowserContext] = []

    def refuse(dialog: Dialog) -> None:
        noises.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def watch(request: Request, own: str) -> None:
        if request.url.split("#")[0] != own:
            noises.append(f"request: {request.url}")

    def open_page(
        audit: Any,
        address: str = "",
        *,
        width: int = 1440,
        height: int = 900,
        scheme: Any = "light",
        javascript: bool = True,
        scale: float = 1,
    ) -> Page:
        path = tmp_path / f"report{len(contexts)}.html"
        path.write_text(render(audit), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=javascript,
            device_scale_factor=scale,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: noises.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: noises.append(f"error: {error}"))
        page.on("dialog", refuse)
        page.on("request", lambda request: watch(request, path.as_uri()))
        page.goto(f"{path.as_uri()}{address}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert noises == []
