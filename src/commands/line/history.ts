import { appendFile, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ensureFolder } from '../../support/folders.ts';
import { maskText, maskWords } from '../../config/secrets/redact.ts';
import { splitLine } from './line-parser.ts';

const mostLines = 1_000;

/** Typed lines, kept between sessions. */
export interface History {
  /** Oldest first, each line once, at its latest position. */
  lines(): readonly string[];
  /** Adds the line, in memory at once and on disk soon; ignores a line that is blank or looks as if it contained a secret. */
  add(line: string): void;
  /** Resolves once every line is on disk, or could not be written. */
  settled(): Promise<void>;
}

/**
 * Opens the file, which may be missing. Several processes can share it: each appends to it. A process that opens a file of twice the limit
 * writes a shorter one next to it, and moves that into its place.
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
    // Missing or unreadable: a history that begins now is better than an error.
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
    // A full or read-only disk: the old file stays unchanged, and is read in full again next time.
  }
}

async function append(path: string, line: string): Promise<void> {
  try {
    await ensureFolder(dirname(path), 0o700);
    await appendFile(path, `${line}\n`, { mode: 0o600 });
  } catch {
    // The line stays in the history of this run. A state folder that is not writable is not a reason to disturb a session.
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

/** Options that take secrets in some programs, but whose names are harmless elsewhere. */
const secretOptions = /^--(?:key|auth|pin|sas)$/i;

/**
 * True if a line names a secret (`-Ds3.secret-key=…`, `--password …`, `token=…`, `Authorization:…`) or contains an address with a password.
 */
export function looksSecret(line: string): boolean {
  const words = splitLine(line).words.map(({ text }) => text);
  const unquoted = words.join(' ');
  return (
    maskText(unquoted) !== unquoted ||
    maskWords(words, true).some((shown, index) => shown !== words[index]) ||
    words.some((word) => secretOptions.test(word.split('=', 1)[0] ?? ''))
  );
}

/** For a search backwards: the newest line before `before` that contains `text`, ignoring case unless `text` has capitals. */
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
