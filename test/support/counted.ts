/**
 * For `npm run coverage`: what a test starts, be it a launcher of bin/ or the thread of a sandbox, counts what it runs into a folder. Set
 * here and not before, since vitest counts the process of the test itself, and two that count reset each other.
 */
process.env['NODE_V8_COVERAGE'] = process.env['DREY_COVERAGE'];
// Functions from the compile cache are counted as a whole, or not at all.
process.env['NODE_DISABLE_COMPILE_CACHE'] = '1';
