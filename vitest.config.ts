import { defineConfig } from 'vitest/config';
import { testedStandIns } from './tools/stand-ins.ts';

export default defineConfig({
  // The tests draw with what ships.
  plugins: [testedStandIns()],
  test: {
    server: { deps: { inline: ['ink', 'ink-testing-library', 'widest-line'] } },
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: ['test/cluster/**'],
    // Colours are asserted on in places; where they are not, frames are compared after stripping them.
    env: { FORCE_COLOR: '3', TZ: 'UTC' },
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
