#!/bin/sh
# Installs proxmox-mcp: finds out what system this is, fetches the archive made for it, checks the archive's sum, and
# puts the program into ~/.local/bin, or into /usr/local/bin when root runs it. Nothing is left behind when it fails.
#
# PROXMOX_MCP_BASE  where the archives and SHA256SUMS lie: an address, or a folder of this machine
# PROXMOX_MCP_DIR   where the program goes instead
set -eu

version=0.1.0
repository=https://github.com/proxmox-mcp/proxmox-mcp
released=no # until there is a release, PROXMOX_MCP_BASE has to be set

# All is in functions and the last line calls: a script that was cut on its way does nothing.
main() {
  colours
  target=$(find_target) || exit 1
  find_base
  find_folder
  trap clean_up EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  make_scratch
  fetch_archive
  check_sum
  unpack_and_try
  put_in_place
  tell_next
}

colours() {
  bold='' red='' plain=''
  if [ -t 2 ] && [ -z "${NO_COLOR:-}" ] && [ "${TERM:-dumb}" != dumb ]; then
    bold=$(printf '\033[1m') red=$(printf '\033[31m') plain=$(printf '\033[0m')
  fi
}

say() {
  printf '%s\n' "$*" >&2
}

fail() {
  printf '%sinstall: %s%s\n' "$red" "$1" "$plain" >&2
  shift
  [ $# -eq 0 ] || printf '  %s\n' "$@" >&2
  exit 1
}

# The name of the archive's system: linux-x64-musl.
find_target() {
  case $(uname -s) in
  Linux) os=linux ;;
  Darwin) os=darwin ;;
  MINGW* | MSYS* | CYGWIN*) fail 'this script does not install on Windows.' \
    "Unpack proxmox-mcp-$version-windows-x64.zip from the releases, and use proxmox-mcp.exe from there." ;;
  *) fail "there is no build for $(uname -s); there is one for Linux, macOS and Windows." ;;
  esac
  machine=$(uname -m)
  # A 64-bit program started by way of Rosetta would be told x86_64 on a Mac that isn't.
  if [ $os = darwin ] && [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || true)" = 1 ]; then
    machine=arm64
  fi
  case $machine in
  x86_64 | amd64) machine=x64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) fail "there is no build for the processor $machine; there is one for x86_64 and for arm64." ;;
  esac
  if [ "$(getconf LONG_BIT 2>/dev/null || echo 64)" = 32 ]; then
    fail 'this is a 32-bit system on a 64-bit processor; the program needs a 64-bit one.'
  fi
  if [ $os = linux ] && [ $machine = x64 ]; then
    check_processor
  fi
  if [ $os = linux ] && is_musl; then
    printf '%s\n' "$os-$machine-musl"
  else
    printf '%s\n' "$os-$machine"
  fi
}

# The program is built for x86-64-v2: every processor since 2009, but not every virtual one.
check_processor() {
  flags=" $(sed -n '/^flags[[:space:]]*:/{s/^[^:]*://p;q;}' "${PROXMOX_MCP_CPUINFO:-/proc/cpuinfo}" 2>/dev/null) "
  lacking=''
  for flag in popcnt sse4_1 sse4_2 ssse3; do
    case $flags in
    '  ') ;; # nothing is told of the processor: trying the program will
    *" $flag "*) ;;
    *) lacking="$lacking $flag" ;;
    esac
  done
  [ -z "$lacking" ] || unfit "this processor lacks$lacking (it is older than x86-64-v2)"
}

unfit() {
  fail "$1, without which the program can't run." \
    'In a virtual machine of Proxmox VE, set the CPU type to x86-64-v2-AES or host on its host,' \
    'then stop and start it:  qm set VMID --cpu x86-64-v2-AES'
}

is_musl() {
  case $(ldd --version 2>&1 || true) in
  *musl*) return 0 ;;
  esac
  if getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
    return 1
  fi
  for loader in /lib/ld-musl-*.so.1; do
    if [ -e "$loader" ]; then
      return 0
    fi
  done
  return 1
}

find_base() {
  archive=proxmox-mcp-$version-$target.tar.gz
  base=${PROXMOX_MCP_BASE:-}
  if [ -z "$base" ]; then
    [ $released = yes ] || fail 'nothing has been released yet, so there is no place to fetch from.' \
      "Set PROXMOX_MCP_BASE to where $archive and SHA256SUMS lie:" \
      'an address, or the folder that scripts/build --all fills.'
    base=$repository/releases/download/v$version
  fi
  base=${base%/}
}

find_folder() {
  folder=${PROXMOX_MCP_DIR:-}
  if [ -n "$folder" ]; then
    case $folder in
    /*) ;;
    *) folder=$PWD/$folder ;;
    esac
  elif [ "$(id -u)" = 0 ]; then
    folder=/usr/local/bin
  else
    [ -n "${HOME:-}" ] || fail 'HOME is not set; set PROXMOX_MCP_DIR to the folder for the program.'
    folder=$HOME/.local/bin
  fi
  [ ! -d "$folder/proxmox-mcp" ] || fail "$folder/proxmox-mcp is a folder; the program would have that name."
  # What is there already stays when the rest is taken away.
  present=$folder
  while [ ! -d "$present" ] && [ "$present" != / ]; do
    present=$(dirname "$present")
  done
  scratch=''
}

clean_up() {
  if [ -n "$scratch" ]; then
    rm -rf "$scratch"
  fi
  made=$folder
  while [ "$made" != "$present" ] && rmdir "$made" 2>/dev/null; do
    made=$(dirname "$made")
  done
}

# In the folder itself, so that the last step is a renaming: there is never half a program.
make_scratch() {
  mkdir -p "$folder" 2>/dev/null || true
  scratch=$(mktemp -d "$folder/.proxmox-mcp.XXXXXX" 2>/dev/null) || true
  if [ -z "$scratch" ]; then
    if disk_is_full "$present"; then
      fail "$folder: the disk is full."
    fi
    fail "$folder can't be written: it is read-only, or belongs to another user." \
      'Set PROXMOX_MCP_DIR to another folder, or run this as root.'
  fi
}

disk_is_full() {
  left=$(df -Pk "$1" 2>/dev/null | sed -n '2s/^.*[[:space:]]\([0-9]\{1,\}\)[[:space:]]\{1,\}[0-9]*%.*$/\1/p')
  [ "${left:-9999}" -lt 64 ]
}

fetch_archive() {
  say "Fetching $archive from $base …"
  fetch SHA256SUMS
  find_sum
  fetch "$archive"
}

fetch() {
  case $base in
  file://*) copy "${base#file://}/$1" "$scratch/$1" ;;
  /*) copy "$base/$1" "$scratch/$1" ;;
  http://* | https://*) download "$base/$1" "$scratch/$1" ;;
  *) fail "PROXMOX_MCP_BASE holds $base; it has to begin with https://, http://, file:// or /." ;;
  esac
}

copy() {
  [ -r "$1" ] || fail "$1 is not there."
  cp "$1" "$2" || not_written "$1 could not be copied."
}

download() {
  if command -v curl >/dev/null 2>&1; then
    shown=-sS
    if [ -t 2 ]; then
      shown=--progress-bar
    fi
    curl -fL "$shown" --connect-timeout 30 --speed-limit 1 --speed-time 60 -o "$2" "$1" && return
  elif command -v wget >/dev/null 2>&1; then
    # Only GNU's takes these options; Debian's busybox breaks off at -T.
    patience=''
    case $(wget --version 2>&1 || true) in
    *GNU*) patience='--tries=1 --timeout=60 -nv' ;;
    esac
    # shellcheck disable=SC2086 # it is several words, or none
    wget ${patience:--q} -O "$2" "$1" && return
  else
    fail 'neither curl nor wget is installed.'
  fi
  not_written "$1 could not be downloaded, or not to its end."
}

not_written() {
  if disk_is_full "$scratch"; then
    fail "$folder: the disk is full."
  fi
  fail "$1"
}

find_sum() {
  wanted=''
  return_sign=$(printf '\r')
  while read -r sum name || [ -n "$sum" ]; do
    name=${name#\*}
    if [ "${name%"$return_sign"}" = "$archive" ]; then
      wanted=$sum
    fi
  done <"$scratch/SHA256SUMS"
  [ -n "$wanted" ] || fail "$base/SHA256SUMS has no line for $archive."
}

check_sum() {
  found=$(sum_of "$scratch/$archive")
  [ -n "$found" ] || fail "the archive's sum can't be checked: sha256sum, shasum and openssl are all missing."
  [ "$found" = "$wanted" ] || fail "the sum of $archive is wrong: it was cut or changed on its way." \
    "SHA256SUMS: $wanted" "the archive: $found"
}

sum_of() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum <"$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 <"$1" | cut -d ' ' -f 1
  elif command -v openssl >/dev/null 2>&1; then
    openssl dgst -sha256 -r <"$1" | cut -d ' ' -f 1
  fi
}

# The program is started once before it takes the place of another: what can't run here is not installed.
unpack_and_try() {
  tar -xzf "$scratch/$archive" -C "$scratch" || not_written "$archive could not be unpacked."
  program=$scratch/proxmox-mcp-$version-$target/proxmox-mcp
  [ -f "$program" ] || fail "$archive holds no program."
  status=0
  told=$("$program" version 2>&1) || status=$?
  case $status in
  0) ;;
  132) unfit 'this processor lacks instructions' ;;
  *) case $told in
    *'host CPU passthrough'*) unfit 'this processor lacks instructions' ;; # Bun's own words
    *libstdc++* | *libgcc*) fail 'the program needs the C++ library; on Alpine:  apk add libstdc++' "$told" ;;
    *) fail "the program does not run on this system (exit code $status):" "$told" ;;
    esac ;;
  esac
}

put_in_place() {
  mv -f "$program" "$folder/proxmox-mcp" || fail "$folder/proxmox-mcp could not be written."
  rm -rf "$scratch"
  scratch=''
  present=$folder
}

tell_next() {
  say "${bold}Installed $told as $folder/proxmox-mcp$plain"
  say ''
  case :${PATH:-}: in
  *:"$folder":*) ;;
  *)
    say "$folder is not in your PATH; for the shell:  export PATH=\"$folder:\$PATH\""
    say ''
    ;;
  esac
  say 'Next:'
  say "  $folder/proxmox-mcp demo            watch it create a VM on a cluster built into it"
  say "  $folder/proxmox-mcp serve --help    the settings for a cluster of yours"
  say "and enter $folder/proxmox-mcp as the command of an MCP server in your client: $repository#readme"
}

main "$@"
