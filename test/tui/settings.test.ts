import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionIds, actionOf, defaultKeys, placeOf, placesOf, withOverrides, type Key } from '../../src/tui/keys.ts';
import { defaultSettings, loadSettings } from '../../src/tui/settings.ts';
import { settingsJsonSchema } from '../../src/tui/settings-schema.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drey-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(text: string) {
  const path = join(folder, 'settings.json');
  await writeFile(path, text);
  return { ...(await loadSettings(path)), path };
}

describe('the settings file', () => {
  test('without a file the defaults hold, in silence', async () => {
    expect(await loadSettings(join(folder, 'none.json'))).toEqual({ settings: defaultSettings, problem: undefined });
  });

  test('what it says holds, the rest are defaults', async () => {
    const { settings, problem } = await load('{"$schema": "x", "theme": "light", "mouse": true, "logLines": 5000, "keys": {"log.wrap": ["W", "ctrl+w"]}}');
    expect(problem).toBeUndefined();
    expect(settings).toEqual({ ...defaultSettings, theme: 'light', mouse: true, logLines: 5000, keys: { 'log.wrap': ['W', 'ctrl+w'] } });
  });

  test.each([
    ['{"theme": "light",}', /are not JSON .*; the defaults hold\.$/],
    ['{"theme": "pink"}', /are wrong: theme .*dark.*The defaults hold\.$/],
    ['{"teme": "dark", "keys": {"log.wrp": ["w"]}}', /unknown setting .*log\.wrp.*unknown setting teme/],
    ['{"keys": {"log.wrap": ["hyper+w"]}}', /keys\.log\.wrap\.0 is no name of a key/],
    ['[]', /are wrong/],
  ])('%s gives one sentence, and the defaults', async (text, sentence) => {
    const { settings, problem, path } = await load(text);
    expect(problem).toMatch(sentence);
    expect(problem).toContain(path);
    expect(problem).not.toContain('\n');
    expect(settings).toEqual(defaultSettings);
  });

  test('the schema for editors names every setting and every action', () => {
    const schema = JSON.stringify(settingsJsonSchema());
    for (const name of ['theme', 'ascii', 'motion', 'mouse', 'logLines', ...actionIds]) expect(schema).toContain(`"${name}"`);
  });
});

describe('the key table', () => {
  test('no key means two things in one place', () => {
    const taken = new Map<string, string>();
    for (const id of actionIds) {
      for (const key of (defaultKeys[id] satisfies Key).keys) {
        const place = `${placeOf(id)} ${key}`;
        expect(taken.get(place), place).toBeUndefined();
        taken.set(place, id);
      }
    }
  });

  test('the special place comes before the general one', () => {
    expect(actionOf(defaultKeys, 'l', placesOf('pods'))).toBe('pods.logs');
    expect(actionOf(defaultKeys, 'l', placesOf('log'))).toBe('log.right');
    expect(actionOf(defaultKeys, 'ctrl+c', placesOf('story'))).toBe('everywhere.interrupt');
    expect(actionOf(defaultKeys, 'ü', placesOf('log'))).toBeUndefined();
  });

  test('a key that is given to another action is taken from the one that had it', () => {
    const keys = withOverrides({ 'log.wrap': ['t'] });
    expect(actionOf(keys, 't', placesOf('log'))).toBe('log.wrap');
    expect(actionOf(keys, 'w', placesOf('log'))).toBeUndefined();
    expect(keys['log.stamps'].keys).toEqual([]);
    expect(actionOf(keys, 'j', placesOf('log'))).toBe('log.down');
  });
});
