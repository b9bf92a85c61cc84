// Writes the references in docs/ from the tables in the code. With --check, only compares, and fails if a file differs.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { causesPage } from './docs/causes-page.ts';
import { commandsPage } from './docs/commands-page.ts';
import { flinkPage } from './docs/flink-page.ts';
import { keysPage } from './docs/keys-page.ts';
import { optionsPage } from './docs/options-page.ts';
import { settingsJsonSchema } from '../src/tui/settings/settings-schema.ts';

const root = join(import.meta.dirname, '..');

const pages: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/causes.md': causesPage,
  'docs/commands.md': commandsPage,
  'docs/flink.md': flinkPage,
  'docs/options.md': optionsPage,
  'docs/keys.md': keysPage,
  'docs/settings.schema.json': () => `${JSON.stringify(settingsJsonSchema(), undefined, 2)}\n`,
};

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // Not generated yet.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const check = process.argv.includes('--check');
let different = 0;
for (const [name, page] of Object.entries(pages)) {
  const path = join(root, name);
  const text = await page();
  if ((await textOf(path)) === text) continue;
  different += 1;
  if (check) {
    console.error(`${name} is not what the code says. Run: npm run docs`);
  } else {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    console.log(`wrote ${relative(process.cwd(), path)}`);
  }
}
if (check && different > 0) process.exitCode = 1;
