# What both scripts begin with: a copy of the tree as somebody finds it who has just cloned it.
# shellcheck shell=bash
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

say() { printf '\n== %s\n' "$*"; }

# Nothing of the caller's environment may be what makes it work.
alone=(env -i PATH="$PATH" HOME="$work/home" LANG=C.UTF-8)
mkdir "$work/home"

# A copy of what git keeps or would keep, in that folder.
copy_tree() {
    mkdir "$1"
    (
        cd "$here"
        git ls-files --cached --others --exclude-standard -z |
            while IFS= read -r -d '' file; do
                # A file that is deleted and not yet committed is still listed.
                if [ -e "$file" ]; then printf '%s\0' "$file"; fi
            done | tar --null -T - -cf - | tar -xf - -C "$1"
    )
}
