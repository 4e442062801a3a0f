# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Read the profiles of UCloud's command line tool, as defaults for options.

``credential.json`` contains a list of ``{profile, public_key, private_key, …}``, and ``config.json`` beside it a list
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
#: Maximum length of a path in a message.
_LONGEST_SHOWN = 200


@dataclass(frozen=True)
class Profile:
    """The values of a profile; ``None`` if it does not set one. Its ``repr`` shows no secret.

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
    """Read a profile.

    Missing files give an empty profile, unless the user named the file or the profile.

    Args:
        credentials_file: Path of ``credential.json``, if it is not the default one.
        name: Name of the profile; the active one if it is ``None``.

    Raises:
        OptionError: A file cannot be read or parsed (its content is not repeated), or the profile does not exist
            (those that exist are listed).
    """
    path = Path(credentials_file or DEFAULT_CREDENTIALS_FILE)
    with contextlib.suppress(RuntimeError):  # no such user, or no home folder, as in containers
        path = path.expanduser()
    credentials = _entries(path, required=credentials_file is not None)
    settings = _entries(path.with_name(_CONFIG_FILE), required=False)
    if name is None:
        name = next((key for key, entry in settings.items() if entry.get("active") is True), None)
    elif name not in credentials and name not in settings:
        known = ", ".join(sorted({*credentials, *settings})) or "none"
        raise OptionError(
            f"profile: there is no profile {name!r} in {path} or {_CONFIG_FILE} next to it",
            hint=f"Existing profiles: {known}.",
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
        reason = error.strerror if isinstance(error, OSError) else "not a valid path"
        shown = str(path) if len(str(path)) <= _LONGEST_SHOWN else f"{str(path)[:_LONGEST_SHOWN]}…"
        raise OptionError(
            f"shared_credentials_file: {shown} cannot be read: {reason}",
            hint="Check its owner and mode: it should belong to the user who runs this, with mode 0600.",
        ) from None
    entries = _parse(data)
    if entries is None:
        raise OptionError(
            f"shared_credentials_file: {path} is not a JSON list of profiles",
            hint="Run 'ucloud config' to write it again, or fix it by hand.",
        )
    return {str(entry["profile"]): entry for entry in entries if entry.get("profile")}


def _parse(data: bytes) -> list[dict[str, Any]] | None:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError):
        # Do not raise here: the exception contains the whole file, and would become the context of the new error.
        return None
    is_list = isinstance(content, list) and all(isinstance(entry, dict) for entry in content)
    return content if is_list else None
