# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find the root certificates that the option ``trust_store`` names, as PEM texts.

This does not parse certificates, so that a lookup that only reads a cache can check the option.
"""

from __future__ import annotations

import importlib.util
import os
import re
import traceback
from collections.abc import Iterable
from pathlib import Path

from .._api.errors import MissingLibraryError, OptionError

NONE, MOZILLA, SYSTEM = "none", "mozilla", "system"
_MARKER, _TRUSTED_MARKER = "CERTIFICATE-----", "BEGIN TRUSTED CERTIFICATE"
#: The bundles of operating systems have less than 1 MB.
_MAX_SIZE = 16 * 1024 * 1024
#: Names of the files that OpenSSL reads in a folder.
_HASHED = re.compile(r"[0-9a-f]{8}\.[0-9]+")
_MAX_SHOWN = 200
_WITHOUT_CERTIFI = (
    "trust_store: it is unknown which certificates clients trust, because the Python library certifi is not installed."
    " Install it, or set trust_store to none or system, or to a file with root certificates."
)
_HINT = (
    f"Give {NONE}, {MOZILLA}, {SYSTEM}, or the path of a file with CA certificates in PEM format that can be read where"
    " this runs."
)


def check(value: str) -> None:
    """Check that a file can be read and seems to have certificates, if the value is a path.

    This takes little time and needs no library.

    Raises:
        OptionError: It does not.
    """
    if value not in (NONE, MOZILLA, SYSTEM):
        _read_bundle(value)


def warnings(value: str) -> tuple[str, ...]:
    """Return what users should know about a trust store. This takes little time."""
    if value != MOZILLA or _has_certifi():
        return ()
    return (_WITHOUT_CERTIFI,)


def _has_certifi() -> bool:
    try:
        return importlib.util.find_spec("certifi") is not None
    except ValueError:  # it is imported already, in an unusual way
        return True


def read(value: str) -> tuple[str, list[str]]:
    """Return a label for readers, and the PEM texts of a trust store. The same certificate may be in several of them.

    Raises:
        OptionError: There are no certificates, or they cannot be read.
        MissingLibraryError: The store needs ``certifi``, which is not installed.
    """
    if value == MOZILLA:
        return _mozilla()
    return _system() if value == SYSTEM else (value, [_read_bundle(value)])


def no_certificates(value: str) -> OptionError:
    """Return the error for a store in which no certificate can be read."""
    return OptionError(f"trust_store: {_shown(value)} has no certificate that can be read", hint=_HINT)


def _mozilla() -> tuple[str, list[str]]:
    """Return the CA certificates of Mozilla that ``certifi`` has. ``requests`` needs it, so it is usually there."""
    try:
        import certifi  # noqa: PLC0415 (few tasks need it)
    except ImportError:
        raise MissingLibraryError("certifi", traceback.format_exc()) from None
    path = certifi.where()
    version = f"certifi {getattr(certifi, '__version__', 'of unknown version')}"
    # Some distributions let certifi return the bundle of the system, which an administrator can change.
    is_own = Path(path).parent == Path(str(certifi.__file__)).parent
    return f"{MOZILLA} ({version if is_own else f'{version}, {path}'})", [_read_bundle(path)]


def _system() -> tuple[str, list[str]]:
    """Return the CA certificates that Python's and OpenSSL's clients use by default."""
    import ssl  # noqa: PLC0415 (few tasks need it)

    paths = ssl.get_default_verify_paths()
    files = [paths.cafile] if paths.cafile else []
    files += _files_in(paths.capath) if paths.capath else []
    if not files:
        looked = (
            os.environ.get(paths.openssl_cafile_env) or paths.openssl_cafile,
            os.environ.get(paths.openssl_capath_env) or paths.openssl_capath,
        )
        raise OptionError(
            f"trust_store: {SYSTEM} has no certificates: there are none in {' and '.join(looked)}",
            hint=f"Install the CA certificates of the system, or use {MOZILLA}.",
        )
    return f"{SYSTEM} ({paths.cafile or paths.capath})", [_read_bundle(path) for path in files]


def _files_in(folder: str) -> Iterable[str]:
    try:
        return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if _HASHED.fullmatch(name)]  # noqa: PTH118, PTH208
    except OSError:
        return []


def _read_bundle(value: str) -> str:
    path = os.path.expandvars(os.path.expanduser(value))  # noqa: PTH111 (as Ansible does for paths)
    try:
        # A device or a named pipe may never end.
        if not os.path.isfile(path):  # noqa: PTH113
            reason = "there is no such file"
        elif os.path.getsize(path) > _MAX_SIZE:  # noqa: PTH202
            reason = "it is too large"
        else:
            text = Path(path).read_bytes().decode("utf-8", "replace")
            reason = _reason_against(text)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
    except ValueError:  # a null character
        reason = "not a valid path"
    if reason:
        raise OptionError(f"trust_store: {_shown(value)} cannot be used: {reason}", hint=_HINT)
    return text


def _reason_against(text: str) -> str:
    if _TRUSTED_MARKER in text:
        # What follows the certificate may say that it is not trusted for servers.
        return "it has certificates in the format TRUSTED CERTIFICATE of OpenSSL"
    return "" if _MARKER in text else "it has no certificate in PEM format"


def _shown(value: str) -> str:
    return repr(value if len(value) <= _MAX_SHOWN else f"{value[:_MAX_SHOWN]}…")
