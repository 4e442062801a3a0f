# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """How to reach the API: for modules, and what lookup and inventory have besides."""

    DOCUMENTATION = r"""
options:
  public_key:
    description:
      - Public key of the UCloud API. It is an identifier, not a secret.
      - If neither it nor O(private_key) is set, both come from the profile.
      - If not set, the value of the environment variable E(UCLOUD_PUBLIC_KEY) is used.
    type: str
  private_key:
    description:
      - Private key of the UCloud API, with which requests are signed. It is never sent.
      - If O(public_key) is set and this is not, the profile is used only if it is about that very public key.
      - If not set, the value of the environment variable E(UCLOUD_PRIVATE_KEY) is used.
    type: str
  security_token:
    description:
      - Token of temporary credentials (STS). Permanent keys have none.
      - If not set, the value of the environment variable E(UCLOUD_SECURITY_TOKEN) is used.
    type: str
  profile:
    description:
      - Profile of UCloud's command line tool. It gives what is set neither here nor in the environment, that is the
        keys, the region, the project, the base URL and the channel key.
      - The keys of a profile that signs in with OAuth (C(auth_mode)) are not used. UCloud's own tool does not use them
        either.
      - If not set, the value of the environment variable E(UCLOUD_PROFILE) is used, or else the profile that is active.
    type: str
  shared_credentials_file:
    description:
      - Credential file of UCloud's command line tool. Its C(config.json) is looked for in the same folder.
      - If not set, the value of the environment variable E(UCLOUD_SHARED_CREDENTIAL_FILE) is used, or else
        C(~/.ucloud/credential.json) if there is such a file.
    type: path
  base_url:
    description:
      - Address of the API. International and white-label clouds have their own, for example
        V(https://api.ucloud-global.com/).
      - An address that begins with C(http://) works, but the answers of the API, which hold the private keys of
        certificates, cross the network in clear. There is a warning about it.
      - If not set, the value of the environment variable E(UCLOUD_BASE_URL) is used, or else that of the profile, or
        else V(https://api.ucloud.cn/).
    type: str
  channel_key:
    description:
      - Value of the C(channel-key) header that a dedicated cloud with a shared domain needs.
      - Without a value here and in the profile, the header is not sent.
    type: str
  validate_certs:
    description:
      - Whether the TLS certificate of the API has to be valid.
      - If not set, the value of the environment variable E(UCLOUD_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder with the CA certificates to trust instead of the usual ones.
      - If not set, the value of the environment variable E(UCLOUD_CA_PATH) is used.
    type: path
  timeout:
    description:
      - Seconds to wait for a connection, and for each part of an answer.
      - A request with all of its repetitions and waits takes O(timeout) times (O(max_retries) + 1) seconds at most. The
        time that it waits for its turn does not count.
    type: int
    default: 30
  total_timeout:
    description:
      - Seconds that all requests of a gathering may take together, whatever the endpoint does. Regions and projects
        that are not answered by then have failed.
    type: int
    default: 3600
  max_retries:
    description:
      - How often a request is repeated after a failure that may pass, such as a broken connection, an overloaded server
        or a rate limit.
      - The waits between are random and grow exponentially. One that the server asks for is kept, up to 60 seconds.
    type: int
    default: 5
  concurrency:
    description:
      - How many requests may be under way at the same time, for all regions and projects together.
      - If the API says that there are too many, there will be fewer for a while.
    type: int
    default: 8
  page_size:
    description:
      - How many certificates to ask for in one request. If the API gives fewer, its own number is used.
      - Pages overlap by one certificate, which shows whether something has moved meanwhile. Pages of one or two cannot,
        so a listing with more than one of them is read twice.
    type: int
    default: 100
requirements:
  - requests
  - cryptography
notes:
  - Do not pass keys with the C(environment) keyword of a task or play, because Ansible prints it at C(-vvv). Set
    options or a profile, or the environment of Ansible itself.
  - The C(HTTPS_PROXY), C(HTTP_PROXY) and C(NO_PROXY) environment variables are honoured; C(~/.netrc) is not.
"""

    PLUGINS = r"""
options:
  public_key:
    env:
      - name: UCLOUD_PUBLIC_KEY
    ini:
      - section: ucloud
        key: public_key
    vars:
      - name: ucloud_public_key
  private_key:
    env:
      - name: UCLOUD_PRIVATE_KEY
    vars:
      - name: ucloud_private_key
  security_token:
    env:
      - name: UCLOUD_SECURITY_TOKEN
    vars:
      - name: ucloud_security_token
  profile:
    env:
      - name: UCLOUD_PROFILE
    ini:
      - section: ucloud
        key: profile
    vars:
      - name: ucloud_profile
  shared_credentials_file:
    env:
      - name: UCLOUD_SHARED_CREDENTIAL_FILE
    ini:
      - section: ucloud
        key: shared_credentials_file
    vars:
      - name: ucloud_shared_credentials_file
  base_url:
    env:
      - name: UCLOUD_BASE_URL
    ini:
      - section: ucloud
        key: base_url
    vars:
      - name: ucloud_base_url
  channel_key:
    ini:
      - section: ucloud
        key: channel_key
    vars:
      - name: ucloud_channel_key
  validate_certs:
    env:
      - name: UCLOUD_VALIDATE_CERTS
    ini:
      - section: ucloud
        key: validate_certs
    vars:
      - name: ucloud_validate_certs
  ca_path:
    env:
      - name: UCLOUD_CA_PATH
    ini:
      - section: ucloud
        key: ca_path
    vars:
      - name: ucloud_ca_path
  timeout:
    ini:
      - section: ucloud
        key: timeout
    vars:
      - name: ucloud_timeout
  total_timeout:
    ini:
      - section: ucloud
        key: total_timeout
    vars:
      - name: ucloud_total_timeout
  max_retries:
    ini:
      - section: ucloud
        key: max_retries
    vars:
      - name: ucloud_max_retries
  concurrency:
    ini:
      - section: ucloud
        key: concurrency
    vars:
      - name: ucloud_concurrency
  page_size:
    ini:
      - section: ucloud
        key: page_size
    vars:
      - name: ucloud_page_size
"""
