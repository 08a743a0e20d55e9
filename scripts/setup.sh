#!/bin/sh
# Sets the operator's machine up: Debian packages that are missing, one virtual environment, the locked
# dependencies, this project. A second run costs well under a second.
set -eu
cd "$(dirname "$0")/.."

missing=""
for package in $(grep -v '^#' scripts/packages.txt); do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" -ne 0 ]; then
        echo "error: these packages are missing:$missing" >&2
        echo "do: as root: apt-get install$missing" >&2
        exit 3
    fi
    echo "installing:$missing"
    apt-get -qq update
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends $missing >/dev/null
fi

stamp=.venv/installed-$(cat requirements.lock scripts/uv.lock pyproject.toml | sha256sum | cut -c1-16)
[ -e "$stamp" ] && exit 0
echo "setting up .venv"
# Debian's own interpreter: the lab's OpenStack needs the libvirt bindings that match it.
[ -x .venv/bin/pip ] || /usr/bin/python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r scripts/uv.lock
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --editable .
# Where Python may not write beside its sources, every start would compile them anew: a second a process.
# Ansible's collections are fifteen thousand files more, of which a run needs a handful.
.venv/bin/python -m compileall -q -j 0 -x /ansible_collections/ .venv/lib stacks scripts policies
rm -f .venv/installed-*
touch "$stamp"
