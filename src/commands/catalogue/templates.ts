import { setImmediate as nextTurn } from 'node:timers/promises';
import { selectNewestFailure } from '../../session/selectors/newest-failure.ts';
import { arg, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { templateReport } from '../procedures/template-text.ts';

export const templates = command({
  name: 'templates',
  summary: 'Show the messages of the logs by what they have in common, counted',
  details:
    'A template is a message in which each number, id, path, duration and name that differs is a *: Completed checkpoint * for job *. ' +
    'A stack trace belongs to the message before it, and its exception to the template. ' +
    'Those that were first seen since the newest failure of a job or crash of a pod come first and are marked as new. ' +
    'LAST HOUR shows how often each was written, with time from left to right. ' +
    'Templates are made of the lines that are held, when one looks, and cost nothing otherwise. There are at most 1,000. ' +
    'In a shell: drey logs CLUSTER --templates.',
  group: 'pods',
  examples: ['templates', 'templates taskmanager-1-1'],
  args: { pod: optional(arg.pod('Name of a pod; jm is the leading JobManager; default: all logs that are followed')) },
  danger: 'safe',
  async run({ clock, front, logs, signal, store }, { pod }) {
    const pods = pod === undefined ? undefined : [pod.name];
    if (front.enter !== undefined) return front.enter({ kind: 'templates', pods });
    const reading = logs.templates(pods ?? 'all');
    do {
      reading.advance();
      await nextTurn();
      signal.throwIfAborted();
    } while (reading.pending > 0);
    const session = store.get();
    const { text, data } = templateReport(reading.facts(clock.now()), selectNewestFailure(session), {
      shortNameOf: (name) => session.pods.get(name)?.shortName ?? name,
      now: clock.now(),
    });
    return front.show({ kind: 'facts', title: pod === undefined ? 'Templates of all logs' : `Templates of ${pod.shortName}`, text, data });
  },
});
