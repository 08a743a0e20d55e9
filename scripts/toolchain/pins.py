"""What the toolchain is made of: versions, and the checksums of what is not checked by go.sum.

Renewing: change a version, then record `gomod/go.mod` and `gomod/go.sum` as ADR 0003 tells.
"""

from __future__ import annotations

PULUMI = "3.253.0"
"""Of the CLI; the same as the `pulumi` package in the lock file."""

PROVIDER = "5.5.3"
"""Of the OpenStack provider; the same as the `pulumi-openstack` package in the lock file."""

RELEASE_URL = "https://get.pulumi.com/releases/sdk/pulumi-v{version}-linux-{machine}.tar.gz"

RELEASE_SHA256 = {
    "x64": "33161e521280e6c77395a46344dba5ff9c118a90df254801e662087143b4d1ac",
    "arm64": "7d7074d67a76139226c163b2365f14fbd45d8e2251362a2e10dc4602b3b577ea",
}
"""Of the release archives, by Pulumi's name of the machine. A machine without one never takes that route."""

BUILD_BYTES = 4 << 30
"""Free disk that a build from empty caches needs, in bytes."""
