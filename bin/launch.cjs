'use strict';
// Old syntax on purpose: a Node.js that is too old must still be able to print this error.
var path = require('path');
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 12)) {
  process.stderr.write('drey needs Node.js 22.12 or newer; this is ' + process.version + '. In a checkout, npm ci brings one along and bin/drey finds it.\n');
  process.exit(1);
}
// At this signal Node.js would open its inspector, a port for every local user.
process.on('SIGUSR1', function () {});
// Without a home (a user whom the system does not know has none) there is no cache: nothing is written next to the user's files.
function home() {
  try {
    return require('os').homedir();
  } catch (unknown) {
    return '';
  }
}
var cache = process.env.XDG_CACHE_HOME || path.join(home(), '.cache');
// Node.js creates the folder itself, but retries forever if it cannot (a home below /proc). So create it here, or do without a cache.
function made(folder) {
  try {
    require('fs').accessSync(folder);
    return true;
  } catch (missing) {
    if (path.dirname(folder) === folder || !made(path.dirname(folder))) return false;
    try {
      require('fs').mkdirSync(folder);
      return true;
    } catch (failure) {
      return failure.code === 'EEXIST';
    }
  }
}
if (path.isAbsolute(cache) && made(path.join(cache, 'drey', 'compiled'))) require('module').enableCompileCache(path.join(cache, 'drey', 'compiled'));
import('../dist/main.js').then(function (program) { return program.run(process.argv[2], process.argv.slice(3)); });
