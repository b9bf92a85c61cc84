import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureFolder } from '../../support/folders.ts';
import { maskText, maskWords } from '../../support/redact.ts';
import { splitLine } from './line-parser.ts';

const mostLines = 1_000;

/** Lines that were typed, kept across runs. */
export interface History {
  /** Oldest first, each line once, at its latest place. */
  lines(): readonly string[];
  /** Keeps the line, here at once and on disk soon; not when it is blank or looks as if it held a secret. */
  add(line: string): void;
  /** Resolves when all that was added is on disk, or could not be. */
  settled(): Promise<void>;
}

/**
 * Opens the file, which need not be there. Several processes can share it: each appends, and only who opens a file that has grown to twice
 * its size writes it anew, beside the old one, and moves it there.
 */
export async function openHistory(path: string): Promise<History> {
  let kept = latest(await readLines(path));
  let writing: Promise<void> = Promise.resolve();
  return {
    lines: () => kept,
    add(line) {
      const text = line.trim();
      if (text === '' || /[\r\n]/.test(text) || looksSecret(text)) return;
      kept = latest([...kept, text]);
      writing = writing.then(() => append(path, text));
    },
    settled: () => writing,
  };
}

async function readLines(path: string): Promise<readonly string[]> {
  let lines: readonly string[];
  try {
    lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  } catch {
    // None yet, or not to be read: a history that begins now is worth more than an error.
    return [];
  }
  if (lines.length > 2 * mostLines) await replace(path, latest(lines));
  return lines;
}

async function replace(path: string, lines: readonly string[]): Promise<void> {
  const fresh = `${path}.${process.pid}.new`;
  try {
    await writeFile(fresh, lines.map((line) => `${line}\n`).join(''), { mode: 0o600 });
    await rename(fresh, path);
  } catch {
    // A full or read-only disk: the old file stays as it is, and is read in full again next time.
  }
}

async function append(path: string, line: string): Promise<void> {
  try {
    await ensureFolder(dirname(path), 0o700);
    await appendFile(path, `${line}\n`, { mode: 0o600 });
  } catch {
    // The line stays in this run's history. A state folder that cannot be written is no reason to disturb a session.
  }
}

function latest(lines: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  for (const line of lines) {
    seen.delete(line);
    seen.add(line);
  }
  return [...seen].slice(-mostLines);
}

/** Options that programs take secrets with, and whose names are harmless elsewhere. */
const secretOptions = /^--(?:key|auth|pin|sas)$/i;

/** True when a line names a secret (`-Ds3.secret-key=…`, `--password …`, `token=…`, `Authorization:…`) or an address carries a password. */
export function looksSecret(line: string): boolean {
  const words = splitLine(line).words.map(({ text }) => text);
  const unquoted = words.join(' ');
  return (
    maskText(unquoted) !== unquoted ||
    maskWords(words, true).some((shown, index) => shown !== words[index]) ||
    words.some((word) => secretOptions.test(word.split('=', 1)[0] ?? ''))
  );
}

/** The newest line before `before` that contains `text`, without regard to case unless `text` has capitals. For a search backwards. */
export function searchHistory(
  lines: readonly string[],
  text: string,
  before = lines.length,
): { readonly index: number; readonly line: string } | undefined {
  const exact = text !== text.toLowerCase();
  for (let index = Math.min(before, lines.length) - 1; index >= 0; index--) {
    const line = lines[index] ?? '';
    if ((exact ? line : line.toLowerCase()).includes(text)) return { index, line };
  }
  return undefined;
}
