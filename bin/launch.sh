# Read by the launchers in this folder, which set $name (the program) and $self (the launcher, symbolic links followed):
# starts it with the Node.js of the checkout, or the one on PATH.
case $self in */*) here=${self%/*} ;; *) here=. ;; esac
node=$here/../node_modules/.bin/node
[ -x "$node" ] || node=$(command -v node) || {
  echo "drey needs Node.js 22.12 or newer, and there is no node on PATH." >&2
  exit 1
}
[ -f "$here/../dist/main.js" ] || "$node" "$here/../tools/build.ts" || exit 1
exec "$node" "$here/launch.cjs" "$name" "$@"
