# Files of newer Debian releases (trixie, else sid) without touching the machine's apt: own state, cache and source
# list; same mirror, proxy and keys as the machine. apt checks every signature. Sourced by tools/dev/dev_setup.sh.
PRIVATE_APT=$DEPS/apt

# The mirror this machine takes Debian from.
debian_mirror() {
  local mirror
  mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(SUITE) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 == "Debian" && $2 == "Debian" {print $NF; exit}')
  [ -n "$mirror" ] || mirror=$(awk '$1 == "URIs:" && $2 !~ /security/ {u = $2}
      $1 == "Suites:" && /bookworm/ && u {print u; exit}' /etc/apt/sources.list.d/*.sources 2>/dev/null)
  [ -n "$mirror" ] || mirror=$(sed -nE 's/^deb +(\[[^]]*\] +)?([^ ]+) +bookworm +.*/\2/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null | head -n 1)
  [ -n "$mirror" ] && echo "$mirror"
}

private_apt() {
  local suite=$1 base=$PRIVATE_APT/$1
  shift
  "$@" -o Dir::State="$base/state" -o Dir::State::status=/var/lib/dpkg/status -o Dir::Cache="$base/cache" \
    -o Dir::Etc::sourcelist="$base/sources.list" -o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root \
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
}

# private_apt_update SUITE: fetches its lists once.
private_apt_update() {
  local suite=$1 base=$PRIVATE_APT/$1 mirror
  [ ! -e "$base/updated" ] || return 0
  mirror=$(debian_mirror) || { echo "no Debian mirror in the configuration of apt"; return 1; }
  mkdir -p "$base"/state/lists/partial "$base"/cache/archives/partial
  printf '%s [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
    deb "$mirror" "$suite" deb-src "$mirror" "$suite" >"$base/sources.list"
  private_apt "$suite" apt-get update -o APT::Update::Error-Mode=any && touch "$base/updated"
}

# private_apt_source SUITE PACKAGE DIR / private_apt_binary SUITE PACKAGE DIR: download into DIR.
private_apt_source() {
  private_apt_update "$1" && mkdir -p "$3" && cd "$3" && private_apt "$1" apt-get source --download-only --only-source "$2"
}
private_apt_binary() {
  private_apt_update "$1" && mkdir -p "$3" && cd "$3" && private_apt "$1" apt-get download "$2"
}

# shared_package GLOB SHA256: a copy from ../shared/packages, for when the mirror lacks it.
shared_package() {
  local file
  for file in "$ROOT"/../shared/packages/$1; do
    [ -e "$file" ] && sha256sum "$file" | grep -q "^$2 " && echo "$file" && return 0
  done
  return 1
}
