import { parallelismWish, type ParallelismWish } from '../../inside/parallelism.ts';
import { parseDuration } from '../../config/options/amounts.ts';
import { logLevels, readLevel, type LogLevel } from '../../config/logging/levels.ts';
import { jobsMeant } from '../../flink/named-jobs.ts';
import type { Job, Pod } from '../../session/types.ts';
import { Problem } from '../../support/problem.ts';
import type { Argument, CommandOption } from './command.ts';
import { findJob, findPod, findSubject, type Subject } from './find-subject.ts';
import { findObjects, objectWords, type ObjectsMeant } from './find-object.ts';
import type { ArgumentKind, Command, HereName } from './types.ts';
import { splitProperty } from '../../config/dynamic-properties.ts';

function integer(word: string, least: number, most: number): number {
  const value = Number(word);
  if (!/^\d+$/.test(word) || value < least || value > most)
    throw new Problem('usage', `"${word}" is not a whole number from ${least} to ${most}.`);
  return value;
}

function oneOf<const C extends readonly string[]>(word: string, choices: C): C[number] {
  const found = choices.find((choice) => choice === word);
  if (found === undefined) throw new Problem('usage', `"${word}" is not one of ${choices.join(', ')}.`);
  return found;
}

function property(word: string): readonly [string, string] {
  const { key, value } = splitProperty(word);
  if (key === '') throw new Problem('usage', `"${word}" has no key: write -Dkey=value.`);
  return [key, value];
}

const duration = (word: string): number => parseDuration(/^\d+$/.test(word) ? `${word} s` : word);

function argument<T>(kind: ArgumentKind, summary: string, read: Argument<T>['read'], more: Partial<Argument<T>> = {}): Argument<T> {
  return { kind, summary, optional: false, read, ...more };
}

/** The only word of a required argument: `readWords` has checked that there is one. */
const only = (words: readonly string[]): string => words[0] ?? '';

export interface JobsAndFolder {
  readonly jobs: readonly Job[];
  readonly directory: string | undefined;
}

/** The arguments of commands, each with its completion and its reader. */
export const arg = {
  job: (summary: string, jobs: 'running' | 'all' = 'all'): Argument<Job> =>
    argument('job', summary, (words, { session }) => findJob(only(words), session, jobs), { jobs }),
  /** A job, or its pods: a job of that name is named by its id. */
  jobOrPods: (summary: string): Argument<Job | 'pods'> =>
    argument('job', summary, (words, { session }) => (only(words) === 'pods' ? 'pods' : findJob(only(words), session, 'all')), {
      jobs: 'all',
      choices: ['pods'],
    }),
  /** One or several, each once. */
  jobs: (summary: string, jobs: 'running' | 'all' = 'all'): Argument<readonly Job[]> =>
    argument('job', summary, (words, { session }) => [...new Set(words.map((word) => findJob(word, session, jobs)))], {
      jobs,
      rest: 'words',
    }),
  /** The same, and behind them a folder as the cluster sees it: the last word, if it is a path and no job. */
  jobsAndFolder: (summary: string): Argument<JobsAndFolder> =>
    argument(
      'job',
      summary,
      (words, { session }) => {
        const last = words.length > 1 ? (words.at(-1) ?? '') : '';
        const directory = last.includes('/') && jobsMeant(last, session.jobs).length === 0 ? last : undefined;
        const names = directory === undefined ? words : words.slice(0, -1);
        return { jobs: [...new Set(names.map((word) => findJob(word, session, 'running')))], directory };
      },
      { jobs: 'running', rest: 'words' },
    ),
  /** A job, or a folder as the cluster sees it: a path that is no job. */
  jobOrFolder: (summary: string): Argument<{ readonly job: Job } | { readonly directory: string }> =>
    argument(
      'job',
      summary,
      (words, { session }) => {
        const word = only(words);
        const isFolder = word.includes('/') && jobsMeant(word, session.jobs).length === 0;
        return isFolder ? { directory: word } : { job: findJob(word, session, 'all') };
      },
      { jobs: 'all' },
    ),
  pod: (summary: string): Argument<Pod> => argument('pod', summary, (words, { session }) => findPod(only(words), session, 'seen')),
  /** A pod that exists now. */
  presentPod: (summary: string): Argument<Pod> => argument('pod', summary, (words, { session }) => findPod(only(words), session)),
  objects: (summary: string): Argument<ObjectsMeant> =>
    argument('object', summary, (words, { session }) => findObjects(only(words), session), { choices: objectWords }),
  subject: (summary: string): Argument<Subject> =>
    argument('subject', summary, (words, { session }) => findSubject(only(words), session), { jobs: 'all' }),
  /** The same as it is typed: it may be gone, and only a part of its name. */
  named: (summary: string): Argument<string> => argument('subject', summary, only, { jobs: 'all' }),
  command: (summary: string): Argument<Command> =>
    argument('command', summary, (words, { catalogue }) => {
      const found = catalogue.find(({ name, aliases }) => name === only(words) || aliases.includes(only(words)));
      if (found === undefined) throw new Problem('usage', `There is no command "${only(words)}".`, { hint: 'help lists them all.' });
      return found;
    }),
  theme: (summary: string): Argument<string> =>
    argument('theme', summary, (words, { themes }) => {
      if (themes.length === 0) throw new Problem('usage', 'Themes need the full-screen terminal.');
      return oneOf(only(words), themes);
    }),
  column: (summary: string): Argument<string> =>
    argument('column', summary, (words, { columns }) => {
      if (columns.length === 0) throw new Problem('usage', 'Sorting needs the full-screen terminal.');
      return oneOf(only(words).toLowerCase(), columns);
    }),
  jar: (summary: string): Argument<string> => argument('jar', summary, only),
  savepoint: (summary: string): Argument<string> => argument('savepoint', summary, only),
  remotePath: (summary: string): Argument<string> => argument('remote-path', summary, only),
  port: (summary: string): Argument<number> => argument('number', summary, (words) => integer(only(words), 1, 65_535)),
  number: (summary: string): Argument<number> => argument('number', summary, (words) => integer(only(words), 0, 10_000_000)),
  /** In milliseconds; a number alone counts seconds. */
  duration: (summary: string): Argument<number> => argument('number', summary, (words) => duration(only(words))),
  /** `offers`: words that are likely, for completion. */
  text: (summary: string, offers?: readonly string[]): Argument<string> =>
    offers === undefined ? argument('text', summary, only) : argument('choice', summary, only, { choices: offers }),
  logLevel: (summary: string): Argument<LogLevel> => argument('choice', summary, (words) => readLevel(only(words)), { choices: logLevels }),
  /** A moment as it is typed, see `momentOf`. */
  time: (summary: string): Argument<string> => argument('time', summary, only),
  /** A vertex of the job that is named before it. */
  vertex: (summary: string): Argument<string> => argument('vertex', summary, only),
  choice: <const C extends readonly string[]>(choices: C, summary: string): Argument<C[number]> =>
    argument('choice', summary, (words) => oneOf(only(words), choices), { choices }),
  /** All remaining words. */
  uploadedJars: (summary: string): Argument<readonly string[]> =>
    argument('uploaded-jar', summary, (words) => words, { optional: true, rest: 'words' }),
  /** All remaining words, as wishes for the parallelism of vertices. */
  parallelisms: (summary: string): Argument<readonly ParallelismWish[]> =>
    argument('parallelism', summary, (words) => words.map(parallelismWish), { rest: 'words' }),
  /** All remaining words. */
  words: (summary: string): Argument<readonly string[]> => argument('text', summary, (words) => words, { optional: true, rest: 'words' }),
  /** All remaining words, as names of metrics of the vertex that is named before them. */
  metrics: (summary: string): Argument<readonly string[]> =>
    argument('metric', summary, (words) => words, { optional: true, rest: 'words' }),
  /** The words after `--`, unchanged. */
  afterDashes: (summary: string): Argument<readonly string[]> =>
    argument('text', summary, (words) => words, { optional: true, rest: 'after-dashes' }),
};

/** The same argument, made optional. */
export function optional<T>(spec: Argument<T>): Argument<T | undefined> {
  return { ...spec, optional: true, read: (words, from) => (words.length === 0 ? undefined : spec.read(words, from)) };
}

/** The same argument; on the screen it is that of the place if it is left out. Nothing is changed that was not named: only for commands that are safe. */
export const orHere = <T>(spec: Argument<T>, here: HereName): Argument<T> => ({ ...spec, here });

type Names = Pick<CommandOption<unknown>, 'short' | 'long'>;

const last = (words: readonly string[]): string | undefined => words.at(-1);

const numeric = (value: string, summary: string, read: (word: string) => number): CommandOption<number | undefined> => ({
  value,
  kind: 'number',
  repeatable: false,
  summary,
  read(words) {
    const word = last(words);
    return word === undefined ? undefined : read(word);
  },
});

/** The options of commands. */
export const option = {
  flag: (summary: string, names: Names = {}): CommandOption<boolean> => ({
    ...names,
    kind: 'text',
    repeatable: false,
    summary,
    read: (words) => words.length > 0,
  }),
  text: (value: string, summary: string, names: Names = {}): CommandOption<string | undefined> => ({
    ...names,
    value,
    kind: 'text',
    repeatable: false,
    summary,
    read: last,
  }),
  /** A moment as it is typed, see `momentOf`. */
  time: (value: string, summary: string): CommandOption<string | undefined> => ({
    value,
    kind: 'time',
    repeatable: false,
    summary,
    read: last,
  }),
  /** Of the pod that is named before it. */
  container: (value: string, summary: string): CommandOption<string | undefined> => ({
    short: 'c',
    value,
    kind: 'container',
    repeatable: false,
    summary,
    read: last,
  }),
  savepoint: (value: string, summary: string, names: Names = {}): CommandOption<string | undefined> => ({
    ...names,
    value,
    kind: 'savepoint',
    repeatable: false,
    summary,
    read: last,
  }),
  remotePath: (value: string, summary: string, names: Names = {}): CommandOption<string | undefined> => ({
    ...names,
    value,
    kind: 'remote-path',
    repeatable: false,
    summary,
    read: last,
  }),
  integer: (
    value: string,
    summary: string,
    range: { readonly least: number; readonly most: number },
    names: Names = {},
  ): CommandOption<number | undefined> => ({ ...names, ...numeric(value, summary, (word) => integer(word, range.least, range.most)) }),
  /** In milliseconds; a number alone counts seconds. */
  duration: (value: string, summary: string): CommandOption<number | undefined> => numeric(value, summary, duration),
  /** Words of these, with commas between; undefined: not given. */
  choices: <const C extends readonly string[]>(
    value: string,
    choices: C,
    summary: string,
  ): CommandOption<readonly C[number][] | undefined> => ({
    value,
    kind: 'choice',
    choices,
    repeatable: false,
    summary,
    read: (words) =>
      last(words)
        ?.split(',')
        .map((word) => oneOf(word, choices)),
  }),
  /** `-Dkey=value`, any number of times; the last one of a key wins. */
  properties: (summary: string): CommandOption<Readonly<Record<string, string>>> => ({
    short: 'D',
    long: false,
    value: 'key=value',
    kind: 'text',
    repeatable: true,
    summary,
    read: (words) => Object.fromEntries(words.map(property)),
  }),
};
