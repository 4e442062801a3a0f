# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Accounts of the simulated API, and which requests are refused to each."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field

LISTING_ACTIONS = ("DescribeSSL", "DescribeSSLV2")


def _public_key() -> str:
    return base64.b64encode(secrets.token_bytes(33)).decode()


@dataclass(frozen=True)
class Account:
    """A pair of keys. Keys are random, so that the source contains nothing that looks like a credential.

    Change an account of a running simulator with
    ``sim.accounts["sub"] = dataclasses.replace(sim.accounts["sub"], project_ids=("org-1",))``.
    """

    name: str
    public_key: str = field(default_factory=_public_key)
    private_key: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    security_token: str | None = field(default=None, repr=False)
    """Required in every request (RetCode 174 otherwise)."""
    channel_key: str | None = None
    """Value that the ``channel-key`` header must have (RetCode 174 otherwise)."""
    sub_account: bool = False
    """A sub-account has no default project: it must name one (RetCode 292 otherwise)."""
    project_ids: tuple[str, ...] | None = None
    """The only projects it can see; ``None`` for all of them."""
    refusal: int | None = None
    """RetCode of a refusal (294, 295, 299), limited by the two fields below."""
    refused_actions: tuple[str, ...] | None = None
    """Actions that are refused; ``None`` for all of them."""
    refused_projects: tuple[str, ...] | None = None
    """Projects that are refused; ``None`` for all of them."""

    def sees(self, project_id: str) -> bool:
        """Whether the project exists for this account."""
        return self.project_ids is None or project_id in self.project_ids

    def refuses(self, action: str, project_id: str | None) -> bool:
        """Whether a request is refused with ``refusal``. ``project_id`` is ``None`` for actions without one."""
        if self.refusal is None:
            return False
        if self.refused_actions is not None and action not in self.refused_actions:
            return False
        return self.refused_projects is None or project_id in self.refused_projects


def default_accounts(last_project: str) -> dict[str, Account]:
    """Return the accounts of a simulator by name. ``partial`` is refused in ``last_project``."""
    return {
        account.name: account
        for account in (
            Account("main"),
            Account("sub", sub_account=True),
            Account("sts", security_token=secrets.token_urlsafe(64)),
            Account("denied", refusal=299, refused_actions=LISTING_ACTIONS),
            Account(
                "partial",
                refusal=299,
                refused_actions=LISTING_ACTIONS,
                refused_projects=(last_project,),
            ),
            Account("blocked", refusal=294),
            Account("locked", refusal=295),
        )
    }
