# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The profiles that UCloud's own command line tool keeps, as defaults for a task.

``credential.json`` holds a list of ``{profile, public_key, private_key, …}``, and ``config.json`` beside it a list
of ``{profile, active, project_id, region, base_url, channel_key, …}``.
Source: https://github.com/ucloud/ucloud-cli
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import OptionError

DEFAULT_CREDENTIALS_FILE = "~/.ucloud/credential.json"
_CONFIG_FILE = "config.json"
#: Characters of a path that a message repeats.
_LONGEST_SHOWN = 200


@dataclass(frozen=True)
class Profile:
    """What a profile says; ``None`` where it says nothing. Its ``repr`` holds no secret.

    With ``uses_oauth``, UCloud's own tool does not sign with the keys of the profile, which may be outdated.
    """

    name: str | None = None
    public_key: str | None = None
    private_key: str | None = field(default=None, repr=False)
    region: str | None = None
    project_id: str | None = None
    base_url: str | None = None
    channel_key: str | None = None
    uses_oauth: bool = False


def load_profile(credentials_file: str | None, name: str | None) -> Profile:
    """Read the profile ``name``, or else the active one.

    Files that are not there make an empty profile, unless the user named the file or the profile.

    :raises OptionError: a file cannot be read or understood (its content is not repeated), or there is no such
        profile (those that exist are listed).
    """
    path = Path(credentials_file or DEFAULT_CREDENTIALS_FILE)
    with contextlib.suppress(RuntimeError):  # no such user, or one without a home, as in containers
        path = path.expanduser()
    credentials = _entries(path, required=credentials_file is not None)
    settings = _entries(path.with_name(_CONFIG_FILE), required=False)
    if name is None:
        name = next((key for key, entry in settings.items() if entry.get("active") is True), None)
    elif name not in credentials and name not in settings:
        known = ", ".join(sorted({*credentials, *settings})) or "none"
        raise OptionError(
            f"profile: there is no profile {name!r} in {path} or {_CONFIG_FILE} beside it",
            hint=f"Profiles that exist: {known}.",
        )
    if name is None:
        return Profile()
    entry = {**settings.get(name, {}), **credentials.get(name, {})}

    def text(key: str) -> str | None:
        value = entry.get(key)
        return value.strip() or None if isinstance(value, str) else None

    return Profile(
        name,
        public_key=text("public_key"),
        private_key=text("private_key"),
        region=text("region"),
        project_id=text("project_id"),
        base_url=text("base_url"),
        channel_key=text("channel_key"),
        uses_oauth=(text("auth_mode") or "").lower() == "oauth",
    )


def _entries(path: Path, *, required: bool) -> dict[str, dict[str, Any]]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if required:
            raise OptionError(f"shared_credentials_file: there is no file {path}") from None
        return {}
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "that is no name of a file"
        shown = str(path) if len(str(path)) <= _LONGEST_SHOWN else f"{str(path)[:_LONGEST_SHOWN]}…"
        raise OptionError(
            f"shared_credentials_file: {shown} cannot be read: {reason}",
            hint="Check its owner and mode; 0600 and owned by the user who runs this is right.",
        ) from None
    entries = _parse(data)
    if entries is None:
        raise OptionError(
            f"shared_credentials_file: {path} is not a JSON list of profiles",
            hint="Let 'ucloud config' write it again, or mend it by hand.",
        )
    return {str(entry["profile"]): entry for entry in entries if entry.get("profile")}


def _parse(data: bytes) -> list[dict[str, Any]] | None:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        # The exception holds the whole content of the file, so it must not become the context of another.
        return None
    is_list = isinstance(content, list) and all(isinstance(entry, dict) for entry in content)
    return content if is_list else None
