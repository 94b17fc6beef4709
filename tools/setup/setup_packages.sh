# Debian packages of apt-packages.txt. Sourced by tools/dev/dev_setup.sh.

# packages_of GROUP...: the package names of these groups.
packages_of() {
  local group
  for group in "$@"; do
    awk -v want="[$group]" '/^\[/ {on = $0 == want; next} on && NF && !/^#/' "$ROOT/tools/setup/apt-packages.txt"
  done
  if [[ " $* " = *" build "* ]]; then
    command -v npm >/dev/null || printf 'nodejs\nnpm\n'
    # Brings the user "postgres", as which PostgreSQL runs where everything else runs as root. Starts nothing.
    [ "$(id -u)" != 0 ] || echo postgresql-common
  fi
}

# missing_packages GROUP...: those that dpkg does not list as installed.
missing_packages() {
  comm -23 <(packages_of "$@" | sort -u) \
    <(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null | awk '$2 == "installed" {print $1}' | sort -u)
}

# Keeps package installation from starting services: what we need, we start ourselves.
without_services() {
  local policy=/usr/sbin/policy-rc.d mine=no status=0
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    mine=yes
  fi
  "$@" || status=$?
  [ "$mine" = no ] || as_root rm -f "$policy"
  return "$status"
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@"
}

# ensure_packages GROUP...: installs what is missing; asks the mirror for fresh lists first.
ensure_packages() {
  local missing=()
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "these packages are missing and this is not Debian:" "${missing[*]}"
  say "${#missing[@]} Debian packages are missing: ${missing[*]}"
  [ "$(id -u)" = 0 ] || as_root true # ask for the password before output goes to a log
  step "fetch package lists" as_root apt-get update ||
    warn "the package lists could not be refreshed; trying with those at hand"
  without_services step "install ${#missing[@]} packages" apt_install "${missing[@]}" ||
    die "apt-get could not install everything" "see the log above; then run ./dev setup again"
}
