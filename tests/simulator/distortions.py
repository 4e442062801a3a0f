# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults that change the content of valid responses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .faults import Fault

Document = dict[str, Any]

#: The fields of responses with the records, and the fields of records with their ids.
_ROW_FIELDS = ("DataSet", "LoadBalancers", "Listeners")
_IDS = ("SSLId", "LoadBalancerId", "ListenerId", "ULBId", "VServerId", "SecurityPolicyId")
#: Fields that have another name in the examples of the reference than in its tables.
_EXAMPLES = {"ListenerPort": "ListenPort", "ListenerProtocol": "ListenProtocol", "Relations": "VServerSet"}


def distort(document: Document, fault: Fault) -> Document:
    """Apply a fault to a response. Faults of other kinds return it unchanged."""
    distortion = _DISTORTIONS.get(fault.kind)
    return distortion(document, fault) if distortion else document


def _no_retcode(document: Document, _fault: Fault) -> Document:
    return {key: value for key, value in document.items() if key != "RetCode"}


def _string_types(document: Document, _fault: Fault) -> Document:
    return {key: _as_string(value) for key, value in document.items()}


def _as_string(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_string(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_string(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value


def _total(document: Document, fault: Fault) -> Document:
    if fault.value is None and fault.delta is None:
        return {key: value for key, value in document.items() if key != "TotalCount"}
    count = int(document.get("TotalCount", 0)) + fault.delta if fault.delta is not None else fault.value
    return {**document, "TotalCount": count}


def _empty_page(document: Document, _fault: Fault) -> Document:
    return {**document, **{name: [] for name in _ROW_FIELDS if name in document}}


def _null_fields(document: Document, fault: Fault) -> Document:
    def nulled(name: str) -> bool:
        return name in fault.names if fault.names else name not in _IDS

    return _each_record(
        document,
        lambda item: {key: None if nulled(key) else value for key, value in item.items()},
    )


def _spaced_key(document: Document, _fault: Fault) -> Document:
    return {"DataSet " if key == "DataSet" else key: value for key, value in document.items()}


def _legacy_bindings(document: Document, _fault: Fault) -> Document:
    return _each_record(
        document,
        lambda item: {
            **{key: value for key, value in item.items() if key != "Relations"},
            "SSLBindedTargetSet": [relation["ListenerId"] for relation in item.get("Relations") or []],
        },
    )


def _as_in_examples(document: Document, _fault: Fault) -> Document:
    return _each_record(document, _spelled_as_in_examples)


def _spelled_as_in_examples(value: Any) -> Any:
    if isinstance(value, list):
        return [_spelled_as_in_examples(item) for item in value]
    if not isinstance(value, dict):
        return value
    spelled = {_EXAMPLES.get(str(name), str(name)): _spelled_as_in_examples(item) for name, item in value.items()}
    return {name: [item] if name.endswith("Config") else item for name, item in spelled.items()}


def _each_record(document: Document, change: Callable[[Document], Document]) -> Document:
    found = [name for name in _ROW_FIELDS if name in document]
    return {**document, **{name: [change(item) for item in document[name]] for name in found}}


_DISTORTIONS: dict[str, Callable[[Document, Fault], Document]] = {
    "no_retcode": _no_retcode,
    "string_types": _string_types,
    "total": _total,
    "empty_page": _empty_page,
    "null_fields": _null_fields,
    "spaced_key": _spaced_key,
    "legacy_bindings": _legacy_bindings,
    "as_in_examples": _as_in_examples,
}
DISTORTING_KINDS = frozenset(_DISTORTIONS)
