# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No error contains a key, a token, a signature, or a piece of a response with keys, in any of its forms."""

from __future__ import annotations

import json
import pickle
import re
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    ApiError,
    RequestContext,
    TransportError,
    UCloudError,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._api.session import Session, download
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Simulator

from .wire import Reply, form_of, http, serving

MakeClient = Callable[..., Client]

PRIVATE_KEY = "account-private-key-hunter2"
TOKEN = "sts-token-hunter3+/=="
CERTIFICATE_KEY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"
"""A line of base64 as in the key of a certificate, without anything that names it."""
ANSWER = (
    '{"RetCode":0,"TotalCount":1,"DataSet":[{"SSLId":"ssl-1","SSLContent":"-----BEGIN PRIVATE KEY-----\\n'
    + CERTIFICATE_KEY
    + '\\n-----END PRIVATE KEY-----"}]}'
).encode()
SIGNATURE = re.compile("[0-9a-f]{40}")


def all_forms(error: UCloudError) -> Iterator[str]:
    """Return all texts in which an error may be shown."""
    yield str(error)
    yield repr(error)
    yield error.describe()
    yield json.dumps(error.to_facts())
    yield repr(vars(error))
    yield repr(error.args)
    yield pickle.dumps(error, 0).decode("latin-1")
    yield "".join(traceback.format_exception(type(error), error, error.__traceback__))


def assert_secret(error: UCloudError) -> None:
    # Tools that report errors also show its causes and the local variables of all frames.
    assert (error.__cause__, error.__context__) == (None, None)
    for form in all_forms(error):
        assert PRIVATE_KEY not in form
        assert TOKEN not in form
        assert "hunter3" not in form
        assert CERTIFICATE_KEY[:8] not in form
        assert not SIGNATURE.search(form)


def error_of(reply: Reply) -> UCloudError:
    with serving(reply) as wire:
        connection = Connection(PUBLIC_KEY, PRIVATE_KEY, TOKEN, base_url=wire.url, max_retries=0)
        client = Client(connection, "ua")
        with pytest.raises((ApiError, TransportError)) as caught:
            client.call(client.context("DescribeSSLV2", "cn-bj2"), {"Offset": 0})
        client.close()
    assert b"Signature=" in wire.requests[0]
    return caught.value


PUBLIC_KEY = "public"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
NOT_ONE = "this is not a response of the UCloud API (HTTP status 200)"
BROKE = "the connection broke: the response ended early, or is not HTTP"
NOT_SHOWN = "message withheld: it may contain a secret (RetCode {})"


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        # A response that is cut off, or wrapped in something else.
        (lambda _request: http(ANSWER[:-5]), NOT_ONE),
        (lambda _request: http(b"<pre>" + ANSWER + b"</pre>"), NOT_ONE),
        (lambda _request: http(b"[" + ANSWER + b"]"), NOT_ONE),
        (lambda _request: http(ANSWER[:-5], status="404 Not Found"), "HTTP status 404"),
        (lambda _request: http(ANSWER, status="502 Bad Gateway"), "HTTP status 502"),
        (lambda _request: http(ANSWER.replace(b'"RetCode":0,', b"")), NOT_ONE),
        (lambda _request: http(b"-----BEGIN EC PRIVATE KEY-----\n" + CERTIFICATE_KEY.encode()), NOT_ONE),
        # A server that sends the request back, in whole or in part.
        (http, NOT_ONE),
        (lambda request: http(form_of(request)), NOT_ONE),
        (lambda request: http(form_of(request), status="400 Bad Request"), "HTTP status 400"),
        (lambda request: http(form_of(request)[-60:]), NOT_ONE),
        (
            lambda request: http(b'{"RetCode": 171, "Message": "%s"}' % form_of(request)),
            NOT_SHOWN.format(171),
        ),
        (
            lambda request: http(b'{"RetCode": 171, "Message": "%s"}' % form_of(request)[-40:]),
            NOT_SHOWN.format(171),
        ),
        (
            lambda _request: http(b'{"RetCode": 4111, "Message": ' + json.dumps(ANSWER.decode()).encode() + b"}"),
            NOT_SHOWN.format(4111),
        ),
        # Data that is not HTTP: exceptions of the libraries quote it.
        (form_of, BROKE),
        (lambda request: form_of(request) + b"\r\n\r\n", BROKE),
        (lambda _request: ANSWER + b"\r\n", BROKE),
        (lambda _request: CERTIFICATE_KEY.encode() + b"\r\n", BROKE),
        (lambda _request: CHUNKED + ANSWER + b"\r\n", BROKE),
        (lambda _request: CHUNKED + b"5\r\nabc" + CERTIFICATE_KEY.encode() + b"\r\n", BROKE),
        (lambda request: CHUNKED + form_of(request) + b"\r\n", BROKE),
    ],
)  # fmt: skip
def test_answers_that_hold_secrets(reply: Reply, problem: str) -> None:
    error = error_of(reply)
    assert error.problem == problem
    assert_secret(error)


def test_an_address_in_a_redirect_is_not_repeated() -> None:
    def reply(request: bytes) -> bytes:
        location = "https://elsewhere.example/?" + form_of(request).decode()
        return http(b"", f"Location: {location}", status="302 Found")

    error = error_of(reply)
    assert "elsewhere" not in str(error)
    assert_secret(error)


@pytest.mark.parametrize(
    "fault",
    [
        Fault("http_status", status=503, times=None),
        Fault("http_status", status=404),
        Fault("retcode", code=153, times=None),
        Fault("retcode", code=299),
        Fault("truncated", times=None),
        Fault("reset", times=None),
        Fault("no_retcode"),
        Fault("html"),
    ],
)
def test_faults_of_the_simulator(client_of: MakeClient, sim: Simulator, fault: Fault) -> None:
    sim.fleet.add({"SSLId": "ssl-key", "SSLContent": ANSWER.decode()})
    sim.add_fault(fault)
    client = client_of("sts", max_retries=1)
    account = sim.accounts["sts"]
    with pytest.raises(UCloudError) as caught:
        client.call(client.context("DescribeSSLV2", "cn-bj2"), {"Limit": 100})
    for form in all_forms(caught.value):
        assert account.private_key not in form
        assert str(account.security_token) not in form
        assert CERTIFICATE_KEY not in form
        assert not SIGNATURE.search(form)


def test_clients_and_what_they_hold_show_no_secret() -> None:
    client = Client(Connection(PUBLIC_KEY, PRIVATE_KEY, TOKEN), "ua")
    shown = [repr(client), repr(client.connection), str(client.connection), *map(repr, vars(client).values())]
    assert not [form for form in shown if PRIVATE_KEY in form or TOKEN in form]


def test_unexpected_content_types_are_not_what_protects(client_of: MakeClient, sim: Simulator) -> None:
    """The same body is shown if it contains no secret."""
    sim.add_fault(Fault("not_json", body="SSL contents are none of this"))
    client = client_of()
    with pytest.raises(TransportError) as caught:
        client.call(client.context("GetRegion"))
    expected: Any = "beginning with 'SSL contents are none of this'"
    assert expected in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [
        http(ANSWER[:-5], "Content-Length: 9999"),
        http(ANSWER, "Content-Encoding: gzip"),
        http(ANSWER, "Content-Encoding: br"),
        CHUNKED + b"5\r\nabc" + ANSWER,
        ANSWER,
    ],
)
def test_no_frame_of_an_error_holds_a_response(answer: bytes) -> None:
    """Tools that report errors show the local variables of all frames."""
    context = RequestContext("GetRegion", "host")
    with serving(lambda _request: answer) as wire:
        session = Session(Connection(PUBLIC_KEY, PRIVATE_KEY, base_url=wire.url), "ua")
        with pytest.raises(TransportError) as posted:
            session.post({"Action": "GetRegion"}, 10, context)
        session.close()
        with pytest.raises(TransportError) as downloaded:
            download(wire.url, 10, context, "ua")
    received = ("_received", {"send", "timeout", "context"})
    assert own_frames(posted.value) == [("post", {"self", "form", "timeout", "context"}), received]
    assert own_frames(downloaded.value) == [
        ("download", {"url", "timeout", "context", "user_agent", "session"}),
        received,
    ]


def own_frames(error: BaseException) -> list[tuple[str, set[str]]]:
    """Return the functions of the session in a traceback, with the names of their variables."""
    frames = [frame for frame, _line in traceback.walk_tb(error.__traceback__)]
    ours = [frame for frame in frames if frame.f_code.co_filename.endswith("session.py")]
    return [(frame.f_code.co_name, set(frame.f_locals)) for frame in ours]
