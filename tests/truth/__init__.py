# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds the facts of certificates, and what is made of them, against other programs.

See CONTRIBUTING.md for how to run it. It uses the public entries of the reader only.
"""
