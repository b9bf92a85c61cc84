import { defineConfig } from 'vitest/config';
import { testedStandIns } from './tools/stand-ins.ts';

// `npm test -- --coverage` sets a folder for the counts of programs and threads that tests start.
const counting = process.env['DREY_COVERAGE'] !== undefined;
// A limit ends a test that hangs, and judges nothing: on a machine with ten times more work than processors, a program takes 20 s to start.
const patience = 90_000;

export default defineConfig({
  // The tests draw with the modules that ship.
  plugins: [testedStandIns()],
  test: {
    server: { deps: { inline: ['ink', 'ink-testing-library', 'widest-line'] } },
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/cluster/**'],
    // Some tests check colours; the others strip them before comparing frames. Without a size, Ink would start a process to find it at each
    // render of ink-testing-library.
    env: { FORCE_COLOR: '3', TZ: 'UTC', COLUMNS: '100', LINES: '40' },
    testTimeout: patience,
    hookTimeout: patience,
    // Less than the whole test has, so that what was waited for is told.
    expect: { poll: { timeout: patience / 2 } },
    setupFiles: counting ? ['test/support/counted.ts'] : [],
    coverage: { provider: 'v8', include: ['src/**/*.{ts,tsx}'], reporter: ['json'], reportOnFailure: true },
  },
});
