# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Each is called from within tests/.
TOOL = cd $(CURDIR)/tests && python3 -m tools

.PHONY: help
help:  ## Show this help
	@sed -n 's/^\([a-z]*\):.*  ## /  make \1\t/p' $(MAKEFILE_LIST)

.PHONY: test
test: build/test-venv/ready  ## Run every check that a change needs, with the newest ansible-core (takes eight minutes)
	@$(TOOL).sessions test; status=$$?; $(TOOL).summary ../build/report-test.json && exit $$status

.PHONY: matrix
matrix: build/test-venv/matrix  ## Run what make test leaves out: other ansible-cores, and what takes long
	@$(TOOL).sessions matrix; status=$$?; $(TOOL).summary ../build/report-matrix.json && exit $$status

.PHONY: demo
demo: export ANSIBLE_COLLECTIONS_PATH = $(CURDIR)/build/demo/collections
demo: build/demo-venv/ready  ## Run the collection against a simulated UCloud
	@$(TOOL).cores --note
	@rm -rf build/demo && mkdir -p build/demo
	@build/demo-venv/bin/ansible-galaxy collection build --force --output-path build/demo
	@build/demo-venv/bin/ansible-galaxy collection install --force --offline \
		--collections-path build/demo/collections build/demo/ucloud-ulb-*.tar.gz
	@build/demo-venv/bin/python tests/demo/run.py

.PHONY: docs
docs: build/test-venv/ready  ## Build the documentation as a site, build/docs/index.html
	@build/test-venv/bin/nox -e docs

.PHONY: bench
bench: build/test-venv/ready  ## Measure how fast it is, as ratios to peers (takes half an hour)
	@build/test-venv/bin/nox -e bench

.PHONY: soak
soak: build/test-venv/ready  ## Let gatherings fail in 10,000 ways, and fuzz the parsers (takes a quarter of an hour)
	@build/test-venv/bin/nox -e soak

.PHONY: release
release: build/test-venv/ready  ## Prepare a release with VERSION=1.2.3; without it, build and check what to publish
	@build/test-venv/bin/nox -e release -- $(VERSION)

.PHONY: clean
clean:  ## Remove what the other targets have made
	rm -rf build .nox

# What makes an environment is its list of packages: when that changes, so does the environment.
# FETCH_PYTHON=no keeps uv from fetching Pythons that are not on the machine.
build/test-venv/ready: tests/requirements/nox.txt
	@$(TOOL).set_up test ../build/test-venv
	@touch $@

# Fetches the Pythons of the other ansible-cores.
build/test-venv/matrix: build/test-venv/ready
	@$(TOOL).set_up matrix ../build/test-venv
	@touch $@

build/demo-venv/ready: $(wildcard tests/requirements/ansible-core-*.txt) tests/integration/requirements.txt
	@$(TOOL).set_up demo ../build/demo-venv
	@touch $@
