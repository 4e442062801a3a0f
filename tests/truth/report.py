# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Comparison of all search results, and its output."""

from __future__ import annotations

import resource
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from . import community, disagreements, explained, hosts, linters, ours, trust
from .bundles import compare_file
from .certificates import CertificateFile, Search, to_pem
from .compare import Difference, compare
from .issuers import Issuers
from .openssl import View, run, views

_SLOWEST = 5


class Report:
    """Comparison of all files of a search."""

    def __init__(self, found: Search) -> None:
        self._found = found
        self._compared: Counter[str] = Counter()
        self._slow: list[tuple[float, str]] = []
        start = time.perf_counter()
        first: dict[bytes, str] = {}
        for file in found.files:
            for der in filter(None, file.certificates):
                first.setdefault(der, file.name)
        self._first = first
        self._views: dict[bytes, View | None] = {b"": None, **dict(zip(first, views(list(first)), strict=True))}
        self._issuers = Issuers()
        for file in found.files:
            self._issuers.want([view for der in file.certificates if (view := self._views[der])])
        self._issuers.ask()
        self._differences = list(self._compare())
        self._seconds = time.perf_counter() - start

    def _compare(self) -> Iterator[Difference]:
        for der, name in self._first.items():
            yield from self._compare_certificate(self._read(to_pem(der), name), self._views[der], name)
        for file in self._found.files:
            if len(file.certificates) > 1 or file.has_key:
                yield from self._compare_file(file)

    def _read(self, text: str, name: str) -> ours.Reading:
        reading = ours.read(text)
        self._slow = sorted([*self._slow, (reading.seconds, name)], reverse=True)[:_SLOWEST]
        return reading

    def _compare_certificate(self, reading: ours.Reading, view: View | None, name: str) -> Iterator[Difference]:
        yield from self._conduct(reading, name)
        if reading.failure:
            return
        self._compared["x509"] += 1
        if view is None:
            if reading.x509 is not None:
                yield Difference("x509", "read", "refused", name, about=reading.facts.get("x509_error"))
        elif reading.x509 is None:
            yield Difference("x509", None, "read", name, about=reading.facts.get("x509_error"), views=(view,))
        else:
            yield from compare(reading, view, self._issuers.is_self_signed(view), name, self._compared)
            yield from community.compare(view.der, reading, name, self._compared)

    def _compare_file(self, file: CertificateFile) -> Iterator[Difference]:
        reading = self._read(file.text, file.name)
        yield from self._conduct(reading, file.name)
        if not reading.failure:
            yield from compare_file(file, reading, self._views, self._issuers, self._compared)

    def _conduct(self, reading: ours.Reading, name: str) -> Iterator[Difference]:
        """Check that a file is read without exceptions, without warnings, and in time."""
        self._compared["reading"] += 1
        if reading.failure:
            yield Difference("reading", reading.failure, "facts", name)
        for text in reading.warned:
            yield Difference("reading", f"warns: {text}", "silent", name)

    def compare_hosts(self) -> None:
        """Compare host name matching."""
        self._compared["covers"] += len(hosts.CASES)
        self._compared["form of a name"] += len(hosts.FORMS)
        self._differences += hosts.differences()

    def compare_verdicts(self, zlint: Path | None, most: int) -> None:
        """Compare the audit's results with those of linters, with pkilint for a sample of certificates."""
        step = max(1, len(self._first) // most)
        some = list(self._first.items())[::step][:most]
        self._differences += linters.beside_pkilint(some, self._compared)
        if zlint:
            self._differences += linters.beside_zlint(zlint, self._compared)

    def compare_trust(self, limbo: Path | None) -> None:
        """Compare trust with the program's, and with the expected results of x509-limbo."""
        read = [view for view in self._views.values() if view]
        self._differences += trust.compare(read, self._issuers, self._first, self._compared)
        if limbo:
            self._differences += trust.compare_limbo(limbo, self._compared)

    def judged(self) -> tuple[Counter[str], list[Difference]]:
        """Return the number of differences per reason, and the unexplained differences."""
        reasons: Counter[str] = Counter()
        unexplained = []
        for difference in self._differences:
            if isinstance(difference, linters.Disagreement):
                reason = disagreements.reason_of(difference)
            else:
                reason = explained.reason_of(difference)
            if reason is None:
                unexplained.append(difference)
            else:
                reasons[reason] += 1
        return reasons, unexplained

    def print(self) -> int:
        """Print counts, explained and unexplained differences. Return the exit code."""
        reasons, unexplained = self.judged()
        refused = sum(view is None for view in self._views.values()) - 1
        print(run("version").stdout.decode().strip())
        print(f"{len(self._found.files)} files with certificates, {self._found.skipped} without")
        print(f"{len(self._first)} different certificates, {refused} of them rejected by openssl")
        print(f"{self._compared.total()} facts compared in {self._seconds:.0f} s:")
        for name, number in sorted(self._compared.items()):
            print(f"  {number:8} {name}")
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        slowest = ", ".join(f"{seconds:.3f} s {name}" for seconds, name in self._slow)
        print(f"at most {megabytes} MB; slowest contents: {slowest}")
        print(f"{reasons.total()} differences with a reason:")
        for reason, number in reasons.most_common():
            print(f"  {number:8} {reason}")
        print(f"{len(unexplained)} differences without a reason")
        for line in _lines(unexplained):
            print(line)
        return int(bool(unexplained))


def _lines(differences: Iterable[Difference]) -> Iterator[str]:
    for difference in sorted(differences, key=lambda item: (item.fact, item.file)):
        yield f"  {difference}"
