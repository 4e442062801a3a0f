# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Authentication and permissions, and their RetCodes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import requests

from ansible_collections.ucloud.ulb.tests.simulator import Account, Simulator

from .calling import TIMEOUT, Caller


def code_of(sim: Simulator, data: dict[str, str], headers: dict[str, str] | None = None) -> int:
    response = requests.post(sim.http_url, data=data, headers=headers, timeout=TIMEOUT)
    assert response.status_code == 200
    code: int = response.json()["RetCode"]
    return code


def test_answer_names_action_and_request(sim: Simulator, main: Caller) -> None:
    response = main.post("GetRegion")
    document = response.json()
    assert (document["RetCode"], document["Action"]) == (0, "GetRegionResponse")
    assert document["Message"] == ""
    assert response.headers["X-UCLOUD-REQUEST-UUID"] == sim.requests[-1].request_uuid


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Action": ""}, 160),
        ({"Action": "DescribeEverything"}, 161),
        ({"Signature": ""}, 170),
        ({"Signature": "0" * 40}, 171),
        ({"Limit": "7"}, 171),
        ({"PublicKey": "somebody"}, 172),
    ],
)
def test_requests_that_are_not_signed_as_they_should(
    sim: Simulator, main: Caller, changes: dict[str, str], code: int
) -> None:
    assert code_of(sim, {**main.signed("DescribeSSLV2", Region="cn-bj2"), **changes}) == code


def test_nothing_at_all_has_no_action(sim: Simulator) -> None:
    assert code_of(sim, {}) == 160


@pytest.mark.parametrize(("token", "code"), [(None, 174), ("wrong", 174), ("right", 0)])
def test_temporary_keys_need_their_token(sim: Simulator, token: str | None, code: int) -> None:
    right = sim.accounts["sts"].security_token
    without = dataclasses.replace(sim.accounts["sts"], security_token=None)
    caller = Caller(sim.http_url, without)
    assert caller.call(SecurityToken=right if token == "right" else token)["RetCode"] == code


def test_token_of_an_account_without_one_is_unknown(main: Caller) -> None:
    assert main.call(SecurityToken="surplus")["RetCode"] == 174


@pytest.mark.parametrize("where", ["account", "settings"])
@pytest.mark.parametrize(("headers", "code"), [({}, 174), ({"channel-key": "x"}, 174), ({"channel-key": "7"}, 0)])
def test_channel_key(sim: Simulator, main: Caller, where: str, headers: dict[str, str], code: int) -> None:
    if where == "account":
        sim.accounts["main"] = dataclasses.replace(sim.accounts["main"], channel_key="7")
    else:
        sim.settings.channel_key = "7"
    assert code_of(sim, main.signed("GetRegion"), headers) == code


@pytest.mark.parametrize(
    ("account", "action", "project", "code"),
    [
        ("denied", "DescribeSSLV2", "org-a", 299),
        ("denied", "DescribeSSL", "org-b", 299),
        ("denied", "GetRegion", None, 0),
        ("partial", "DescribeSSLV2", "org-a", 0),
        ("partial", "DescribeSSLV2", None, 0),
        ("partial", "DescribeSSLV2", "org-b", 299),
        ("blocked", "GetRegion", None, 294),
        ("locked", "GetProjectList", None, 295),
        ("sub", "DescribeSSLV2", None, 292),
        ("sub", "DescribeSSLV2", "org-b", 0),
        ("main", "DescribeSSLV2", "org-none", 292),
    ],
)
def test_accounts_and_their_rights(
    caller_of: Callable[[str], Caller], account: str, action: str, project: str | None, code: int
) -> None:
    assert caller_of(account).call(action, ProjectId=project)["RetCode"] == code


def test_sub_account_without_project(caller_of: Callable[[str], Caller]) -> None:
    assert caller_of("sub").call()["Message"] == "sub-account needs ProjectId"


def test_account_limited_to_one_project(sim: Simulator, caller_of: Callable[[str], Caller]) -> None:
    sim.accounts["sub"] = dataclasses.replace(sim.accounts["sub"], project_ids=("org-b",))
    sub = caller_of("sub")
    assert [item["ProjectId"] for item in sub.call("GetProjectList")["ProjectSet"]] == ["org-b"]
    assert sub.call(ProjectId="org-a")["RetCode"] == 292
    assert sub.call(ProjectId="org-b")["RetCode"] == 0


@pytest.mark.parametrize(
    ("parameters", "code", "message"),
    [
        ({"Region": None}, 220, "Missing params [Region]"),
        ({"Region": "atlantis"}, 230, "Params [Region] not available"),
        ({"Limit": "many"}, 230, "Params [Limit] not available"),
        ({"Offset": "-1"}, 230, "Params [Offset] not available"),
    ],
)
def test_invalid_parameters(main: Caller, parameters: dict[str, Any], code: int, message: str) -> None:
    answer = main.call(**parameters)
    assert (answer["RetCode"], answer["Message"]) == (code, message)


def test_keys_are_random_and_stay_out_of_representations() -> None:
    first, second = Account("a", security_token="token-of-a"), Account("a")
    assert first.public_key != second.public_key
    assert first.private_key != second.private_key
    assert first.private_key not in repr(first)
    assert "token-of-a" not in repr(first)
