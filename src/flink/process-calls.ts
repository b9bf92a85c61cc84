import type { Calls } from './calls.ts';
import type { FlinkProcess, ProcessCalls } from './process-types.ts';
import { jvmEnvironment, logFiles, taskManagerDetail, threadDump } from './schemas/processes.ts';

export const processPath = (process: FlinkProcess): string =>
  process.kind === 'jobmanager' ? '/jobmanager' : `/taskmanagers/${encodeURIComponent(process.id)}`;

/** A dump of a thousand threads is several megabytes, which a busy TaskManager takes its time for. */
const dumpTimeoutMs = 30_000;

export function processCalls(calls: Calls): ProcessCalls {
  return {
    taskManager: (id, call) => calls.get(processPath({ kind: 'taskmanager', id }), taskManagerDetail, call),
    jvmEnvironment: (call) => calls.get('/jobmanager/environment', jvmEnvironment, call),
    threadDump: (process, call) => calls.get(`${processPath(process)}/thread-dump`, threadDump, { timeoutMs: dumpTimeoutMs, ...call }),
    logFiles: (process, call) => calls.get(`${processPath(process)}/logs`, logFiles, call),
    logFile: (process, name, read, call) => calls.read(`${processPath(process)}/logs/${encodeURIComponent(name)}`, read, call),
  };
}
