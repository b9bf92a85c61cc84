import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ShownLog } from '../../src/commands/model/shown-log.ts';
import type { FrontEnd } from '../../src/commands/model/types.ts';
import type { ViewLine } from '../../src/session/types.ts';
import { testFront } from '../support/fakes.ts';
import { viewOf } from '../tui/fixtures.ts';
import { type Desk, desk } from './desk.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-save-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const line = (at: number, text: string, pod = 'jm'): ViewLine & { readonly pod: string } => ({
  at,
  pod,
  text,
  level: 'INFO',
  timeline: undefined,
});
const scaledUp: ViewLine = {
  at: 2,
  pod: undefined,
  text: 'scaled up',
  level: undefined,
  timeline: { at: 2, from: 'k8s', severity: 'info', subject: undefined, text: 'scaled up' } as ViewLine['timeline'],
};
const lines = [line(1, 'one'), scaledUp, line(3, '\u001b[32mtwo\u001b[39m'), line(4, 'three')];

const log: ShownLog = {
  name: 'jobmanager',
  shown: viewOf(lines.slice(1)),
  held: () => viewOf(lines),
  all: undefined,
  marked: [],
  current: 2,
  nameOf: undefined,
};

const operator = (over: Partial<ShownLog> = {}, front: Partial<FrontEnd> = {}): Desk =>
  desk({
    cwd: folder,
    env: { TMPDIR: folder, PATH: process.env.PATH },
    front: testFront({ shownLog: () => ({ ...log, ...over }), ...front }),
  });
const saved = (name = 'a.log'): string => readFileSync(join(folder, name), 'utf8');

test('what is shown is saved in a private file, as the pod wrote it: without colours and events', async () => {
  const printed: string[] = [];
  const sat = operator({}, { print: (said) => void printed.push(...said) });
  await sat.run('save a.log');
  expect(saved()).toBe('two\nthree\n');
  expect(statSync(join(folder, 'a.log')).mode & 0o777).toBe(0o600);
  expect(printed).toEqual([`Saved ${join(folder, 'a.log')}: 2 lines, 10 B.`]);
  expect([...sat.store.get().operations]).toMatchObject([
    { title: 'Save shown lines of jobmanager', state: 'succeeded', result: join(folder, 'a.log') },
  ]);
});

test('held lines are saved whatever the filter, and those of several pods behind their names', async () => {
  const sat = operator({ nameOf: (pod) => `short-${pod}` });
  await sat.run('save a.log held');
  expect(saved()).toBe('short-jm one\nshort-jm two\nshort-jm three\n');
});

test('all lines are those on disk as well, and those in memory if none are on disk', async () => {
  const all: ShownLog['all'] = async function* all() {
    yield [line(0, 'long ago'), line(1, 'one')];
    yield [line(3, '\u001b[32mtwo\u001b[39m')];
  };
  await operator({ all, nameOf: (pod) => `short-${pod}` }).run('save a.log all');
  expect(saved()).toBe('short-jm long ago\nshort-jm one\nshort-jm two\n');
  await operator().run('save b.log all');
  expect(saved('b.log')).toBe('one\ntwo\nthree\n');
});

test('marked lines are saved, if there are any', async () => {
  await operator({ marked: [line(1, 'one'), line(4, 'three')] }).run('save a.log');
  expect(saved()).toBe('one\nthree\n');
  expect(await operator().says('save b.log marked')).toBe('No line is marked. m in the log marks one.');
});

test('a file that exists is replaced only by somebody who agrees, and only once all is written', async () => {
  writeFileSync(join(folder, 'a.log'), 'mine');
  expect(await operator().says('save a.log')).toBe(`${join(folder, 'a.log')} exists. Nothing was written: name another file.`);
  expect(await operator({}, { agrees: async () => false }).says('save a.log')).toContain('Nothing was written');
  expect(saved()).toBe('mine');
  const asked: unknown[] = [];
  await operator({}, { agrees: async (doubt) => asked.push(doubt) > 0 }).run('save a.log');
  expect(asked).toMatchObject([{ title: 'save', lines: [expect.stringMatching(/a\.log exists: 4 B, written /)], action: 'Replace it' }]);
  expect(saved()).toBe('two\nthree\n');
  expect(readdirSync(folder)).toEqual(['a.log']);
});

test('a folder that is not there is one sentence, and nothing is left behind', async () => {
  expect(await operator().says('save nowhere/a.log')).toMatch(
    /nowhere\/a\.log cannot be written: there is no folder \S*nowhere\. Make the folder, or name another file\.$/,
  );
  expect(await operator().says('save .')).toBe(`${folder} is not a file. Nothing was written: name another file.`);
  expect(readdirSync(folder)).toEqual([]);
});

test('without a screen there is nothing to save or to open', async () => {
  const lineMode = desk({ mode: 'line' });
  expect(await lineMode.says('save a.log')).toBe(
    'There is no log on the screen. In a shell, drey logs CLUSTER > FILE writes logs to a file.',
  );
  expect(await lineMode.says('open')).toBe('There is no log on the screen. In a shell, drey logs CLUSTER | less shows logs in a pager.');
});

/** Lends a terminal to the program. */
const lend: FrontEnd['lend'] = async (work) => {
  await work();
  return true;
};

test.each([
  ['open editor', 'two\nthree\n', '+2 2\n'],
  ['open pager', '\u001b[32mtwo\u001b[39m\nthree\n', `SEEN 1\n`],
])('%s gives the lines that are shown to the program, in a private file that is gone afterwards', async (typed, text, words) => {
  const program = join(folder, 'vi');
  writeFileSync(
    program,
    `#!/bin/sh\nfor last; do :; done\ncp -p "$last" ${folder}/seen\necho "$1 $#" | sed 's#/.* #SEEN #' > ${folder}/words\n`,
    {
      mode: 0o755,
    },
  );
  const env = { TMPDIR: folder, PATH: process.env.PATH, EDITOR: program, PAGER: program };
  await desk({ cwd: folder, env, front: testFront({ shownLog: () => log, lend }) }).run(typed);
  expect(saved('seen')).toBe(text);
  expect(statSync(join(folder, 'seen')).mode & 0o777).toBe(0o600);
  expect(saved('words')).toBe(words);
  expect(readdirSync(folder).toSorted()).toEqual(['seen', 'vi', 'words']);
});

test('a program that is not there or fails is one sentence, and its file is gone', async () => {
  const sat = (editor: string): Desk =>
    desk({
      cwd: folder,
      env: { TMPDIR: folder, PATH: process.env.PATH, EDITOR: editor },
      front: testFront({ shownLog: () => log, lend }),
    });
  expect(await sat('nosuch').says('open editor')).toBe('There is no program nosuch on PATH.');
  expect(await sat('false').says('open editor')).toBe('false failed with exit code 1.');
  const busy = desk({ cwd: folder, env: { TMPDIR: folder }, front: testFront({ shownLog: () => log, lend: async () => false }) });
  expect(await busy.says('open')).toBe('The terminal is in use by another program. Try again when that has ended.');
  expect(readdirSync(folder)).toEqual([]);
});
