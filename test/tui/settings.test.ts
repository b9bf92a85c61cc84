import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actionIds, actionOf, defaultKeys, scopeOf, scopesOf, withOverrides, type Key } from '../../src/tui/state/keys.ts';
import { defaultSettings, loadSettings } from '../../src/tui/settings/settings.ts';
import { settingsJsonSchema } from '../../src/tui/settings/settings-schema.ts';

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
    const { settings, problem } = await load(
      '{"$schema": "x", "theme": "light", "mouse": true, "logLines": 5000, "keys": {"log.wrap": ["W", "ctrl+w"]}}',
    );
    expect(problem).toBeUndefined();
    expect(settings).toEqual({ ...defaultSettings, theme: 'light', mouse: true, logLines: 5000, keys: { 'log.wrap': ['W', 'ctrl+w'] } });
  });

  test.each([
    ['{"theme": "light"', /are not JSON .*\. Using the defaults\.$/],
    ['[]', /are not an object: .*\. Using the defaults\.$/],
    ['null', /are not an object/],
  ])('%s gives one sentence, and the defaults', async (text, sentence) => {
    const { settings, problem, path } = await load(text);
    expect(problem).toMatch(sentence);
    expect(problem).toContain(path);
    expect(problem).not.toContain('\n');
    expect(settings).toEqual(defaultSettings);
  });

  test.each([
    ['"theme": "pink"', 'theme is not one of dark, light, high-contrast, mono'],
    ['"theme": null', 'theme is not one of dark, light, high-contrast, mono'],
    ['"colour": 1', 'colour is not a setting'],
    ['"ascii": "yes"', 'ascii is not true or false'],
    ['"motion": 0', 'motion is not true or false'],
    ['"logLines": 3', 'logLines is not a whole number from 1000 to 1000000'],
    ['"logLines": "many"', 'logLines is not a whole number from 1000 to 1000000'],
    ['"keys": 3', 'keys is not an object of actions and their keys'],
    ['"$schema": 1, "theme": 2', '$schema is not a text; theme is not one of dark, light, high-contrast, mono'],
    ['"keys": {"log.wrap": ["W"], "log.wrp": ["w"]}', 'keys.log.wrp is not a setting'],
    ['"keys": {"log.wrap": ["W"], "log.raw": ["hyper+w"]}', 'keys.log.raw is not a name of a key, like j, ctrl+r or pagedown'],
    ['"keys": {"log.wrap": ["W"], "log.raw": "w"}', 'keys.log.raw is not a list of keys, like ["j", "ctrl+r"]'],
  ])('%s is reported in one sentence, and all the rest counts', async (text, sentence) => {
    const { settings, problem, path } = await load(`{"mouse": true, ${text}}`);
    expect(problem).toBe(`In ${path}, ${sentence}. The rest of the file counts.`);
    expect(settings).toEqual({ ...defaultSettings, mouse: true, keys: text.includes('"W"') ? { 'log.wrap': ['W'] } : {} });
  });

  test('comments, commas at the end and the mark of Windows editors are not mistakes', async () => {
    const { settings, problem } = await load('\ufeff{\r\n  // at night\r\n  "theme": "light", /* "mono" */\r\n  "mouse": true,\r\n}\r\n');
    expect({ settings, problem }).toEqual({ settings: { ...defaultSettings, theme: 'light', mouse: true }, problem: undefined });
  });

  test('the schema for editors names every setting and every action', () => {
    const schema = JSON.stringify(settingsJsonSchema());
    for (const name of ['theme', 'ascii', 'motion', 'mouse', 'logLines', ...actionIds]) expect(schema).toContain(`"${name}"`);
  });
});

describe('the key table', () => {
  test('no key means two things in one scope', () => {
    const taken = new Map<string, string>();
    for (const id of actionIds) {
      for (const key of (defaultKeys[id] satisfies Key).keys) {
        const where = `${scopeOf(id)} ${key}`;
        expect(taken.get(where), where).toBeUndefined();
        taken.set(where, id);
      }
    }
  });

  test('the special place comes before the general one', () => {
    expect(actionOf(defaultKeys, 'l', scopesOf('pods'))).toBe('pods.logs');
    expect(actionOf(defaultKeys, 'l', scopesOf('log'))).toBe('log.right');
    expect(actionOf(defaultKeys, 'ctrl+c', scopesOf('timeline'))).toBe('everywhere.interrupt');
    expect(actionOf(defaultKeys, 'ü', scopesOf('log'))).toBeUndefined();
  });

  test('a key that is given to another action is taken from the one that had it', () => {
    const keys = withOverrides({ 'log.wrap': ['t'] });
    expect(actionOf(keys, 't', scopesOf('log'))).toBe('log.wrap');
    expect(actionOf(keys, 'w', scopesOf('log'))).toBeUndefined();
    expect(keys['log.stamps'].keys).toEqual([]);
    expect(actionOf(keys, 'j', scopesOf('log'))).toBe('log.down');
  });
});
