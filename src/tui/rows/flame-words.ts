import type { FlameType, ProfileMode } from '../../flink/flame-types.ts';
import { noFlameGraph } from '../../inside/flame/sampling.ts';
import type { FlameFacts } from '../../session/inspections/flame.ts';
import type { InspectionOf, ReadProblem } from '../../session/inspections/inspection.ts';
import type { ProfileFacts } from '../../session/inspections/profile.ts';
import type { Instant } from '../../support/clock.ts';
import { asSentence, sentence } from '../../support/problem.ts';
import { firstLabel } from '../state/key-labels.ts';
import type { KeyTable } from '../state/keys.ts';
import { flameInspected, profileInspected } from '../state/flame.ts';
import { flameSubject, profileSubject } from '../state/places/flame.ts';
import { standingIn } from '../state/trail.ts';
import type { Frame } from '../state/ui.ts';

/** Seconds that have gone by. */
const secondsSince = (since: Instant, now: Instant): number => Math.max(0, Math.floor((now - since) / 1000));

/** What is being sampled now, or why nothing is any more: `sampling for 3 s`, `profiling wall: 4 of 10 s`, `the vertex has ended`. */
export function samplingFact(frame: Frame): string | undefined {
  const { now } = frame;
  const facts = flameInspected(frame)?.facts;
  if (facts?.status === 'ended') return 'the vertex has ended';
  if (facts?.status === 'sampling') return `sampling for ${secondsSince(facts.since, now)} s`;
  const running = profileInspected(frame)?.facts?.running;
  if (running === undefined) return undefined;
  const { mode, since, durationMs } = running;
  const whole = durationMs === undefined ? '' : ` of ${durationMs / 1000}`;
  return `profiling${mode === undefined ? '' : ` ${mode}`}: ${secondsSince(since, now)}${whole} s`;
}

const nothingOf: Readonly<Record<FlameType, string>> = {
  on_cpu: 'No thread ran in any sample: 2 shows those that wait, 3 all of them.',
  off_cpu: 'No thread waited in any sample: 1 shows those that run, 3 all of them.',
  full: 'Flink found no thread to sample.',
};

/** Why there is no flame graph, in a sentence, with what to do about it. */
export function flameWords(frame: Frame): string {
  const place = standingIn(frame.ui.trail);
  if (place.kind === 'flame') return vertexWords(flameInspected(frame), flameSubject(place).type);
  return place.kind === 'profile' ? processWords(profileInspected(frame), profileSubject(place).mode, frame.keys) : '';
}

const withHint = ({ message, hint }: ReadProblem): string => (hint === undefined ? message : `${message} ${hint}`);

function vertexWords(inspected: InspectionOf<unknown, FlameFacts> | undefined, type: FlameType): string {
  if (inspected?.problem !== undefined) return withHint(inspected.problem);
  switch (inspected?.facts?.status) {
    case undefined:
      return 'Reading the flame graph.';
    case 'sampling':
      return 'Flink has begun to sample the threads, which takes about 5 s.';
    case 'sampled':
      return nothingOf[type];
    case 'off':
      return sentence(noFlameGraph('off', 'The vertex'));
    case 'ended':
      return sentence(noFlameGraph('ended', 'The vertex'));
  }
}

function processWords(inspected: InspectionOf<unknown, ProfileFacts> | undefined, mode: ProfileMode, keys: KeyTable): string {
  const key = firstLabel(keys, 'flame.profile');
  if (inspected?.problem !== undefined) return withHint(inspected.problem);
  if (inspected?.facts === undefined) return 'Reading the profiles.';
  const { running, failed, shown } = inspected.facts;
  if (running?.mode === mode) return 'The profiler samples the process: its profile is shown when it is complete.';
  if (failed !== undefined) return `The last profile failed: ${asSentence(failed)} ${key} takes another one.`;
  if (shown !== undefined) return `The profile has no samples: nothing of that kind happened. ${key} takes another one.`;
  return `There is no profile of this kind yet: ${key} takes one, for 10 s.`;
}
