import { writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { exitCodes } from '../../support/exit-codes.ts';
import { ensureFolderSync } from '../../support/folders.ts';
import { harmless } from '../../support/foreign-text.ts';
import { sentence } from '../../support/problem.ts';
import { stateFolder } from './folders.ts';
import type { CliIo } from './io.ts';

/** Saves the details of an unexpected error, and returns where: `Details are in …`, with a line end. */
export function writeDefect(error: unknown, io: CliIo): string {
  const at = new Date(io.clock.now());
  const file = join(stateFolder(io), `defect-${at.toISOString().replaceAll(':', '')}.txt`);
  try {
    ensureFolderSync(stateFolder(io));
    writeFileSync(
      file,
      `${at.toISOString()} drey on Node.js ${process.version}, ${process.platform} ${process.arch}\n${harmless(inspect(error, { depth: 5 }))}\n`,
      { mode: 0o600 },
    );
  } catch (failure) {
    // A read-only home: the details are lost, which the user should know.
    return `This is a defect of drey; its details could not be written to ${file}: ${String(failure)}\n`;
  }
  return `This is a defect of drey. Details are in ${file}\n`;
}

/**
 * Ends the process after an uncaught error, with one sentence and the location of the details, once all listeners for the end (especially a
 * screen) have restored the terminal.
 */
export function endOnDefect(io: CliIo): void {
  const end = (error: unknown): void => {
    process.once('exit', () => say(`${sentence(error)}\n${writeDefect(error, io)}`));
    process.exit(exitCodes.failed);
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

function say(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Standard error is closed: the details are in the file.
  }
}
