# Read by the launchers in this folder, which set $name (the program) and $self (the launcher, symbolic links followed):
# starts it with the Node.js of the checkout, or the one on PATH.
case $self in */*) here=${self%/*} ;; *) here=. ;; esac
node=$here/../node_modules/.bin/node
[ -x "$node" ] || node=$(command -v node) || {
  echo "drey needs Node.js 22.12 or newer, and there is no node on PATH." >&2
  exit 1
}
[ -f "$here/../dist/main.js" ] || "$node" "$here/../tools/build.ts" || exit 1
# A small young generation: at 100,000 log lines a second a large one keeps 40 MB of what nobody needs any more.
exec "$node" --max-semi-space-size=8 "$here/launch.cjs" "$name" "$@"
