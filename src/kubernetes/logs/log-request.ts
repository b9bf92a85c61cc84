import { turnOver } from '../../support/turns.ts';
import type { LogCutter } from './log-lines.ts';
import type { ResumePoint } from './log-resume.ts';
import { sinceTime } from './log-stamp.ts';
import { collectionPath, withQuery } from '../model/paths.ts';
import { PODS } from '../model/resources.ts';
import type { Transport } from '../request/transport.ts';
import type { LogLine, LogRequest } from '../model/types.ts';

/** The parameters of one try to read a log. */
export interface LogTry {
  readonly request: LogRequest;
  readonly container: string | undefined;
  /** How many of the latest lines to start with if no line has come yet; undefined: from the start. */
  readonly tailLines: number | undefined;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly resume: ResumePoint;
  /** Where to start if a stream was open but no line has come yet: seconds since the epoch. */
  readonly openedAt: number | undefined;
  readonly cutter: LogCutter;
  readonly signal: AbortSignal;
}

/** Opens the log once and reads it to its end. `onOpen` gets the server's time in seconds. Throws a `Problem` if the stream breaks. */
export async function readLog(
  transport: Transport,
  { request, container, tailLines, follow, previous, resume, openedAt, cutter, signal }: LogTry,
  onOpen: (serverSecond: number | undefined) => void,
  onLines: (lines: readonly LogLine[]) => void | Promise<void>,
): Promise<void> {
  const { namespace, pod, since } = request;
  const resumed = resume.second ?? openedAt;
  const begin = resumed ?? (since === undefined ? undefined : Math.floor(since / 1_000));
  const path = withQuery(`${collectionPath(PODS, namespace)}/${encodeURIComponent(pod)}/log`, {
    container,
    follow: follow || undefined,
    previous: previous || undefined,
    timestamps: true,
    tailLines: resumed === undefined ? tailLines : undefined,
    sinceTime: begin === undefined ? undefined : sinceTime(begin),
  });
  const { headers, body } = await transport.open({ path, what: `read the log of pod ${pod} in namespace ${namespace}`, signal });
  resume.restart();
  const date = Date.parse(headers.date ?? '');
  onOpen(Number.isNaN(date) ? undefined : Math.floor(date / 1_000));
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      transport.heard();
      const lines = cutter.push(chunk);
      if (lines.length > 0) await onLines(lines);
      await turnOver();
    }
  } catch (error) {
    signal.throwIfAborted();
    throw await transport.explain(error);
  } finally {
    body.destroy();
  }
}
