# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Find pieces of secrets in data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .decoders import Decoder
from .encodings import blocks, encodings, encodings_of_bytes

#: This many characters of a secret in a row are a leak.
WIDTH = 16

#: Characters of an escaped line end that may be read as digits of base64 before what follows: those of ``\u000A``.
_ESCAPE = 5


class Secrets:
    """The private keys of PEM texts, without their public halves, which are in the certificates.

    Args:
        contents: PEM texts.
        credentials: Other secrets, such as the keys and tokens of accounts.
        width: The length of a piece of a secret.
    """

    def __init__(self, contents: Iterable[str], credentials: Iterable[str] = (), width: int = WIDTH) -> None:
        self._width = width
        self._owners: dict[str, frozenset[str]] = {}
        # The search advances in steps. Every piece contains a probe at a position where the search looks.
        self._probe = width // 2
        self._step = width - self._probe + 1
        self._probes: set[str] = set()
        found = {block.pem: block for content in contents for block in blocks(content)}.values()
        #: The private keys, as PEM blocks.
        self.keys = [block.pem for block in found if block.is_key]
        self.credentials = list(dict.fromkeys(credentials))
        for block in found:
            if block.is_key:
                self._add(block.pem, encodings(block))
        self._remove(text for block in found if not block.is_key for text in encodings(block))
        assert len(self._owners) >= 100 * len(self.keys), "the secrets are too short"
        for credential in self.credentials:
            self._add(credential, (credential, *encodings_of_bytes(credential.encode())))

    def found_in(self, *data: str | bytes) -> set[str]:
        """Return the pieces of secrets in the data, whatever their encoding."""
        decoder = Decoder()
        return {piece for item in data for text in decoder.decode(item) for piece in self._pieces_in(text)}

    def owners(self, pieces: Iterable[str]) -> set[str]:
        """Return the private keys (PEM blocks) and credentials that have these pieces."""
        return {owner for piece in pieces for owner in self._owners[piece]}

    def _add(self, owner: str, texts: Iterable[str]) -> None:
        alone = frozenset((owner,))
        for text in texts:
            self._probes.update(_windows(text, self._probe))
            for piece in _windows(text, self._width):
                self._owners[piece] = self._owners.get(piece, alone) | alone

    def _remove(self, texts: Iterable[str]) -> None:
        """Remove the pieces that are public, or may be read where a line of public text begins or ends.

        The key has the public key too, but other bytes around it. A certificate in a URL may seem to have these: in
        ``%0AMIIB``, the line end is not part of the base64 text, but ``AMIIB`` may be in that of the key.
        """
        length = self._width - _ESCAPE
        ends = {end for piece in self._owners for end in (piece[:length], piece[-length:])}
        public = {end for text in texts for end in _windows(text, length) if end in ends}
        for piece in [piece for piece in self._owners if piece[:length] in public or piece[-length:] in public]:
            del self._owners[piece]

    def _pieces_in(self, text: str) -> Iterator[str]:
        for direction in (text, text[::-1]):
            for start in range(0, len(direction), self._step):
                if direction[start : start + self._probe] in self._probes:
                    around = direction[max(0, start - self._step + 1) : start + self._width]
                    yield from filter(self._owners.__contains__, _windows(around, self._width))


def _windows(text: str, width: int) -> Iterator[str]:
    return (text[start : start + width] for start in range(len(text) - width + 1))
