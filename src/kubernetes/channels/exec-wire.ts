import type { Clock } from '../../support/clock.ts';
import type { Problem } from '../../support/problem.ts';
import { collectionPath, withQuery } from '../model/paths.ts';
import { PODS } from '../model/resources.ts';
import type { ExecRequest } from '../model/types.ts';
import type { Transport } from '../request/transport.ts';

/** A command that is to be run, and how to reach its API server. */
export interface Execution {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly request: ExecRequest;
}

/** What comes from the far side. */
export interface ExecEvents {
  stdout(bytes: Buffer): void;
  stderr(bytes: Buffer): void;
  /** The command ended: a `Status` as JSON. No output comes after it. */
  ended(status: string): void;
  /** The connection broke before that. */
  broken(): void;
  /** Anything was heard of the far side, even the answer to a ping. */
  heard(): void;
  silent(problem: Problem): void;
}

/** A connection that was opened, and from which nothing is read yet: begins to read. */
export type Attach = (events: ExecEvents) => ExecWire;

/** The streams of a running command. */
export interface ExecWire {
  /** Sends input; resolves once it has left this machine, or if there is nobody to take it any more. */
  send(bytes: Buffer): Promise<void>;
  endInput(): void;
  /** The size of the terminal, as JSON. */
  resize(size: string): void;
  /** Stops reading output. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** The request as words for a person and as a path. The trace does not show the command: it may hold a secret. */
export function execPaths({ namespace, pod, container, command, stdin, terminal }: ExecRequest): {
  readonly what: string;
  readonly path: string;
  readonly tracePath: string;
} {
  const base = `${collectionPath(PODS, namespace)}/${encodeURIComponent(pod)}/exec`;
  const tty = terminal !== undefined;
  const flags = { container, stdin: stdin !== undefined, stdout: true, stderr: !tty, tty };
  return {
    what: `run ${command[0] ?? 'a command'} in pod ${pod} in namespace ${namespace}`,
    path: withQuery(base, { ...flags, command }),
    tracePath: withQuery(base, flags),
  };
}
