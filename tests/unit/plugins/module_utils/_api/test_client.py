# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client with the simulator: responses, retries, and error messages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from unittest.mock import create_autospec

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.ucloud.ulb.plugins.module_utils._api.client import Client, read_response
from ansible_collections.ucloud.ulb.plugins.module_utils._api.connection import Connection
from ansible_collections.ucloud.ulb.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    PermissionDeniedError,
    RateLimitedError,
    RequestContext,
    TransportError,
)
from ansible_collections.ucloud.ulb.plugins.module_utils._api.session import Response, Session
from ansible_collections.ucloud.ulb.tests.simulator import Fault, Simulator
from ansible_collections.ucloud.ulb.tests.simulator.faults import KINDS

from .times import FakeTime
from .wire import http, serving

MakeClient = Callable[..., Client]
CONTEXT = RequestContext("DescribeSSLV2", "api.ucloud.cn", "cn-bj2")
NO_RETRY: list[float] = []


def listed(client: Client, region: str | None = "cn-bj2", project: str | None = None) -> dict[str, Any]:
    return client.call(client.context("DescribeSSLV2", region, project), {"Offset": 0, "Limit": 100})


def ids(answer: dict[str, Any]) -> list[str]:
    return [row["SSLId"] for row in answer["DataSet"]]


class TestAnswer:
    def test_over_http(self, client: Client, sim: Simulator) -> None:
        answer = listed(client)
        assert (answer["RetCode"], answer["TotalCount"]) == (0, 3)
        assert ids(answer) == ["ssl-1", "ssl-2", "ssl-3"]
        (request,) = sim.requests
        assert (request.action, request.region, request.project_id) == ("DescribeSSLV2", "cn-bj2", None)
        assert (request.limit, request.offset) == (100, 0)

    def test_over_https(self, client_of: MakeClient, sim: Simulator) -> None:
        client = client_of(base_url=sim.https_url, ca_path=sim.ca_path)
        assert ids(listed(client, project="org-a")) == ["ssl-1", "ssl-2", "ssl-3"]
        (request,) = sim.requests
        assert (request.scheme, request.project_id) == ("https", "org-a")

    def test_without_parameters(self, client: Client) -> None:
        answer = client.call(client.context("GetProjectList"))
        assert [row["ProjectId"] for row in answer["ProjectSet"]] == ["org-a", "org-b"]

    def test_security_token_is_sent_and_signed(self, client_of: MakeClient) -> None:
        # The simulator refuses it with 174 if it is missing, and with 171 if it is not signed.
        assert ids(listed(client_of("sts"))) == ["ssl-1", "ssl-2", "ssl-3"]

    def test_values_that_need_escaping_are_signed_as_they_are(self, client: Client) -> None:
        parameters = {"SSLId": "a b&c=d+%20证书🔐", "Flag": True, "Size": 1e16, "List": [1, "x"]}
        answer = client.call(client.context("DescribeSSLV2", "cn-bj2"), parameters)
        assert answer["DataSet"] == []

    def test_context_names_the_endpoint(self) -> None:
        client = Client(Connection("a", "b", base_url="https://api.example.com:8443/x"), "ua")
        assert client.context("GetRegion", "hk", "org-1") == RequestContext(
            "GetRegion", "api.example.com:8443", "hk", "org-1"
        )


class TestRefusals:
    """Refusals of the platform because of credentials and options."""

    def refused(self, client: Client, **scope: Any) -> ApiError:
        with pytest.raises(ApiError) as caught:
            listed(client, **scope)
        return caught.value

    @pytest.mark.parametrize(
        ("account", "fields", "scope", "kind", "code", "message", "where_to_look"),
        [
            ("main", {"private_key": "wrong"}, {}, AuthenticationError, 171, "Signature VerifyAC Error", "private_key"),
            ("main", {"public_key": "nobody"}, {}, AuthenticationError, 172, "User does not exist", "public_key"),
            ("sts", {"security_token": None}, {}, AuthenticationError, 174, "Security token does not exist",
             "security_token"),
            ("main", {"security_token": "x"}, {}, AuthenticationError, 174, "Security token does not exist",
             "security_token"),
            ("denied", {}, {}, PermissionDeniedError, 299, "IAM permission denied", "DescribeSSLV2"),
            ("blocked", {}, {}, PermissionDeniedError, 294, "request from this IP address is not allowed",
             "allowed addresses"),
            ("locked", {}, {}, PermissionDeniedError, 295, "the account is under a security lock", "unlock"),
            ("sub", {}, {}, PermissionDeniedError, 292, "sub-account needs ProjectId", "project_ids"),
            ("main", {}, {"project": "org-x"}, PermissionDeniedError, 292, "Project does not exist", "project_ids"),
            ("main", {}, {"region": "mars"}, ApiError, 230, "Params [Region] not available", "regions"),
            ("main", {}, {"region": None}, ApiError, 220, "Missing params [Region]", "regions"),
        ],
    )  # fmt: skip
    def test_is_told_at_once(
        self,
        client_of: MakeClient,
        sim: Simulator,
        time: FakeTime,
        *,
        account: str,
        fields: dict[str, Any],
        scope: dict[str, Any],
        kind: type[ApiError],
        code: int,
        message: str,
        where_to_look: str,
    ) -> None:
        client = client_of(account, **fields)
        error = self.refused(client, **scope)
        (request,) = sim.requests
        assert error.__class__ is kind
        assert (error.code, error.message, error.request_id) == (code, message, request.request_uuid)
        assert error.hint is not None
        assert where_to_look in error.hint
        region = scope.get("region", "cn-bj2")
        context = client.context("DescribeSSLV2", region, scope.get("project"))
        assert error.describe() == (
            f"{context}: {message} (RetCode {code}, request {request.request_uuid}). {error.hint}"
        )
        assert time.sleeps == NO_RETRY

    def test_channel_key(self, client_of: MakeClient, sim: Simulator) -> None:
        sim.settings.channel_key = "right"
        error = self.refused(client_of(channel_key="wrong"))
        assert (error.code, error.message) == (174, "Channel key does not fit")
        assert error.hint is not None
        assert "channel_key" in error.hint

    def test_unknown_action(self, client: Client) -> None:
        with pytest.raises(ApiError) as caught:
            client.call(client.context("NoSuchAction"))
        assert (caught.value.code, caught.value.hint) == (
            161,
            "This endpoint does not offer the action; check base_url.",
        )

    @pytest.mark.parametrize("code", [293, 4108, 4111])
    def test_other_codes(self, client: Client, sim: Simulator, code: int) -> None:
        sim.add_fault(Fault("retcode", code=code, message="no"))
        error = self.refused(client)
        assert (error.code, error.message) == (code, "no")
        assert sim.request_count == 1


BROKEN = "the connection broke: the response ended early, or is not HTTP"

# Faults after which one retry succeeds, with the wait before it.
PASSING = [
    *((Fault("http_status", status=status), 0.5) for status in (429, 500, 502, 503, 504)),
    *((Fault("retcode", code=code), 0.5) for code in (110, 130, 150, 153, 4079, 4100, 4103)),
    (Fault("retcode", code=9999, message="Failed to get ULB, try again later"), 0.5),
    (Fault("retcode", code=9999, message="系统繁忙，请稍后再试"), 0.5),
    (Fault("http_status", status=503, retry_after=7), 7.0),
    (Fault("http_status", status=429, retry_after=7), 7.0),
    (Fault("http_status", status=503, retry_after=0), 0.5),
    (Fault("http_status", status=503, retry_after="soon"), 0.5),
    (Fault("http_status", status=503, retry_after="-5"), 0.5),
    (Fault("http_status", status=503, retry_after="Wed, 21 Oct 2026 07:28:00 GMT"), 0.5),
    (Fault("reset"), 0.5),
    (Fault("truncated"), 0.5),
    (Fault("refused", seconds=600), 0.5),
]

# Faults after which the response is still valid.
HARMLESS = [
    Fault("latency", seconds=0),
    Fault("slow_drip", interval=0),
    Fault("string_types"),
    Fault("spaced_key"),
    Fault("null_fields"),
    Fault("total"),
    Fault("total", value=99),
    Fault("shift", how="move"),
    Fault("legacy_bindings"),
]

# Faults that are not retried: fault, problem and hint.
LASTING = [
    (
        Fault("http_status", status=404, body="<h1>Not found</h1>"),
        "HTTP status 404, beginning with '<h1>Not found</h1>'",
    ),
    (Fault("http_status", status=403, body="\x1b[2Jno\r\nway"), "HTTP status 403, beginning with '\ufffd[2Jno way'"),
    (
        Fault("not_json"),
        "this is not a response of the UCloud API (HTTP status 200, beginning with 'this is not JSON')",
    ),
    (
        Fault("not_json", body=""),
        "this is not a response of the UCloud API (HTTP status 200, empty)",
    ),
    (
        Fault("not_json", body="界" * 500),
        f"this is not a response of the UCloud API (HTTP status 200, beginning with '{'界' * 120}')",
    ),
    (
        Fault("not_json", body="[" * 200_000),
        f"this is not a response of the UCloud API (HTTP status 200, beginning with '{'[' * 120}')",
    ),
    (
        Fault("html", body="<html>Log in</html>"),
        "this is not a response of the UCloud API (HTTP status 200, beginning with '<html>Log in</html>')",
    ),
    (
        Fault("not_object"),
        "this is not a response of the UCloud API (HTTP status 200, beginning with '[{\"RetCode\":0}]')",
    ),
    (
        Fault("not_json", body='{"RetCode": null}'),
        "this is not a response of the UCloud API (HTTP status 200, beginning with '{\"RetCode\": null}')",
    ),
]


def described(case: Any) -> str:
    fault = case[0] if isinstance(case, tuple) else case
    details = fault.to_mapping()
    return "-".join(str(value)[:12] for name, value in details.items() if name != "times")


class TestFaults:
    @pytest.mark.parametrize("case", PASSING, ids=described)
    def test_that_pass(self, client: Client, sim: Simulator, time: FakeTime, case: tuple[Fault, float]) -> None:
        fault, wait = case
        sim.add_fault(fault)
        # Whoever is refused does so until faults are cleared.
        time.on_sleep = sim.clear_faults
        assert ids(listed(client)) == ["ssl-1", "ssl-2", "ssl-3"]
        assert time.sleeps == [wait]
        assert sim.request_count == 2

    @pytest.mark.parametrize("fault", HARMLESS, ids=described)
    def test_that_are_none(self, client: Client, sim: Simulator, time: FakeTime, fault: Fault) -> None:
        sim.add_fault(fault)
        assert sorted(ids(listed(client))) == ["ssl-1", "ssl-2", "ssl-3"]
        assert time.sleeps == NO_RETRY
        assert sim.request_count == 1

    def test_an_empty_page_is_an_answer(self, client: Client, sim: Simulator) -> None:
        sim.add_fault(Fault("empty_page"))
        answer = listed(client)
        assert (answer["DataSet"], answer["TotalCount"]) == ([], 3)

    @pytest.mark.parametrize("case", LASTING, ids=described)
    def test_that_last(self, client: Client, sim: Simulator, time: FakeTime, case: tuple[Fault, str]) -> None:
        fault, problem = case
        sim.add_fault(fault)
        with pytest.raises(TransportError) as caught:
            listed(client)
        assert caught.value.problem == problem
        assert (caught.value.hint, caught.value.retryable) == ("Check base_url.", False)
        assert time.sleeps == NO_RETRY
        assert sim.request_count == 1

    def test_an_answer_without_an_end(self, client: Client, sim: Simulator) -> None:
        sim.add_fault(Fault("bomb", value=64))
        with pytest.raises(TransportError, match="the response has more than 64 MiB"):
            listed(client)

    def test_no_retcode(self, client: Client, sim: Simulator) -> None:
        sim.add_fault(Fault("no_retcode"))
        with pytest.raises(TransportError) as caught:
            client.call(client.context("GetProjectList"))
        assert caught.value.problem.startswith(
            "this is not a response of the UCloud API (HTTP status 200, beginning with "
            """'{"Message":"","Action":"***","ProjectCount":2,"""
        )

    def test_a_busy_status_blames_the_endpoint_and_not_its_address(self, client_of: MakeClient, sim: Simulator) -> None:
        sim.add_fault(Fault("http_status", status=502, body="Bad gateway"))
        with pytest.raises(TransportError) as caught:
            listed(client_of(max_retries=0))
        assert (caught.value.problem, caught.value.hint) == (
            "HTTP status 502, beginning with 'Bad gateway'",
            "This is a fault of the endpoint, or of a gateway in front of it: try again later.",
        )

    def test_not_implemented_is_not_repeated(self, client: Client, sim: Simulator) -> None:
        sim.add_fault(Fault("http_status", status=501, body="no"))
        with pytest.raises(TransportError):
            listed(client)
        assert sim.request_count == 1

    def test_no_kind_is_forgotten(self) -> None:
        listed = {fault.kind for fault, *_unused in [*PASSING, *LASTING]} | {fault.kind for fault in HARMLESS}
        elsewhere = {"redirect", "no_retcode", "empty_page", "bomb", "as_in_examples"}
        assert listed | elsewhere == set(KINDS)


class TestRepetition:
    def test_up_to_max_retries(self, client_of: MakeClient, sim: Simulator, time: FakeTime) -> None:
        sim.add_fault(Fault("retcode", code=150, message="service unavailable", times=None))
        with pytest.raises(ApiError) as caught:
            listed(client_of(max_retries=3))
        last = sim.requests[-1].request_uuid
        assert caught.value.problem == (f"service unavailable (RetCode 150, request {last}) (tried 4 times)")
        assert sim.request_count == 4
        assert time.sleeps == [0.5, 1.0, 2.0]

    def test_none_at_all(self, client_of: MakeClient, sim: Simulator, time: FakeTime) -> None:
        sim.add_fault(Fault("http_status", status=503, body="busy", times=None))
        with pytest.raises(TransportError) as caught:
            listed(client_of(max_retries=0))
        assert caught.value.problem == "HTTP status 503, beginning with 'busy'"
        assert sim.request_count == 1
        assert time.sleeps == NO_RETRY

    def test_last_try_may_succeed(self, client_of: MakeClient, sim: Simulator) -> None:
        sim.add_fault(Fault("http_status", status=503, times=3))
        assert len(ids(listed(client_of(max_retries=3)))) == 3
        assert sim.request_count == 4

    def test_different_failures_count_together(self, client_of: MakeClient, sim: Simulator, time: FakeTime) -> None:
        sim.add_fault(Fault("reset"))
        sim.add_fault(Fault("http_status", status=502, after=1))
        sim.add_fault(Fault("retcode", code=110, after=2))
        assert len(ids(listed(client_of(max_retries=3)))) == 3
        assert time.sleeps == [0.5, 1.0, 2.0]

    def test_retry_after_is_clamped_to_a_minute(self, client_of: MakeClient, sim: Simulator, time: FakeTime) -> None:
        sim.add_fault(Fault("http_status", status=503, retry_after=86400))
        sim.add_fault(Fault("http_status", status=429, retry_after="9" * 400, after=1))
        assert len(ids(listed(client_of(timeout=100)))) == 3
        assert time.sleeps == [60.0, 60.0]

    def test_deadline_of_a_whole_call(self, client_of: MakeClient, sim: Simulator, time: FakeTime) -> None:
        # A timeout of 10 s and 5 retries make 60 s in all. That is enough for two waits of 25 s, but not for a third.
        sim.add_fault(Fault("http_status", status=503, body="busy", retry_after=25, times=None))
        with pytest.raises(TransportError) as caught:
            listed(client_of(timeout=10, max_retries=5))
        assert caught.value.problem == "HTTP status 503, beginning with 'busy' (tried 3 times)"
        assert sim.request_count == 3
        assert time.sleeps == [25.0, 25.0]

    def test_a_wait_beyond_the_deadline_is_not_begun(
        self, client_of: MakeClient, sim: Simulator, time: FakeTime
    ) -> None:
        sim.add_fault(Fault("http_status", status=429, retry_after=60, times=None))
        with pytest.raises(RateLimitedError) as caught:
            listed(client_of(timeout=10, max_retries=5))
        assert caught.value.problem == "too many requests (HTTP status 429)"
        assert caught.value.code is None
        assert time.sleeps == NO_RETRY

    def test_timeouts_shrink_towards_the_deadline(self, time: FakeTime) -> None:
        timeouts: list[float] = []

        def post(_form: dict[str, str], timeout: float, context: RequestContext) -> Response:
            timeouts.append(timeout)
            time.now += timeout
            raise TransportError("no answer", context, retryable=True)

        session = create_autospec(Session, instance=True)
        session.post.side_effect = post
        client = Client(
            Connection("a", "b", timeout=10, max_retries=2),
            "ua",
            session=session,
            clock=time.clock,
            sleep=time.sleep,
            uniform=lambda _low, high: high,
        )
        with pytest.raises(TransportError, match=r"no answer \(tried 3 times\)"):
            client.call(client.context("GetRegion"))
        assert timeouts == [10, 10, 30 - 10 - 0.5 - 10 - 1]
        client.close()
        session.close.assert_called_once_with()

    def test_to_wait_for_other_requests_is_not_the_endpoints_slowness(self, time: FakeTime) -> None:
        session = create_autospec(Session, instance=True)
        session.post.return_value = Response(200, {}, b'{"RetCode": 0}')
        client = Client(
            Connection("a", "b", timeout=10, max_retries=0), "ua", session=session, clock=time.clock, sleep=time.sleep
        )
        client.throttle.slow_down(25)
        assert client.call(client.context("GetRegion")) == {"RetCode": 0}
        assert time.sleeps == [25.0]
        assert session.post.call_args.args[1] == 10


class TestRateLimit:
    @pytest.mark.parametrize("fault", [Fault("retcode", code=153), Fault("http_status", status=429)])
    def test_slows_the_whole_client_down(
        self, client_of: MakeClient, sim: Simulator, time: FakeTime, fault: Fault
    ) -> None:
        client = client_of(concurrency=8)
        sim.add_fault(fault)
        listed(client)
        assert time.sleeps == [0.5]
        assert client._throttle.limit == 4

    def test_and_it_recovers(self, client_of: MakeClient, sim: Simulator) -> None:
        client = client_of(concurrency=4)
        sim.add_fault(Fault("retcode", code=153))
        for _unused in range(8):
            listed(client)
        assert client._throttle.limit == 4

    def test_other_failures_do_not(self, client_of: MakeClient, sim: Simulator) -> None:
        client = client_of(concurrency=8)
        sim.add_fault(Fault("http_status", status=503))
        listed(client)
        assert client._throttle.limit == 8

    def test_a_real_limit_is_lived_with(self, client_of: MakeClient, sim: Simulator) -> None:
        sim.rate_limit(1000.0)
        client = client_of(max_retries=20, timeout=100)
        assert [len(ids(listed(client))) for _unused in range(20)] == [3] * 20


class TestReading:
    """Responses that the simulator does not send."""

    def answer(self, body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        return Response(status, headers or {}, body)

    @pytest.mark.parametrize("code", [b"0", b'"0"', b"0.0", b'" 0 "'])
    def test_success_in_any_spelling(self, code: bytes) -> None:
        content = read_response(self.answer(b'{" RetCode ": %s, "DataSet ": []}' % code), CONTEXT)
        assert content["DataSet"] == []

    @pytest.mark.parametrize("status", [200, 400, 403, 500, 502])
    def test_a_retcode_counts_whatever_the_status(self, status: int) -> None:
        body = b'{"RetCode": "172", "Message": "User does not exist"}'
        with pytest.raises(AuthenticationError) as caught:
            read_response(self.answer(body, status), CONTEXT)
        assert caught.value.code == 172

    def test_an_error_status_with_a_good_retcode_is_an_error(self) -> None:
        with pytest.raises(TransportError) as caught:
            read_response(self.answer(b'{"RetCode": 0}', 500), CONTEXT)
        assert caught.value.problem == "HTTP status 500, beginning with '{\"RetCode\": 0}'"

    @pytest.mark.parametrize("message", [b"null", b"[1]", b"{}", b'""', b"true"])
    def test_a_message_that_is_none(self, message: bytes) -> None:
        with pytest.raises(ApiError) as caught:
            read_response(self.answer(b'{"RetCode": 8039, "Message": %s}' % message), CONTEXT)
        assert caught.value.problem == "no message (RetCode 8039)"

    def test_a_message_is_one_line_without_control_characters(self) -> None:
        body = b'{"RetCode": 8039, "Message": "a\\u001b[31m\\r\\nb\\ud83d\\u202e"}'
        with pytest.raises(ApiError) as caught:
            read_response(self.answer(body), CONTEXT)
        assert caught.value.problem == "a\ufffd[31m b?\ufffd (RetCode 8039)"

    @pytest.mark.parametrize(
        ("request_id", "shown"),
        [
            ("MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"[:64], False),
            ("9c1b2c7e-2f0a-4f0e-9f0e-2d1c9b8a7f6e", True),
            ("a" * 64, True),
            ("a" * 65, False),
            ("", False),
            ("id\x1b[31m", False),
            ("MIIEvQ+IBA/DANBg", False),
            ("our-own-private-key", False),
        ],
    )
    def test_a_request_id_has_to_look_like_one(self, request_id: str, *, shown: bool) -> None:
        headers = {"X-UCLOUD-REQUEST-UUID": request_id}
        with pytest.raises(ApiError) as caught:
            read_response(self.answer(b'{"RetCode": 8039}', headers=headers), CONTEXT, ["own-private-key", None])
        assert caught.value.request_id == (request_id if shown else None)

    @pytest.mark.parametrize(
        ("message", "shown"),
        [
            ("bad key MIIEvQIBADANBgkqhkiG9w0BAQ==, sorry", "bad key ***, sorry"),
            ("bad key %2b%2f" + "ab" * 10, "bad key ***"),
            ("short-own is wrong", "*** is wrong"),
            ("Private\nKey: x", "message withheld: it may contain a secret"),
            ("p r i v a t e   k e y", "message withheld: it may contain a secret"),
            ("project org-1 is busy", "project org-1 is busy"),
        ],
    )
    @pytest.mark.parametrize("status", [200, 400])
    def test_secrets_in_a_message_are_masked(self, message: str, shown: str, status: int) -> None:
        body = json.dumps({"RetCode": 8039, "Message": message}).encode()
        with pytest.raises(ApiError) as caught:
            read_response(self.answer(body, status), CONTEXT, ["short-own", "x"])
        assert caught.value.message == shown

    def test_secrets_in_an_excerpt_are_masked(self) -> None:
        with pytest.raises(TransportError) as caught:
            read_response(self.answer(b"Sorry: short-own and %s\nare wrong" % (b"0a" * 16)), CONTEXT, ["short-own"])
        assert "beginning with 'Sorry: *** and *** are wrong'" in caught.value.problem

    def test_nothing_of_a_secret_that_is_cut_off_is_shown(self) -> None:
        with pytest.raises(TransportError) as caught:
            read_response(self.answer(b"no " + b"a" * 4080 + b" MIIEvQIBADANBgkqhkiG9w0BAQ" * 99), CONTEXT)
        assert "MII" not in caught.value.problem

    @pytest.mark.parametrize("code", [b"0.5", b"false", b"true", b"[0]", b'"0.0"', b"null", b"-0.1"])
    def test_a_retcode_that_is_none(self, code: bytes) -> None:
        with pytest.raises(TransportError, match="this is not a response of the UCloud API"):
            read_response(self.answer(b'{"RetCode": %s, "TotalCount": 0, "DataSet": []}' % code), CONTEXT)

    def test_too_many_requests_with_all_there_is(self) -> None:
        headers = {"X-UCLOUD-REQUEST-UUID": "uuid-1", "Retry-After": "5"}
        with pytest.raises(RateLimitedError) as caught:
            read_response(self.answer(b"slow down", 429, headers), CONTEXT)
        error = caught.value
        assert error.problem == "too many requests (HTTP status 429, request uuid-1)"
        assert (error.code, error.request_id, error.retry_after) == (None, "uuid-1", 5.0)

    def test_retry_after_of_a_retcode(self) -> None:
        with pytest.raises(RateLimitedError) as caught:
            read_response(self.answer(b'{"RetCode": 153}', headers={"Retry-After": "90"}), CONTEXT)
        assert caught.value.retry_after == 60.0

    @pytest.mark.parametrize("asked", ["", "-1", "1.5", "٣", "soon"])
    def test_retry_after_that_is_no_number(self, asked: str) -> None:
        with pytest.raises(RateLimitedError) as caught:
            read_response(self.answer(b'{"RetCode": 153}', headers={"Retry-After": asked}), CONTEXT)
        assert caught.value.retry_after is None

    def test_not_modified_is_no_answer(self) -> None:
        with pytest.raises(TransportError, match="redirect \\(HTTP status 304\\)"):
            read_response(self.answer(b"", 304), CONTEXT)

    @given(
        body=st.binary(max_size=200)
        | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
        | st.sampled_from([b"NaN", b'{"RetCode": NaN}', b'{"RetCode": Infinity}', b'{"RetCode": ""}']),
        status=st.integers(200, 599),
    )
    def test_whatever_comes_is_an_error_of_ours(self, body: bytes, status: int) -> None:
        with pytest.raises((TransportError, ApiError)) as caught:
            read_response(self.answer(body, status), CONTEXT)
        assert re.search("[\x00-\x1f\x7f-\x9f]", caught.value.describe()) is None

    def test_undecodable_bytes_are_replaced(self) -> None:
        content = read_response(self.answer(b'{"RetCode": 0, "Name": "\xff\xfe"}'), CONTEXT)
        assert content["Name"] == "\ufffd\ufffd"

    def test_an_answer_of_another_kind_over_the_wire(self) -> None:
        with serving(lambda _request: http(b"SSH-2.0-OpenSSH")) as wire:
            client = Client(Connection("a", "b", base_url=wire.url, max_retries=0), "ua")
            with pytest.raises(TransportError) as caught:
                client.call(client.context("GetRegion"))
            client.close()
        assert caught.value.problem == (
            "this is not a response of the UCloud API (HTTP status 200, beginning with 'SSH-2.0-OpenSSH')"
        )
