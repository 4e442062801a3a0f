# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make release` writes, refuses and builds."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from pathlib import Path

import pytest

from ansible_collections.ucloud.ulb.tests.tools import release

SUMMARY = "release_summary: Something new.\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A collection after its release 1.1.0, with a fragment and a plugin of the next one."""
    files = {
        "galaxy.yml": "name: ulb\nversion: 1.1.0\nreadme: README.md\n",
        "plugins/module_utils/_version.py": 'VERSION = "1.1.0"\n',
        "plugins/filter/old.py": "version_added: 1.0.0\n",
        "plugins/filter/new.py": "version_added: '1.1.1'\noptions:\n  limit:\n    version_added: 1.1.0\n",
        "roles/some/meta/argument_specs.yml": "    version_added: 1.2.0\n",
        "README.md": "ansible-galaxy collection install ucloud-ulb-1.1.0.tar.gz\n",
        "changelogs/changelog.yaml": "releases:\n  1.0.0: {}\n  1.1.0: {}\n",
        "changelogs/fragments/next.yml": SUMMARY,
        "CHANGELOG.md": "## v1\\.1\\.0\n",
        "CHANGELOG.rst": "v1.1.0\n======\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_version_is_written_wherever_it_is(tree: Path) -> None:
    assert release.prepare(tree, "1.10.0") == [
        "galaxy.yml",
        "plugins/module_utils/_version.py",
        "README.md",
        "plugins/filter/new.py",
        "roles/some/meta/argument_specs.yml",
    ]
    assert (tree / "galaxy.yml").read_text(encoding="utf-8") == "name: ulb\nversion: 1.10.0\nreadme: README.md\n"
    assert (tree / "README.md").read_text(encoding="utf-8").endswith(" ucloud-ulb-1.10.0.tar.gz\n")
    # What a release has brought keeps its version.
    assert (tree / "plugins/filter/new.py").read_text(encoding="utf-8") == (
        "version_added: 1.10.0\noptions:\n  limit:\n    version_added: 1.1.0\n"
    )


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("1.1.0", "1.1.0 is not newer than 1.1.0, which is released"),
        ("1.0.9", "1.0.9 is not newer than 1.1.0, which is released"),
        ("1.2", "'1.2' is not a version such as 1.2.3"),
        ("01.2.0", "'01.2.0' is not a version such as 1.2.3"),
        ("1.2.0-rc1", "'1.2.0-rc1' is not a version such as 1.2.3"),
    ],
)
def test_what_cannot_be_the_next_version(tree: Path, version: str, why: str) -> None:
    with pytest.raises(ValueError, match="^" + why.replace(".", r"\.") + "$"):
        release.prepare(tree, version)
    assert "version: 1.1.0" in (tree / "galaxy.yml").read_text(encoding="utf-8")


def test_a_release_has_a_summary(tree: Path) -> None:
    (tree / "changelogs/fragments/next.yml").write_text("minor_changes: [Something.]\n", encoding="utf-8")
    with pytest.raises(ValueError, match="release_summary"):
        release.prepare(tree, "1.2.0")


def test_what_is_prepared_is_ready(tree: Path) -> None:
    release.prepare(tree, "1.2.0")
    # What antsibull-changelog does.
    (tree / "changelogs/changelog.yaml").write_text("releases:\n  1.0.0: {}\n  1.1.0: {}\n  1.2.0: {}\n")
    (tree / "changelogs/fragments/next.yml").unlink()
    (tree / "CHANGELOG.md").write_text("## v1\\.2\\.0\n")
    (tree / "CHANGELOG.rst").write_text("v1.2.0\n======\n")

    assert release.problems(tree) == []

    (tree / "changelogs/fragments/late.yml").write_text(SUMMARY)
    (tree / "CHANGELOG.md").unlink()
    (tree / "plugins/module_utils/_version.py").write_text('VERSION = "1.1.0"\n')
    (tree / "plugins/filter/late.py").write_text("version_added: 1.3.0\n")
    assert release.problems(tree) == [
        "plugins/module_utils/_version.py has the version 1.1.0, galaxy.yml 1.2.0",
        "CHANGELOG.md does not mention the release 1.2.0",
        "changelogs/fragments holds changes that no release has: late.yml",
        "plugins/filter/late.py says version_added: 1.3.0, which is not released",
    ]


def test_what_is_not_prepared_is_not_ready(tree: Path) -> None:
    (tree / "changelogs/changelog.yaml").write_text("releases: {}\n")
    assert release.problems(tree)[0] == "the changelog has no release: run make release VERSION=1.1.0"
    (tree / "changelogs/changelog.yaml").write_text("releases: {1.0.0: {}}\n")
    assert release.problems(tree)[0] == "the changelog's newest release is 1.0.0: run make release VERSION=1.1.0"


def built(folder: Path, names: list[str], moment: int) -> Path:
    """Build a tarball as ansible-galaxy does, with files in this order."""
    files = json.dumps({"files": [{"name": name} for name in names], "format": 1}).encode()
    manifest = {"file_manifest_file": {"name": "FILES.json", "chksum_sha256": hashlib.sha256(files).hexdigest()}}
    content = {"MANIFEST.json": json.dumps(manifest).encode(), "FILES.json": files}
    content |= {name: name.encode() for name in names}
    tarball = folder / f"{moment}.tar.gz"
    with tarfile.open(tarball, "w:gz") as archive:
        for name, text in content.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime, entry.mode = len(text), moment, 0o755 if name.endswith(".sh") else 0o644
            archive.addfile(entry, io.BytesIO(text))
        folder_entry = tarfile.TarInfo("docs")
        folder_entry.type, folder_entry.mode, folder_entry.mtime = tarfile.DIRTYPE, 0o755, moment
        archive.addfile(folder_entry)
    return tarball


def test_the_same_files_make_the_same_tarball(tmp_path: Path) -> None:
    first = built(tmp_path, ["b.sh", "a.py"], 1_700_000_000)
    second = built(tmp_path, ["a.py", "b.sh"], 1_700_000_123)
    assert first.read_bytes() != second.read_bytes()

    target = tmp_path / "ucloud-ulb-1.2.0.tar.gz"
    digest = release.pack(first, target, 1_600_000_000)
    assert release.pack(second, tmp_path / "other.tar.gz", 1_600_000_000) == digest
    assert release.pack(built(tmp_path, ["a.py"], 1), tmp_path / "other.tar.gz", 1_600_000_000) != digest

    assert hashlib.sha256(target.read_bytes()).hexdigest() == digest
    with tarfile.open(target) as archive:
        members = {member.name: (member.mode, member.isdir(), member.mtime) for member in archive}
        manifest, files = (archive.extractfile(name) for name in ("MANIFEST.json", "FILES.json"))
        assert manifest
        assert files
        checksum = json.load(manifest)["file_manifest_file"]["chksum_sha256"]
        assert checksum == hashlib.sha256(files.read()).hexdigest()
    assert list(members) == ["MANIFEST.json", "FILES.json", "a.py", "b.sh", "docs"]
    assert members["b.sh"] == (0o755, False, 1_600_000_000)
    assert members["docs"] == (0o755, True, 1_600_000_000)


def test_how_to_publish_names_version_and_file(tmp_path: Path) -> None:
    tarball = tmp_path / "ucloud-ulb-1.2.0.tar.gz"
    tarball.write_bytes(b"")
    text = release.publish(tarball)
    assert "git push origin main 1.2.0\n" in text
    assert f"--server automation_hub {tarball}\n" in text
    assert f"SHA-256: {hashlib.sha256(b'').hexdigest()}\n" in text


@pytest.mark.parametrize(("arguments", "status"), [(["check"], 1), (["prepare", "1"], 2), (["prepare", "1.2.0"], 0)])
def test_the_exit_status(tree: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], status: int) -> None:
    monkeypatch.setattr(release, "ROOT", tree)
    assert release.main(arguments) == status
