# shellcheck shell=bash disable=SC2034
# Shared by ./run and ./test: install what is missing, configure, build. Sourced, never run.
# All of it speaks on standard error, so that the output of the program itself can be piped.
# For the callers: Root (the repository), Jobs (how many compilers and tests at once).

readonly ExitUsage=2 ExitSetup=69 ExitBuild=70
readonly CMakeNeeded=3.25

Root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

say() { printf '== %s\n' "$*" >&2; }

# fail STATUS MESSAGE LINES...: a clear end.
fail() {
  local status=$1
  shift
  printf 'error: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit "$status"
}

# A compiler cache, where there is one, knows a file by what it holds and not by where the repository lies.
export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$Root} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR:-yes}

# As many jobs as there are cores, but 2.5 GB of memory each: a compiler that is killed says nothing useful.
count_jobs() {
  local cores memory_kb by_memory
  cores=$(nproc 2>/dev/null || echo 1)
  memory_kb=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo 2>/dev/null)
  by_memory=$((${memory_kb:-2500000} / 2500000))
  [ "$by_memory" -ge 1 ] || by_memory=1
  if [ "$by_memory" -lt "$cores" ]; then echo "$by_memory"; else echo "$cores"; fi
}
Jobs=${FABTWIN_JOBS:-$(count_jobs)}

# listed SET...: the packages of tools/packages/SET, one a line.
listed() {
  local set
  for set in "$@"; do sed 's/#.*//; /^[[:space:]]*$/d' "$Root/tools/packages/$set"; done
}

# missing PACKAGE...: those that are not installed. One query for all of them, so nothing to do costs nothing.
missing() {
  local installed package
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed //p')
  for package in "$@"; do
    grep -qxF -- "$package" <<<"$installed" || elsewhere "$package" || printf '%s\n' "$package"
  done
}

# elsewhere PACKAGE: whether its program is here from another source, which the package would get into conflict with.
elsewhere() {
  case $1 in
    nodejs) command -v node >/dev/null ;;
    npm) command -v npm >/dev/null ;;
    *) return 1 ;;
  esac
}

# install SET...: make sure that the packages of the sets are there. Returns 1 with the reason in Reason.
Reason=
install() {
  local -a wanted absent as_root=()
  local by_hand log
  [ "${FABTWIN_INSTALL:-yes}" != no ] || return 0
  mapfile -t wanted < <(listed "$@")
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    Reason="this is no Debian-like system (apt-get or dpkg-query is missing)
install by hand what Debian calls: ${wanted[*]}
then say FABTWIN_INSTALL=no ./${0##*/}, and packages are not looked at"
    return 1
  fi
  mapfile -t absent < <(missing "${wanted[@]}")
  [ "${#absent[@]}" -gt 0 ] || return 0
  by_hand="as root: apt-get update && apt-get install ${absent[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      Reason="packages are missing, and this is neither root nor is there sudo
$by_hand"
      return 1
    fi
    if ! sudo -n true 2>/dev/null && ! { [ -t 0 ] && [ -t 2 ]; }; then
      Reason="packages are missing, and sudo wants a password but there is no terminal to ask on
$by_hand"
      return 1
    fi
    as_root=(sudo)
  fi
  say "installing ${absent[*]}"
  log=$(mktemp)
  local -a apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
    -o DPkg::Lock::Timeout=600 -o Acquire::Retries=2)
  # A failed update is no end: the lists at hand may do. A failed install is.
  "${apt[@]}" update >"$log" 2>&1 || say "apt-get update failed: trying with the package lists at hand"
  if ! "${apt[@]}" install --no-install-recommends "${absent[@]}" >>"$log" 2>&1; then
    Reason="apt-get could not install ${absent[*]} (is there a network?); its last words:
$(grep -E '^(E|W|Err):?' "$log" | tail -n 5)
$by_hand"
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

# require SET...: install or end.
require() {
  if ! install "$@"; then
    local -a lines
    mapfile -t lines <<<"$Reason"
    fail $ExitSetup "${lines[@]}"
  fi
  command -v cmake >/dev/null || fail $ExitSetup "cmake is not on the PATH (package cmake)"
  command -v ninja >/dev/null || fail $ExitSetup "ninja is not on the PATH (package ninja-build)"
  local found
  found=$(cmake --version | sed -n '1s/^cmake version \([0-9.]*\).*/\1/p')
  if [ "$(printf '%s\n%s\n' "$CMakeNeeded" "$found" | sort -V | head -n 1)" != "$CMakeNeeded" ]; then
    fail $ExitSetup "CMake $found is too old (the presets need $CMakeNeeded)" \
      "Debian 12 and Ubuntu 23.04 or later bring a newer one; so does cmake.org"
  fi
}

# configure PRESET: only where it is new, or the presets or the tools beside the compiler have changed. Ninja itself
# notices changed CMake files.
configure() {
  local preset=$1 folder=$Root/build/$1
  local -a with=()
  if command -v ccache >/dev/null; then with+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
  if command -v mold >/dev/null; then with+=(-DCMAKE_EXE_LINKER_FLAGS=-fuse-ld=mold); fi
  local stamp=$folder/configured_with now="$preset ${with[*]}"
  if [ -f "$folder/build.ninja" ] && [ "$stamp" -nt "$Root/CMakePresets.json" ] &&
    [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then
    return 0
  fi
  say "configuring build/$preset"
  mkdir -p "$folder"
  if ! (cd "$Root" && cmake --preset "$preset" -DCMAKE_CXX_COMPILER_LAUNCHER= \
    -DCMAKE_EXE_LINKER_FLAGS= "${with[@]}") >"$folder/configure.log" 2>&1; then
    cat "$folder/configure.log" >&2
    return 1
  fi
  printf '%s' "$now" >"$stamp"
}

# build PRESET [TARGET...]: configure and build, all by default; says nothing when there is nothing to do.
build() {
  local preset=$1
  shift
  configure "$preset" || return 1
  (cd "$Root" && cmake --build --preset "$preset" -j "$Jobs" ${1:+--target "$@"} 2>&1) |
    grep -v -e '^ninja: no work to do' -e 'Re-checking globbed directories' -e '^-- GLOB mismatch' >&2
  return "${PIPESTATUS[0]}"
}
