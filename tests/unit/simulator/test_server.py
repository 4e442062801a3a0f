# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sites, TLS, start and stop."""

from __future__ import annotations

import errno
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from ansible_collections.ucloud.ulb.tests.simulator import Fleet, Settings, Simulator

from .calling import TIMEOUT, Caller


def test_only_the_loopback_address_is_served(sim: Simulator) -> None:
    for url in (sim.http_url, sim.https_url, sim.control_url):
        assert urlsplit(url).hostname == "127.0.0.1"


def test_good_certificate_is_trusted_by_both_names(sim: Simulator, main: Caller) -> None:
    data = main.signed("GetRegion")
    for url in (sim.https_url, sim.https_url.replace("127.0.0.1", "localhost")):
        response = requests.post(url, data=data, verify=sim.ca_path, timeout=TIMEOUT)
        assert response.json()["RetCode"] == 0
    with pytest.raises(requests.exceptions.SSLError):
        requests.post(sim.https_url, data=data, timeout=TIMEOUT)


# Error numbers of OpenSSL (x509_vfy.h). For an issuer with the right name but another key, it depends on the version.
@pytest.mark.parametrize(
    ("kind", "codes"),
    [("expired", {10}), ("wrong_host", {62, 64}), ("self_signed", {18}), ("unknown_ca", {7, 20})],
)
def test_bad_certificates(sim: Simulator, kind: str, codes: set[int]) -> None:
    url = sim.tls_site(kind)
    assert sim.tls_site(kind) == url
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(url, verify=sim.ca_path, timeout=TIMEOUT)
    address = urlsplit(url)
    context = ssl.create_default_context(cafile=sim.ca_path)
    with (
        socket.create_connection((address.hostname or "", address.port or 0), TIMEOUT) as plain,
        pytest.raises(ssl.SSLCertVerificationError) as caught,
    ):
        context.wrap_socket(plain, server_hostname=address.hostname)
    assert caught.value.verify_code in codes


def test_unknown_kind_of_bad_certificate(sim: Simulator) -> None:
    with pytest.raises(ValueError, match="unknown kind of TLS site 'good'"):
        sim.tls_site("good")


def test_nothing_is_left_after_the_end() -> None:
    with Simulator(Fleet.single()) as sim:
        folder = Path(sim.ca_path).parent
        assert folder.is_dir()
        assert folder.stat().st_mode & 0o777 == 0o700
    assert not folder.exists()
    address = urlsplit(sim.http_url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((address.hostname, address.port or 0), TIMEOUT)
    with pytest.raises(RuntimeError, match="not running"):
        sim.refuse(1)


def test_port_can_be_chosen_and_taken_again() -> None:
    with Simulator(Fleet.single()) as sim:
        port = urlsplit(sim.http_url).port
        assert port is not None
        with pytest.raises(OSError) as caught:  # noqa: PT011 - the number below says which
            Simulator(Fleet.single(), http_port=port).start()
        assert caught.value.errno == errno.EADDRINUSE
    with Simulator(Fleet.single(), http_port=port) as again:
        assert again.http_url == sim.http_url


def test_latency_of_every_answer() -> None:
    with Simulator(Fleet.single(), Settings(latency=30)) as sim:
        caller = Caller(sim.http_url, sim.accounts["main"])
        with pytest.raises(requests.exceptions.ReadTimeout):
            requests.post(sim.http_url, data=caller.signed("GetRegion"), timeout=0.2)
        sim.settings.latency = 0
        assert caller.call("GetRegion")["RetCode"] == 0


def test_clear_keeps_data_and_accounts(sim: Simulator, main: Caller) -> None:
    main.call()
    sim.rate_limit(0.001)
    sim.clear()
    assert sim.request_count == 0
    assert len(main.ids()) == 5
    assert len(main.ids()) == 5
