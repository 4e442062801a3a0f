# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of `make release` that no other tool has.

release.py prepare VERSION writes the version into all files that contain it. release.py check prints what is not ready.
release.py pack BUILT TARGET SECONDS writes a tarball of ansible-galaxy again, reproducibly, and prints its SHA-256.
release.py publish TARBALL prints how to publish it.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import sys
import tarfile
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
#: Where the version is, and how.
PLACES = {
    "galaxy.yml": re.compile(r"(?m)^(version: )(\S+)$"),
    "plugins/module_utils/_version.py": re.compile(r'(?m)^(VERSION = ")([^"]+)'),
}
#: In README.md, if the file of a release is named there.
FILE_NAME = re.compile(r"(ucloud-ulb-)(\d+\.\d+\.\d+)(?=\.tar\.gz)")
ADDED = re.compile(r"(?m)^( *version_added: )['\"]?([^'\"\s]+)['\"]?$")
DOCUMENTED = ("plugins/**/*.py", "roles/*/meta/argument_specs.yml")


PUBLISH = """
{path} is ready.
SHA-256: {digest}

Nothing was published. To publish it:

  git tag --annotate {version} --message 'ucloud.ulb {version}'
  git push origin main {version}
  ansible-galaxy collection publish --server galaxy {path}
  ansible-galaxy collection publish --server automation_hub {path}

The servers are those of ansible.cfg, see "Releases" in ARCHITECTURE.md. Add the file and its SHA-256 to the release of
the tag, with the release's section of CHANGELOG.md as the text.
"""


def parts(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, to compare it with others."""
    if not VERSION.fullmatch(version):
        raise ValueError(f"{version!r} is not a version such as 1.2.3")
    return tuple(map(int, version.split(".")))


def released(root: Path) -> list[str]:
    """Return the released versions, the newest first."""
    changelog: dict[str, Any] = yaml.safe_load((root / "changelogs/changelog.yaml").read_text(encoding="utf-8"))
    return sorted(changelog["releases"], key=parts, reverse=True)


def prepare(root: Path, version: str) -> list[str]:
    """Write a version into all files that contain it, and return the names of the files that changed.

    What is documented as new in a version that was never released is new in this one.

    Raises:
        ValueError: This cannot be the next version.
    """
    number, before = parts(version), released(root)
    if before and number <= parts(before[0]):
        raise ValueError(f"{version} is not newer than {before[0]}, which is released")
    if not any("release_summary" in yaml.safe_load(file.read_text(encoding="utf-8")) for file in fragments(root)):
        raise ValueError("no fragment in changelogs/fragments has a release_summary")
    changed = [name for name, place in PLACES.items() if _replace(root / name, place, version)]
    if _replace(root / "README.md", FILE_NAME, version):
        changed.append("README.md")
    changed += [
        str(file.relative_to(root)) for file in documented(root) if _replace(file, ADDED, version, keep=tuple(before))
    ]
    return changed


def fragments(root: Path) -> list[Path]:
    """Return the fragments of changes that no release has."""
    return sorted((root / "changelogs/fragments").glob("*.y*ml"))


def documented(root: Path) -> list[Path]:
    """Return the files in which options and plugins have the version that added them."""
    return sorted(file for pattern in DOCUMENTED for file in root.glob(pattern))


def _replace(file: Path, place: re.Pattern[str], version: str, keep: tuple[str, ...] = ()) -> bool:
    """Replace what the second group of a pattern matches. Return whether the file has changed."""
    before = file.read_text(encoding="utf-8")
    after = place.sub(lambda match: match[0] if match[2] in keep else match[1] + version, before)
    file.write_text(after, encoding="utf-8")
    return after != before


def problems(root: Path) -> list[str]:
    """Return why the version of the files cannot be released; empty if it can."""
    found = {name: place.search((root / name).read_text(encoding="utf-8")) for name, place in PLACES.items()}
    versions = {name: match[2] if match else "none" for name, match in found.items()}
    version = versions["galaxy.yml"]
    told = [f"{name} has the version {other}, galaxy.yml {version}" for name, other in versions.items()][1:]
    told = told if len(set(versions.values())) > 1 else []
    before = released(root)
    if version not in before[:1]:
        newest = f"the changelog's newest release is {before[0]}" if before else "the changelog has no release"
        told.append(f"{newest}: run make release VERSION={version}")
    told += [
        f"{name} does not mention the release {version}"
        for name in ("CHANGELOG.md", "CHANGELOG.rst")
        if not (root / name).is_file() or f"v{version}" not in _unescaped(root / name)
    ]
    left = [file.name for file in fragments(root)]
    if left:
        told.append(f"changelogs/fragments holds changes that no release has: {', '.join(left)}")
    told += [
        f"{file.relative_to(root)} says version_added: {match[2]}, which is not released"
        for file in documented(root)
        for match in ADDED.finditer(file.read_text(encoding="utf-8"))
        if match[2] not in before
    ]
    return told


def _unescaped(file: Path) -> str:
    # antsibull-changelog escapes each full stop in Markdown.
    return file.read_text(encoding="utf-8").replace("\\", "")


def pack(built: Path, target: Path, moment: int) -> str:
    """Write a tarball of `ansible-galaxy collection build` again, so that the same files always give the same bytes.

    ansible-galaxy lists files in the order of the file system, and stores when they were modified.

    Args:
        built: The tarball to read.
        target: The tarball to write.
        moment: The time of all files, in seconds since 1970.

    Returns:
        The SHA-256 of the new tarball.
    """
    with tarfile.open(built) as archive:
        members = {member.name: member for member in archive}
        content = {name: file.read() for name, member in members.items() if (file := archive.extractfile(member))}
    files = json.loads(content["FILES.json"])
    files["files"].sort(key=lambda file: file["name"])
    content["FILES.json"] = _dump(files)
    manifest = json.loads(content["MANIFEST.json"])
    manifest["file_manifest_file"]["chksum_sha256"] = hashlib.sha256(content["FILES.json"]).hexdigest()
    content["MANIFEST.json"] = _dump(manifest)
    # The manifest comes first, as ansible-galaxy writes it: Galaxy need not read further for it.
    order = sorted(members, key=lambda name: (name != "MANIFEST.json", name != "FILES.json", name))
    with (
        target.open("wb") as output,
        gzip.GzipFile("", "wb", fileobj=output, mtime=moment) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name in order:
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode, entry.mtime = members[name].type, members[name].mode, moment
            entry.size = len(content.get(name, b""))
            archive.addfile(entry, io.BytesIO(content.get(name, b"")))
    return hashlib.sha256(target.read_bytes()).hexdigest()


def publish(tarball: Path) -> str:
    """Return how to publish a tarball."""
    version = tarball.name.removeprefix("ucloud-ulb-").removesuffix(".tar.gz")
    digest = hashlib.sha256(tarball.read_bytes()).hexdigest()
    return PUBLISH.format(path=tarball, digest=digest, version=version)


def _dump(value: Any) -> bytes:
    return json.dumps(value, indent=1).encode()


def main(arguments: list[str]) -> int:
    """Run a step, and return the exit status."""
    step, *rest = arguments
    if step == "prepare":
        try:
            print("\n".join(prepare(ROOT, rest[0])))
        except ValueError as error:
            print(error, file=sys.stderr)
            return 2
    elif step == "check":
        told = problems(ROOT)
        print("\n".join(told), file=sys.stderr)
        return int(bool(told))
    elif step == "publish":
        print(publish(Path(rest[0])))
    else:
        print(pack(Path(rest[0]), Path(rest[1]), int(rest[2])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
