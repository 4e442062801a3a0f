# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names that have to be among known ones."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from ..module_utils._api.errors import OptionError


def check_known(where: str, names: Iterable[Any], known: Iterable[str]) -> None:
    """Refuse names that are not known.

    :param where: what they are names of, as the message begins.
    :raises OptionError: with the one that was probably meant, and all that are known.
    """
    known = list(known)
    for name in names:
        if name not in known:
            close = get_close_matches(str(name), known, n=1)
            meant = f"Did you mean {close[0]}? " if close else ""
            raise OptionError(f"{where}: there is no {name!r}", hint=f"{meant}There is: {', '.join(known)}.")
