import { Problem } from '../../support/problem.ts';
import type { ParsedLine } from './command-line.ts';
import type { ClaimMode, ProgramOptions, PythonOptions } from '../../cluster/manifests/application-config.ts';

/** A Python program can be given as the class that starts one. Source: `ProgramOptionsUtils`, Flink 2.3. */
const pythonDrivers = ['org.apache.flink.client.python.PythonDriver', 'org.apache.flink.client.python.PythonGatewayServer'];

/** The options of `run` and `info`. Source: `ProgramOptions`, Flink 2.3. Throws a `Problem` of kind `usage`. */
export function programOptions(line: ParsedLine): ProgramOptions {
  const python = pythonOptions(line);
  const [first, ...rest] = line.words;
  const jar = line.value('jarfile') ?? (python === undefined ? first : undefined);
  const behindJar = line.has('jarfile') || python !== undefined ? line.words : rest;
  return {
    jar,
    entryClass: line.value('class'),
    arguments: line.has('arguments') ? [...line.values('arguments'), ...behindJar] : behindJar,
    classpaths: line.values('classpath'),
    parallelism: parallelismOf(line.value('parallelism')),
    detached: line.has('detached'),
    shutdownOnAttachedExit: line.has('shutdownOnAttachedExit'),
    savepoint: {
      path: line.value('fromSavepoint'),
      allowNonRestoredState: line.has('allowNonRestoredState'),
      claimMode: claimModeOf(line.value('claimMode') ?? line.value('restoreMode')),
    },
    python,
  };
}

function pythonOptions(line: ParsedLine): PythonOptions | undefined {
  if (!line.has('python') && !line.has('pyModule') && !pythonDrivers.includes(line.value('class') ?? '')) return undefined;
  return {
    file: line.value('python'),
    module: line.value('pyModule'),
    files: line.value('pyFiles'),
    archives: line.value('pyArchives'),
    requirements: line.value('pyRequirements'),
    executable: line.value('pyExecutable'),
    clientExecutable: line.value('pyClientExecutable'),
    pythonPath: line.value('pyPythonPath'),
  };
}

function parallelismOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parallelism = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0;
  if (parallelism < 1) throw new Problem('usage', `The parallelism must be a positive number: ${text}`);
  return parallelism;
}

/** `claim`, `no-claim`, `LEGACY`: as Flink reads an enum. */
export function claimModeOf(text: string | undefined): ClaimMode | undefined {
  if (text === undefined) return undefined;
  const mode = text.trim().toUpperCase().replaceAll('-', '_');
  if (mode === 'CLAIM' || mode === 'NO_CLAIM' || mode === 'LEGACY') return mode;
  throw new Problem('usage', `"${text}" is not a claim mode.`, { hint: 'Use claim, no_claim or legacy.' });
}
