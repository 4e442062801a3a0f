# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Terms of a lookup -> its result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ...module_utils._api.errors import OptionError, PermissionDeniedError, UCloudError
from ...module_utils._api.summaries import describe_all
from ...module_utils._api.values import printable
from ...module_utils._certificates import domains
from ...module_utils._certificates.model import Certificate
from ...module_utils._certificates.query import Query
from ...module_utils._certificates.unreadable import report, undecided
from .._attribute import attribute_at
from .index import CertificateIndex, looks_like_id
from .source import CertificateSource

if TYPE_CHECKING:
    from .listeners import ListenerSource


class LookupOptions(NamedTuple):
    """The lookup's own options, and a function that shows a warning."""

    by: str
    on_missing: str
    on_denied: str
    on_ambiguous: str
    attribute: str | None
    warn: Callable[[str], None]


class Resolver:
    """Resolves terms to certificates.

    Args:
        source: Where certificates come from.
        query: The options that select certificates.
        options: The lookup's own options.
        now: The current time in seconds since 1970.
        listeners: Where listeners come from, if they are wanted.
    """

    def __init__(
        self,
        source: CertificateSource,
        query: Query,
        options: LookupOptions,
        now: int,
        listeners: ListenerSource | None = None,
    ) -> None:
        self._source = source
        self._listeners = listeners
        self._query = query
        self._options = options
        self._now = now

    def resolve(self, terms: Iterable[Any], want_all: bool | None = None) -> list[Any]:
        """Return the result of a lookup: all facts, or a single one, per term.

        Args:
            terms: Ids, names or domains. Without any, all selected certificates are returned.
            want_all: The option ``all``.

        Raises:
            UCloudError: An option is not valid, or something failed that the options do not tolerate.
        """
        terms = list(terms)
        if terms and want_all:
            raise OptionError("all: cannot be combined with terms", hint="Give either terms or all: true.")
        names = [_checked(term) for term in _flatten(terms)]
        if self._options.by == "domain":
            for name in names:
                _raise_refusal(name, domains.refusal_of(name))
        # A term that is an empty list selects nothing, not everything.
        if not names and (terms or want_all is False):
            return []
        matches = self._match(names) if names else self._all()
        unknown = undecided(filter(None, matches), self._query, self._now)
        self._report_unreadable(unknown, "may or may not match the selection")
        return [self._facts(match) for match in self._with_listeners(matches)]

    def _all(self) -> list[Certificate | None]:
        return [item for item in self._index(None).certificates if self._is_selected(item)]

    def _match(self, names: list[str]) -> list[Certificate | None]:
        by = self._options.by
        are_ids = by == "id" or (by == "auto" and all(map(looks_like_id, names)))
        index = self._index(frozenset(names) if are_ids else None)
        found = {name: index.find(name, by, self._is_selected, self._now) for name in names}
        if are_ids and by == "auto" and not all(found.values()):
            # Search all certificates, because a name may look like an id.
            index = self._index(None)
            found = {name: index.find(name, by, self._is_selected, self._now) for name in names}
        if by in ("domain", "auto") and not are_ids:
            for name in found:
                self._check_unreadable(name, found[name], index)
        matches = [self._best(name, found[name]) for name in names]
        return [match for match in matches if match is not None or self._options.on_missing == "null"]

    def _check_unreadable(self, name: str, found: list[Certificate], index: CertificateIndex) -> None:
        """Report certificates that could not be read, if the result for a domain may be wrong because of them."""
        if any(name in (item.ssl_id, item.ssl_name) for item in found):
            return
        if not found:
            # Any other text may be the name of a certificate that does not exist.
            _raise_refusal(name, domains.service_in(name))
        if found and self._query.on_unreadable == "warn":
            unsure = [item for item in found if item.is_unreadable and item.domains_from == "api"]
            self._report_unreadable(unsure, f"match {name!r} only by the platform's domain names")
        else:
            unsure = [
                item for item in index.unreadable if item.domains_from != "certificate" and self._is_selected(item)
            ]
            self._report_unreadable(unsure, f"may match {name!r}")

    def _report_unreadable(self, certificates: Sequence[Certificate], consequence: str) -> None:
        for warning in report(certificates, self._query, consequence):
            self._options.warn(warning)

    def _best(self, name: str, found: list[Certificate]) -> Certificate | None:
        if not found:
            self._handle(
                self._options.on_missing,
                OptionError(
                    f"no certificate matches {name!r} (by: {self._options.by})",
                    hint="Check the term, regions, project_ids and selection options, or set on_missing.",
                ),
            )
            return None
        if len(found) > 1:
            ids = ", ".join(printable(f"{item.ssl_id} in {item.region}") for item in found)
            self._handle(
                self._options.on_ambiguous,
                OptionError(
                    f"{len(found)} certificates match {name!r}: {ids}",
                    hint="Give an id or by: domain, restrict regions or bound, or set on_ambiguous.",
                ),
            )
        return found[0]

    def _with_listeners(self, matches: list[Certificate | None]) -> list[Certificate | None]:
        if self._listeners is None:
            return matches
        # Only listeners of the result are needed, so no others are listed.
        joined = iter(self._listeners.join([match for match in matches if match is not None]))
        self._report_errors(self._listeners.errors)
        return [match and next(joined) for match in matches]

    def _index(self, ids: frozenset[str] | None) -> CertificateIndex:
        index = self._source.index(ids)
        self._report_errors(self._source.errors)
        return index

    def _report_errors(self, errors: Iterable[UCloudError]) -> None:
        """Raise errors, or show them as warnings, by the options."""
        shown = []
        for error in errors:
            if isinstance(error, PermissionDeniedError) and self._options.on_denied != "error":
                action = self._options.on_denied
            else:
                action = "warn" if self._query.on_error == "warn" else "error"
            if action == "error":
                raise error
            if action == "warn":
                shown.append(error)
        for warning in describe_all(shown, with_requests=False):
            self._options.warn(warning)

    def _handle(self, action: str, error: UCloudError) -> None:
        if action == "error":
            raise error
        if action == "warn":
            self._options.warn(error.describe())

    def _is_selected(self, certificate: Certificate) -> bool:
        selection = self._query.selection
        return selection.by_record(certificate) and selection.by_content(certificate, self._now) is not False

    def _facts(self, certificate: Certificate | None) -> Any:
        if certificate is None:
            return None
        facts = certificate.to_facts(self._now)
        return attribute_at(facts, self._options.attribute) if self._options.attribute else facts


def _flatten(terms: Iterable[Any]) -> Iterable[Any]:
    """Replace lists among the terms by their items, because users pass both."""
    for term in terms:
        yield from term if isinstance(term, (list, tuple)) else (term,)


def _raise_refusal(name: str, refusal: domains.Refusal | None) -> None:
    if refusal is not None:
        raise OptionError(f"_terms: {name!r} {refusal.problem}", hint=refusal.hint)


def _checked(term: Any) -> str:
    if not isinstance(term, str) or not term.strip():
        raise OptionError(f"_terms: {term!r} is not an id, name or domain", hint="Give non-empty strings.")
    return term.strip()
