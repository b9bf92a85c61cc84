import type { FrontEnd } from '../commands/model/types.ts';
import type { SessionLogs, SessionStore } from '../session/types.ts';
import type { Clock } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import type { LineOutput } from './line-output.ts';
import { listJobs, listOperations, listPods, listTimeline } from './listing.ts';
import { printLog } from './log-printing.ts';

interface FrontPieces {
  readonly store: SessionStore;
  /** The logs, available once the session is open. */
  readonly logs: Promise<SessionLogs>;
  readonly output: LineOutput;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** See `FrontEnd.letAsk`. */
  readonly letAsk: NonNullable<FrontEnd['letAsk']>;
  readonly streams: NonNullable<FrontEnd['streams']>;
  /** See `FrontEnd.agrees`; undefined: nobody can be asked. */
  readonly agrees: FrontEnd['agrees'];
}

function noScreen(): never {
  throw new Problem('usage', 'This needs the full-screen terminal.');
}

/** A front end without a screen: results go to stdout, help and warnings to stderr. */
export function createLineFront({ store, logs, output, clock, signal, letAsk, streams, agrees }: FrontPieces): FrontEnd {
  const results = (lines: readonly string[]): void => lines.forEach(output.results);
  return {
    themes: [],
    // What is typed for an editor is no command either.
    lend: letAsk,
    letAsk,
    streams,
    ...(agrees === undefined ? {} : { agrees }),
    print(lines, tone = 'info') {
      const say =
        tone === 'event' ? (line: string) => output.event(line) : tone === 'warn' || tone === 'error' ? output.diagnostics : output.results;
      for (const line of lines) say(line);
    },
    // The line mode reads no line after it; there is nothing else to do.
    quit: () => {},
    clear: noScreen,
    setTheme: noScreen,
    setMouse: noScreen,
    show(view) {
      switch (view.kind) {
        case 'jobs':
          return results(listJobs(store.get(), clock.now()));
        case 'pods':
          return results(listPods(store.get(), clock.now()));
        case 'operations':
          return results(listOperations(store.get(), clock.now()));
        case 'job':
        case 'pod':
        case 'why':
        case 'facts':
          return results(view.text);
        case 'help':
          return view.text.forEach(output.diagnostics);
        case 'timeline':
          return results(listTimeline(store.get(), clock.now()));
        case 'log':
          return logs.then((opened) =>
            printLog({ pods: view.pods, container: view.container }, view.follow === true, { store, logs: opened, output, clock, signal }),
          );
      }
    },
  };
}
