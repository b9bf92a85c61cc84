# Read by the launchers in this folder, which set $name (the program) and $self (the launcher, symbolic links followed):
# starts it with the Node.js of the checkout, or the one on PATH.
case $self in */*) here=${self%/*} ;; *) here=. ;; esac
node=$here/../node_modules/.bin/node
[ -x "$node" ] || node=$(command -v node) || {
  echo "drey needs Node.js 22.12 or newer, and there is no node on PATH." >&2
  exit 1
}
# These options are meant for the Node.js of the user's own programs, and this one may not know them. DREY_NODE_OPTIONS is for drey, e.g. --cpu-prof.
unset NODE_OPTIONS
[ -f "$here/../dist/main.js" ] || "$node" "$here/../tools/build.ts" || exit 1
# Memory before speed: at 100,000 log lines a second, a large young generation keeps 40 MB of garbage,
# and an old one that may grow to four times the live data keeps 60 MB.
exec "$node" --max-semi-space-size=8 --heap-growing-percent=75 ${DREY_NODE_OPTIONS-} "$here/launch.cjs" "$name" "$@"
