# Copyright (c) 2026, ucloud.ulb contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """Connection options. ``PLUGINS`` adds the other sources that lookup and inventory plugins have."""

    DOCUMENTATION = r"""
options:
  public_key:
    description:
      - Public key of the UCloud API. It identifies the account and is not secret.
      - If not set, the value of the environment variable E(UCLOUD_PUBLIC_KEY) is used.
      - If neither O(public_key) nor O(private_key) is set, both keys are read from the profile.
    type: str
  private_key:
    description:
      - Private key of the UCloud API. Requests are signed with it. It is never sent.
      - If not set, the value of the environment variable E(UCLOUD_PRIVATE_KEY) is used.
      - If O(public_key) is set and O(private_key) is not, the private key is read from the profile, but only if the
        profile has the same public key.
    type: str
  security_token:
    description:
      - Security token (STS) of temporary credentials. Leave it out with permanent keys.
      - If not set, the value of the environment variable E(UCLOUD_SECURITY_TOKEN) is used.
    type: str
  profile:
    description:
      - Profile of UCloud's command line tool to use. It supplies keys, region, project, base URL and channel key where
        neither an option nor an environment variable is set.
      - The keys of a profile that signs in with OAuth (C(auth_mode)) are not used. The command line tool does not
        sign requests with them either.
      - If not set, the value of the environment variable E(UCLOUD_PROFILE) is used. Without it, the active profile is
        used.
    type: str
  shared_credentials_file:
    description:
      - Path to the credential file of UCloud's command line tool. Its C(config.json) is expected in the same folder.
      - If not set, the value of the environment variable E(UCLOUD_SHARED_CREDENTIAL_FILE) is used. Without it,
        C(~/.ucloud/credential.json) is used if it exists.
    type: path
  base_url:
    description:
      - URL of the API endpoint. Set it for international and white-label clouds, for example to
        V(https://api.ucloud-global.com/).
      - URLs that begin with C(http://) are accepted with a warning. The API's responses contain the private keys of
        certificates, and would be sent over the network unencrypted.
      - If not set, the value of the environment variable E(UCLOUD_BASE_URL) is used. Without it, the base URL of the
        profile is used, or else V(https://api.ucloud.cn/).
    type: str
  channel_key:
    description:
      - Value of the C(channel-key) header. Only dedicated clouds that share a domain need it.
      - If not set, the channel key of the profile is used. Without it, the header is not sent.
    type: str
  validate_certs:
    description:
      - Whether to validate the TLS certificate of the API endpoint.
      - Set it to V(false) only for tests. To trust a private CA, use O(ca_path) instead.
      - If not set, the value of the environment variable E(UCLOUD_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - File or folder with CA certificates to trust instead of the default ones.
      - If not set, the value of the environment variable E(UCLOUD_CA_PATH) is used.
    type: path
  timeout:
    description:
      - Timeout in seconds for connecting, and for receiving each part of a response.
      - One API call, including its retries and the waits between them, takes at most O(timeout) times
        (O(max_retries) + 1) seconds. The time it spends waiting for a free slot (O(concurrency)) does not count.
    type: int
    default: 30
  total_timeout:
    description:
      - Timeout in seconds for all requests of one task or plugin together.
      - Regions and projects without a complete result by then are treated as failed.
    type: int
    default: 3600
  max_retries:
    description:
      - How often to retry a request after a temporary failure, such as a broken connection, an overloaded server or a
        rate limit.
      - Retries use exponential backoff with random jitter. If the server asks for a longer wait, it is respected, up to
        60 seconds.
    type: int
    default: 5
  concurrency:
    description:
      - Maximum number of requests in flight at the same time, for all regions and projects together.
      - If the API reports too many requests, fewer are sent for a while.
    type: int
    default: 8
  page_size:
    description:
      - Number of certificates to request per page. If the API returns fewer, its page size is used.
      - Consecutive pages overlap by one certificate, to detect changes during the listing. Pages of one or two
        certificates are too small for that, so a listing of several such pages is read twice.
    type: int
    default: 100
requirements:
  - Python 3.9 or newer
  - requests 2.25.1 or newer
  - cryptography 36.0.1 or newer
notes:
  - Do not pass keys with the C(environment) keyword of a task or play, because Ansible prints it at C(-vvv). Set
    the options, use a profile, or set the environment variables for Ansible itself.
  - The environment variables C(HTTPS_PROXY), C(HTTP_PROXY) and C(NO_PROXY) are used. C(~/.netrc) is not.
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
