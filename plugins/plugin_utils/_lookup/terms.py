# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lookup's terms -> its result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from ...module_utils._api.errors import OptionError, PermissionDeniedError, UCloudError
from ...module_utils._api.summaries import describe_all
from ...module_utils._api.values import printable
from ...module_utils._certificates import domains
from ...module_utils._certificates.model import Certificate
from ...module_utils._certificates.query import Query
from ...module_utils._certificates.unreadable import report, undecided
from .._attribute import attribute_at
from .index import Index, looks_like_id
from .source import Fleet


class Policy(NamedTuple):
    """The options of a lookup that are not about which certificates there are, as its documentation has them.

    ``warn`` shows a sentence to the user.
    """

    by: str
    on_missing: str
    on_denied: str
    on_ambiguous: str
    attribute: str | None
    warn: Callable[[str], None]


class Terms:
    """What terms mean in a fleet, at the moment ``now`` (seconds since 1970)."""

    def __init__(self, fleet: Fleet, query: Query, policy: Policy, now: int) -> None:
        self._fleet = fleet
        self._query = query
        self._policy = policy
        self._now = now

    def look_up(self, terms: Iterable[Any], everything: bool | None = None) -> list[Any]:
        """The results of a lookup: facts, or one fact, for each term, or for all certificates without any.

        :param everything: whether all certificates are wanted; ``None`` if only the terms say so.
        :raises UCloudError: as the policy says, and for an option that cannot be used.
        """
        terms = list(terms)
        if terms and everything:
            raise OptionError("all: there are terms, too", hint="Give terms, or all: true.")
        names = [_text(term) for term in _flat(terms)]
        if self._policy.by == "domain":
            for name in names:
                _refuse(name, domains.refusal_of(name))
        # An empty list for a term asks for nothing, not for everything.
        if not names and (terms or everything is False):
            return []
        matches = self._matches(names) if names else self._all()
        unknown = undecided(filter(None, matches), self._query, self._now)
        self._report(unknown, "may or may not be what was asked for")
        return [self._result(match) for match in matches]

    def _all(self) -> list[Certificate]:
        return [item for item in self._index(None).certificates if self._wanted(item)]

    def _matches(self, names: list[str]) -> list[Certificate | None]:
        by = self._policy.by
        are_ids = by == "id" or (by == "auto" and all(map(looks_like_id, names)))
        index = self._index(frozenset(names) if are_ids else None)
        found = {name: index.find(name, by, self._wanted, self._now) for name in names}
        if are_ids and by == "auto" and not all(found.values()):
            # There may be a certificate whose name looks like an id.
            index = self._index(None)
            found = {name: index.find(name, by, self._wanted, self._now) for name in names}
        if by in ("domain", "auto") and not are_ids:
            for name in found:
                self._look_at_unreadable(name, found[name], index)
        matches = [self._one(name, found[name]) for name in names]
        return [match for match in matches if match is not None or self._policy.on_missing == "null"]

    def _look_at_unreadable(self, name: str, found: list[Certificate], index: Index) -> None:
        """Say so if what a term finds as a domain is not sure, because certificates could not be read."""
        if any(name in (item.ssl_id, item.ssl_name) for item in found):
            return
        if not found:
            # Any other text may be the name of a certificate that is not there.
            _refuse(name, domains.service_in(name))
        if found and self._query.on_unreadable == "warn":
            unsure = [item for item in found if item.is_unreadable and item.domains_from == "api"]
            self._report(unsure, f"only the platform says that they are for {name!r}")
        else:
            unsure = [item for item in index.unreadable if item.domains_from != "certificate" and self._wanted(item)]
            self._report(unsure, f"may be for {name!r}")

    def _report(self, certificates: Sequence[Certificate], consequence: str) -> None:
        for warning in report(certificates, self._query, consequence):
            self._policy.warn(warning)

    def _one(self, name: str, found: list[Certificate]) -> Certificate | None:
        if not found:
            self._complain(
                self._policy.on_missing,
                OptionError(
                    f"no certificate matches {name!r} (by: {self._policy.by})",
                    hint="Check the term, regions, project_ids and the other conditions, or set on_missing.",
                ),
            )
            return None
        if len(found) > 1:
            ids = ", ".join(printable(f"{item.ssl_id} in {item.region}") for item in found)
            self._complain(
                self._policy.on_ambiguous,
                OptionError(
                    f"{len(found)} certificates match {name!r}: {ids}",
                    hint="Use an id or by: domain, narrow it down with regions or bound, or set on_ambiguous.",
                ),
            )
        return found[0]

    def _index(self, ids: frozenset[str] | None) -> Index:
        index = self._fleet.index(ids)
        shown = []
        for error in self._fleet.errors:
            if isinstance(error, PermissionDeniedError) and self._policy.on_denied != "error":
                how = self._policy.on_denied
            else:
                how = "warn" if self._query.on_error == "warn" else "error"
            if how == "error":
                raise error
            if how == "warn":
                shown.append(error)
        for warning in describe_all(shown, with_requests=False):
            self._policy.warn(warning)
        return index

    def _complain(self, how: str, error: UCloudError) -> None:
        if how == "error":
            raise error
        if how == "warn":
            self._policy.warn(error.describe())

    def _wanted(self, certificate: Certificate) -> bool:
        selection = self._query.selection
        return selection.by_record(certificate) and selection.by_content(certificate, self._now) is not False

    def _result(self, certificate: Certificate | None) -> Any:
        if certificate is None:
            return None
        facts = certificate.to_facts(self._now)
        return attribute_at(facts, self._policy.attribute) if self._policy.attribute else facts


def _flat(terms: Iterable[Any]) -> Iterable[Any]:
    """Lists among the terms stand for their items: users pass both."""
    for term in terms:
        yield from term if isinstance(term, (list, tuple)) else (term,)


def _refuse(name: str, refusal: domains.Refusal | None) -> None:
    if refusal is not None:
        raise OptionError(f"_terms: {name!r} {refusal.problem}", hint=refusal.hint)


def _text(term: Any) -> str:
    if not isinstance(term, str) or not term.strip():
        raise OptionError(f"_terms: {term!r} is no id, name or domain", hint="Give non-empty strings.")
    return term.strip()
