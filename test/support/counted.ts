/**
 * For `npm test -- --coverage`: the processes that a test starts, be they launchers of bin/ or threads of a sandbox, write their counts into a
 * folder. Set here and not earlier, because vitest counts the process of the test itself, and two counters reset each other.
 */
process.env['NODE_V8_COVERAGE'] = process.env['DREY_COVERAGE'];
// Functions from the compile cache are counted as a whole, or not at all.
process.env['NODE_DISABLE_COMPILE_CACHE'] = '1';
