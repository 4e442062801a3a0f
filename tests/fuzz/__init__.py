# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks for input that breaks what reads the API's answers, guided by what of the code it reaches.

``python -m ansible_collections.ucloud.ulb.tests.fuzz TARGET FOLDER`` ends after a while, or with the input that broke
something, which is in the folder, too. Needs atheris.
"""
