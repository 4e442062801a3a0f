# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Coverage-guided fuzzing of the code that reads the API's responses.

``python -m ansible_collections.ucloud.ulb.tests.fuzz TARGET FOLDER`` ends after some time, or with the input that
failed, which it also writes to the folder. Needs atheris.
"""
