import { type Ended, isOutOfMemory, podStateWords } from '../native/pod-trouble.ts';
import type { Pod } from '../native/pod.ts';
import { oneLine } from '../support/foreign-text.ts';
import type { JobException } from '../flink/types.ts';
import type { Answers, Matter, Words } from './facts.ts';
import { endOf, type KnownPods, podNamed } from './failure.ts';
import { type Evidence, eventEvidence } from './finding.ts';
import { rootCause } from './root-cause.ts';

/** The limit for a message of a server. */
const longestMessage = 400;

function endEvidence(pod: Pod, { container, reason, exitCode, at }: Ended): Evidence {
  // The words of a container that was killed for its memory have its limit.
  const how = isOutOfMemory(pod) ? podStateWords(pod) : `${reason ?? 'Error'}${exitCode === undefined ? '' : ` (${exitCode})`}`;
  return {
    source: { kind: 'status', object: pod.shortName },
    at,
    text: `${container.init ? 'init container' : 'container'} ${container.name} ended with ${how}`,
  };
}

const logEvidence = (pod: Pod, { container, previous, at }: Ended, text: string): Evidence => ({
  source: { kind: 'log', pod: pod.shortName, container: container.name, previous },
  at,
  text: oneLine(text, longestMessage),
});

/** What an exception says, with the class around its innermost cause. */
export function exceptionEvidence({ at, taskName, taskManagerId, name, stacktrace }: JobException, known: KnownPods): Evidence {
  const root = rootCause({ name, stacktrace });
  const pod = taskManagerId === undefined ? undefined : (podNamed(taskManagerId, known)?.shortName ?? taskManagerId);
  return {
    source: { kind: 'exception', task: taskName === undefined ? undefined : oneLine(taskName, 100), pod },
    at,
    text: root.startsWith(name) || name === '' ? root : `${oneLine(name)}, from ${root}`,
  };
}

/** The text that may name the cause of a matter; undefined: there is none, or it cannot be read. */
export function wordsAbout(matter: Matter, known: KnownPods, answers: Answers): Words | undefined {
  switch (matter.kind) {
    case 'pod': {
      const { pod, ended, trouble } = matter;
      const crash = ended === undefined ? undefined : answers({ kind: 'crash', pod, ended });
      if (ended !== undefined && crash?.reason !== undefined)
        return {
          text: oneLine(crash.reason, longestMessage),
          whole: crash.whole,
          role: pod.role,
          evidence: logEvidence(pod, ended, crash.reason),
        };
      if (trouble?.cause === undefined) return undefined;
      const [warning] = trouble.warnings;
      return {
        text: trouble.cause,
        whole: trouble.cause,
        role: pod.role,
        evidence: warning === undefined ? statusEvidence(pod) : eventEvidence(pod, warning),
      };
    }
    case 'exception': {
      const { exception } = matter;
      return {
        text: rootCause(exception),
        whole: exception.stacktrace,
        role: exception.taskManagerId === undefined ? 'jobmanager' : 'taskmanager',
        evidence: exceptionEvidence(exception, known),
      };
    }
    case 'slots': {
      const refused = answers({ kind: 'refused-workers' });
      if (refused === undefined) return undefined;
      const message = oneLine(refused.message, longestMessage);
      return {
        text: `the JobManager cannot create TaskManager pods: ${message}`,
        whole: message,
        role: 'taskmanager',
        evidence: {
          source: { kind: 'log', pod: refused.pod.shortName, container: undefined, previous: false },
          at: undefined,
          text: `Could not create pod, ${refused.count === 1 ? 'once' : `${refused.count} times`}: ${message}`,
        },
      };
    }
    case 'checkpoint': {
      const { failure = 'no reason given', endedAt, triggeredAt } = matter.checkpoint;
      return {
        text: oneLine(failure),
        whole: failure,
        role: 'taskmanager',
        evidence: { source: { kind: 'rest', what: 'checkpoints' }, at: endedAt ?? triggeredAt, text: oneLine(failure) },
      };
    }
    case 'creation': {
      const { object, reason, at, message } = matter.refusal;
      const text = oneLine(message.replace(/^Error creating: /, ''), longestMessage);
      return {
        text,
        whole: text,
        role: 'jobmanager',
        evidence: {
          source: { kind: 'event', object: `${object.kind} ${object.name}`, reason },
          at,
          text: oneLine(message, longestMessage),
        },
      };
    }
    case 'lost-job':
      return undefined;
  }
}

const statusEvidence = (pod: Pod): Evidence => ({
  source: { kind: 'status', object: pod.shortName },
  at: endOf(pod),
  text: podStateWords(pod),
});

/** What is known about a matter, in the words of its sources, whatever follows from it. */
export function evidenceOf(matter: Matter, words: Words | undefined): readonly Evidence[] {
  if (matter.kind !== 'pod') return words === undefined ? [] : [words.evidence];
  const { pod, ended, trouble } = matter;
  const events = (trouble?.warnings ?? []).map((warning) => eventEvidence(pod, warning));
  return [
    ...(ended !== undefined ? [endEvidence(pod, ended)] : events.length === 0 ? [statusEvidence(pod)] : []),
    ...(words?.evidence.source.kind === 'log' ? [words.evidence] : []),
    ...events,
  ];
}
