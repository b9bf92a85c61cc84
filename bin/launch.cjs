'use strict';
// Old syntax on purpose: a Node.js that is too old must still be able to read the sentence that says so.
var path = require('path');
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 12)) {
  process.stderr.write('drey needs Node.js 22.12 or newer; this is ' + process.version + '. In a checkout, npm ci brings one along and bin/drey finds it.\n');
  process.exit(1);
}
// Node.js would open its inspector, a port for every local user, at this signal.
process.on('SIGUSR1', function () {});
// Nothing is ever written beside the user's files: without a home (a user whom the system does not know has none) there is no cache.
function home() {
  try {
    return require('os').homedir();
  } catch (unknown) {
    return '';
  }
}
var cache = process.env.XDG_CACHE_HOME || path.join(home(), '.cache');
// Node.js makes the folder itself, but tries for ever where it cannot (a home below /proc): so it is made here, or there is no cache.
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
