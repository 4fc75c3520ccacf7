#!/bin/sh
# Installs the system packages that tests and benchmarks need (Debian, Ubuntu): PostgreSQL, Chromium, nginx, what
# boots a host, the shells that people have, and Python's venv.
# Does nothing where they are; asks for sudo only where it must.
set -eu

missing=
[ -n "$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ] || missing="$missing postgresql"
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
[ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
command -v mmdebstrap >/dev/null || missing="$missing mmdebstrap"
command -v systemd-nspawn >/dev/null || missing="$missing systemd-container"
command -v ip >/dev/null || missing="$missing iproute2"
command -v ssh >/dev/null || missing="$missing openssh-client"
command -v pebble-challtestsrv >/dev/null || missing="$missing pebble"
command -v openssl >/dev/null || missing="$missing openssl"
for shell in fish tcsh zsh; do command -v "$shell" >/dev/null || missing="$missing $shell"; done
# Debian keeps what makes Python's environments apart; either of the two will do.
python3 -c 'import ensurepip' 2>/dev/null || python3 -c 'import pip' 2>/dev/null || missing="$missing python3-venv"
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "✗ The tests need$missing, and this system has no apt-get." >&2
  echo "  → Install them with your system's package manager." >&2
  exit 1
fi
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
echo "… Installing$missing" >&2
# No cluster of the system's own: the tests make theirs.
$sudo mkdir -p /etc/postgresql-common/createcluster.d
echo 'create_main_cluster = false' | $sudo tee /etc/postgresql-common/createcluster.d/soen-tests.conf >/dev/null
# Nor an nginx that starts by itself.
[ -x /usr/sbin/nginx ] || [ ! -d /run/systemd/system ] || $sudo systemctl mask --quiet nginx.service
$sudo apt-get update -q -o DPkg::Lock::Timeout=300 >&2
# shellcheck disable=SC2086 # the list is meant to be split
$sudo env DEBIAN_FRONTEND=noninteractive \
  apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 $missing >&2
