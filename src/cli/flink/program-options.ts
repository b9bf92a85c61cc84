import { Problem } from '../../support/problem.ts';
import type { ParsedLine } from './command-line.ts';
import type { ClaimMode, ProgramOptions, PythonOptions } from '../../cluster/manifests/application-config.ts';

/** The class for a Python program without a file or module. Source: `ProgramOptionsUtils`, Flink 2.3. */
const pythonGateway = 'org.apache.flink.client.python.PythonGatewayServer';

/** The options of `run` and `info`. Source: `ProgramOptions`, Flink 2.3. Throws a `Problem` of kind `usage`. */
export function programOptions(line: ParsedLine): ProgramOptions {
  const python = pythonOptions(line);
  // With -a, the words after the options do not count. Source: `ProgramOptions.extractProgramArgs`, Flink 2.3.
  const words = line.has('arguments') && python === undefined ? line.values('arguments') : line.words;
  const [first, ...rest] = words;
  const jar = line.value('jarfile') ?? (python === undefined ? first : undefined);
  return {
    jar,
    entryClass: line.value('class'),
    arguments: line.has('jarfile') || python !== undefined ? words : rest,
    classpaths: line.values('classpath'),
    parallelism: parallelismOf(line.value('parallelism')),
    detached: line.has('detached'),
    shutdownOnAttachedExit: line.has('shutdownOnAttachedExit'),
    savepoint: {
      path: line.value('fromSavepoint'),
      allowNonRestoredState: line.has('allowNonRestoredState'),
      // Not read without a savepoint, so it is never wrong then. Source: `CliFrontendParser.createSavepointRestoreSettings`, Flink 2.3.
      claimMode: line.has('fromSavepoint') ? claimModeOf(line.value('claimMode') ?? line.value('restoreMode')) : undefined,
    },
    python,
  };
}

function pythonOptions(line: ParsedLine): PythonOptions | undefined {
  if (!line.has('python') && !line.has('pyModule') && line.value('class') !== pythonGateway) return undefined;
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
  const parallelism = /^[+-]?\d+$/.test(text) ? Number(text) : 0;
  if (parallelism < 1 || parallelism >= 2 ** 31) throw new Problem('usage', `The parallelism must be a positive number: ${text}`);
  return parallelism;
}

/** `claim`, `No_Claim`, `LEGACY`: read like Flink reads an enum. */
export function claimModeOf(text: string | undefined): ClaimMode | undefined {
  if (text === undefined) return undefined;
  const mode = text.toUpperCase();
  if (mode === 'CLAIM' || mode === 'NO_CLAIM' || mode === 'LEGACY') return mode;
  throw new Problem('invalid', `"${text}" is not a claim mode.`, { hint: 'Use claim, no_claim or legacy.' });
}
