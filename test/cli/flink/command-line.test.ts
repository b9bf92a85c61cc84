import { expect, test } from 'vitest';
import { parseCommandLine, type OptionRow } from '../../../src/cli/flink/command-line.ts';
import { actionTables, type Action } from '../../../src/cli/flink/option-tables.ts';
import { programOptions } from '../../../src/cli/flink/program-options.ts';

const parse = (action: Action, line: string | readonly string[]) => {
  const { options, stopAtWord } = actionTables[action];
  return parseCommandLine(options, typeof line === 'string' ? line.split(' ') : line, stopAtWord);
};
const job = '4620998c8bb08afb43fd74bf58fbf491';

test.each([
  '-p folder JOB',
  '--savepointPath folder JOB',
  '-savepointPath folder JOB',
  '--savepointPath=folder JOB',
  '-p=folder JOB',
  '-pfolder JOB',
  'JOB -p folder',
  '--savep folder JOB',
  '-p "folder" JOB',
])('stop %s', (line) => {
  const parsed = parse('stop', line);
  expect(parsed.value('savepointPath')).toBe('folder');
  expect(parsed.words).toEqual(['JOB']);
});

test('an option with an optional value swallows the next word', () => {
  const parsed = parse('stop', `-p ${job}`);
  expect([parsed.value('savepointPath'), parsed.words]).toEqual([job, []]);
});

test('an option with an optional value leaves the next option alone', () => {
  const parsed = parse('stop', `-p -d ${job}`);
  expect([parsed.has('savepointPath'), parsed.value('savepointPath'), parsed.has('drain'), parsed.words]).toEqual([
    true,
    undefined,
    true,
    [job],
  ]);
});

test('-d is drain for stop, detached for run, dispose for savepoint', () => {
  expect(parse('stop', `-d ${job}`).has('drain')).toBe(true);
  expect(parse('run', '-d x.jar').has('detached')).toBe(true);
  expect(parse('savepoint', '-d s3://b/sp').value('dispose')).toBe('s3://b/sp');
  expect(parse('stop', `-detached ${job}`).has('detached')).toBe(true);
});

test('-D in all its forms', () => {
  const parsed = parse('list', ['-Da.b=c', '-D', 'd=e=f', '-Dflag', '-D', 'g', 'h', '-Dempty=', '-a']);
  expect(parsed.properties).toEqual([
    ['a.b', 'c'],
    ['d', 'e=f'],
    ['flag', 'true'],
    ['g', 'h'],
    ['empty', ''],
  ]);
  expect(parsed.has('all')).toBe(true);
});

test('the words behind the jar belong to the program, whatever they look like', () => {
  const parsed = parse('run', ['-p', '4', '-c', 'a.Main', 'x.jar', '--input', 'a b', '-p', '3', '-Dnot=mine', '', '"quoted"']);
  expect(parsed.properties).toEqual([]);
  expect(programOptions(parsed)).toMatchObject({
    jar: 'x.jar',
    entryClass: 'a.Main',
    parallelism: 4,
    arguments: ['--input', 'a b', '-p', '3', '-Dnot=mine', '', '"quoted"'],
  });
});

test('what run does not know ends its options, and an unknown option of the others is refused', () => {
  expect(parse('run', '--bogus x.jar').words).toEqual(['--bogus', 'x.jar']);
  expect(() => parse('list', '-a --bogus')).toThrow('Unrecognized option: --bogus');
  expect(() => parse('list', '-x')).toThrow('Unrecognized option: -x');
});

test('abbreviations count while only one name begins like that', () => {
  expect(parse('list', '--run').has('running')).toBe(true);
  // Those that Flink does not have never stand in the way.
  expect(parse('list', '--t remote').value('target')).toBe('remote');
  expect(parse('list', '--tr file').value('trace')).toBe('file');
  expect(() => parse('run', '--py x')).toThrow(/^Ambiguous option: '--py' {2}\(could be: .*'pyModule'/);
});

test('several switches in one word', () => {
  const parsed = parse('list', '-ars');
  expect([parsed.has('all'), parsed.has('running'), parsed.has('scheduled')]).toEqual([true, true, true]);
});

test.each([
  ['cancel', '-type'],
  ['run', '-p'],
  ['savepoint', '-d'],
  ['list', '-D'],
  ['run', '-p -d x.jar'],
] as const)('%s %s lacks a value', (action, line) => {
  expect(() => parse(action, line)).toThrow(/^Missing argument for option: (type|p|d|D)$/);
});

test('two hyphens end the options', () => {
  expect(parse('savepoint', `-- -d ${job}`).words).toEqual(['-d', job]);
});

test('a negative number is a value', () => {
  const table: readonly OptionRow[] = [{ opt: 'n', takes: 'one', summary: '' }];
  expect(parseCommandLine(table, ['-n', '-5'], false).value('n')).toBe('-5');
});

test.each(['0', '-1', 'many', '1.5', ''])('parallelism %j is refused', (value) => {
  expect(() => programOptions(parse('run', [`--parallelism=${value}`, 'x.jar']))).toThrow(
    `The parallelism must be a positive number: ${value}`,
  );
});

test('claim modes in every spelling that Flink reads', () => {
  const mode = (text: string) => programOptions(parse('run', ['-s', 's3://b/sp', '-cm', text, 'x.jar'])).savepoint.claimMode;
  expect(['claim', 'NO_CLAIM', 'No_Claim', 'Legacy'].map(mode)).toEqual(['CLAIM', 'NO_CLAIM', 'NO_CLAIM', 'LEGACY']);
  expect(() => mode('mine')).toThrow('"mine" is not a claim mode.');
  expect(() => mode('no-claim')).toThrow('"no-claim" is not a claim mode.');
  // Without a savepoint nobody reads it.
  expect(programOptions(parse('run', '-cm mine x.jar')).savepoint.claimMode).toBeUndefined();
  expect(programOptions(parse('run', '-s s3://b/sp -rm claim x.jar')).savepoint.claimMode).toBe('CLAIM');
});

test('a Python program has no jar: all words are its arguments', () => {
  expect(programOptions(parse('run', '-py job.py -pyfs a.zip,b.py --input x'))).toMatchObject({
    jar: undefined,
    arguments: ['--input', 'x'],
    python: { file: 'job.py', files: 'a.zip,b.py', module: undefined },
  });
});
