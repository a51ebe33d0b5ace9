# Sourced by ./mvnw and ./windlass: leaves JAVA_HOME at a JDK 25, wherever this machine keeps one.
windlass_is_jdk25() {
  [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25[".]' "$1/release" 2>/dev/null
}

windlass_find_jdk() {
  for candidate in "${WINDLASS_JDK-}" "${JAVA_HOME-}"; do
    if [ -n "$candidate" ] && windlass_is_jdk25 "$candidate"; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  for parent in /usr/lib/jvm /usr/java /opt /opt/java "$HOME/.sdkman/candidates/java" "$HOME/.jdks" \
    "$HOME/.local/share/mise/installs/java" "$HOME/.asdf/installs/java" "$HOME/.jenv/versions" \
    /opt/homebrew/opt /usr/local/opt /Library/Java/JavaVirtualMachines "$HOME/Library/Java/JavaVirtualMachines"; do
    [ -d "$parent" ] || continue
    for name in $(ls "$parent" 2>/dev/null); do
      for candidate in "$parent/$name" "$parent/$name/Contents/Home" "$parent/$name/libexec/openjdk.jdk/Contents/Home"; do
        if windlass_is_jdk25 "$candidate"; then
          printf '%s\n' "$candidate"
          return 0
        fi
      done
    done
  done
  if javac_path=$(command -v javac 2>/dev/null); then
    candidate=$(cd "$(dirname "$(readlink -f "$javac_path" 2>/dev/null || printf '%s' "$javac_path")")/.." && pwd)
    if windlass_is_jdk25 "$candidate"; then
      printf '%s\n' "$candidate"
      return 0
    fi
  fi
  return 1
}

if JAVA_HOME=$(windlass_find_jdk); then
  export JAVA_HOME
else
  cat >&2 <<'MISSING'
Windlass needs a JDK 25 and found none: not in WINDLASS_JDK, not in JAVA_HOME, not on the PATH, and not in the
usual places (/usr/lib/jvm, /opt, SDKMAN, ~/.jdks, Homebrew, /Library/Java).
Install one (any vendor), or point WINDLASS_JDK at its home:  export WINDLASS_JDK=/path/to/jdk-25
MISSING
  exit 1
fi
