import type { FlinkClient } from '../../flink/types.ts';
import type { Job, Session } from '../../session/types.ts';
import type { Clock } from '../../support/clock.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { late, within } from '../../support/waiting.ts';
import { idPrefix } from '../../session/job-words.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { containersOf } from '../../native/other-container.ts';
import { findPod, isRunning } from '../model/find-subject.ts';
import type { Offer } from './completion.ts';
import { metricOffers, type NameSource, type Typed, vertexOffers } from './inside-offers.ts';
import { jarFiles } from './jar-files.ts';
import type { ArgumentKind, ArgumentSpec, Command, OptionSpec } from '../model/types.ts';

export interface OfferSources {
  readonly session: () => Session;
  readonly catalogue: readonly Command[];
  readonly themes: readonly string[];
  readonly columns: () => readonly string[];
  readonly flink: Pick<FlinkClient, 'jars'> & NameSource;
  readonly clock: Clock;
  readonly cwd: string;
  readonly home: string;
  /** Folder of example jars. */
  readonly examples: string | undefined;
  readonly signal: AbortSignal;
}

/** How long a folder or a server may take before completion continues without it. */
const patienceMs = 1_000;

/** Offers that begin with the typed text, then those that contain it, ignoring case. */
export function matching(offers: readonly Offer[], typed: string): readonly Offer[] {
  if (typed === '') return offers;
  const wanted = typed.toLowerCase();
  const begins = offers.filter(({ text }) => text.toLowerCase().startsWith(wanted));
  return [...begins, ...offers.filter((offer) => !begins.includes(offer) && offer.text.toLowerCase().includes(wanted))];
}

type Lookup = (
  spec: ArgumentSpec | OptionSpec,
  typed: string,
  sources: OfferSources,
  before: readonly Typed[],
) => readonly Offer[] | Promise<readonly Offer[]>;

const nothing: Lookup = () => [];
const jobs: Lookup = (spec, typed, { session }) => [
  ...jobOffers(session(), 'jobs' in spec ? (spec.jobs ?? 'all') : 'all', typed),
  ...matching((spec.choices ?? []).map(bare), typed),
];
const pods: Lookup = (_spec, typed, { session }) => matching(podOffers(session()), typed);

const lookups: Readonly<Record<ArgumentKind, Lookup>> = {
  job: jobs,
  pod: pods,
  subject: async (...asked) => [...(await jobs(...asked)), ...(await pods(...asked))],
  object: async (spec, typed, sources, before) => [
    ...(await pods(spec, typed, sources, before)),
    ...matching((spec.choices ?? []).map(bare), typed),
  ],
  command: (_spec, typed, { catalogue }) =>
    matching(
      catalogue.map(({ name, summary }) => ({ text: name, description: summary })),
      typed,
    ),
  theme: (_spec, typed, { themes }) => matching(themes.map(bare), typed),
  column: (_spec, typed, { columns }) => matching(columns().map(bare), typed),
  choice: ({ choices = [], summary }, typed) =>
    matching(
      choices.map((text) => ({ text, description: summary })),
      typed,
    ),
  savepoint: (_spec, typed, { session }) => matching(savepointOffers(session()), typed),
  jar: (_spec, typed, sources) => inTime(jarFiles(typed, sources), sources),
  'uploaded-jar': async (_spec, typed, sources) => matching(await inTime(uploadedOffers(sources), sources), typed),
  vertex: async (_spec, typed, sources, before) => matchingLabel(await inTime(vertexOffers(before, sources), sources), typed),
  parallelism: async (_spec, typed, sources, before) =>
    matchingLabel(await inTime(vertexOffers(before, sources), sources), typed).map((offer) => ({
      ...offer,
      text: `${offer.text}=`,
      unfinished: true,
    })),
  metric: async (_spec, typed, sources, before) => matching(await inTime(metricOffers(before, sources), sources), typed),
  container: (_spec, typed, { session }, before) => matching(containerOffers(session(), before), typed),
  text: nothing,
  number: nothing,
  time: nothing,
  'remote-path': nothing,
  cluster: nothing,
  context: nothing,
  namespace: nothing,
  recording: nothing,
  file: nothing,
};

/** The possible values of this argument or option. `before`: the arguments that stand before it. */
export const candidatesFor = async (
  spec: ArgumentSpec | OptionSpec,
  typed: string,
  sources: OfferSources,
  before: readonly Typed[],
): Promise<readonly Offer[]> => lookups[spec.kind](spec, typed, sources, before);

const bare = (text: string): Offer => ({ text, description: '' });

function jobOffers(session: Session, among: 'running' | 'all', typed: string): readonly Offer[] {
  const jobs = session.jobs.filter((job) => among === 'all' || isRunning(job));
  // A name that other jobs share, or that cannot be typed, is inserted as the id.
  const named = (job: Job): boolean => oneLine(job.name) === job.name && jobs.every((other) => other === job || other.name !== job.name);
  const byName = jobs.map((job): Offer => ({
    text: named(job) ? job.name : job.id,
    label: oneLine(job.name),
    description: `${idPrefix(job.id)} ${job.state}`,
  }));
  const fitting = matchingLabel(byName, typed);
  if (!/^[0-9a-f]+$/i.test(typed)) return fitting;
  const byId = jobs
    .filter(({ id }) => id.startsWith(typed.toLowerCase()))
    .map((job): Offer => ({ text: job.id, description: `${oneLine(job.name)} ${job.state}` }));
  return [...fitting.filter(({ text }) => !byId.some((offer) => offer.text === text)), ...byId];
}

/** What is inserted by its id is matched by the displayed text. */
function matchingLabel(offers: readonly Offer[], typed: string): readonly Offer[] {
  const shown = matching(
    offers.map((offer, index) => ({ text: offer.label ?? offer.text, description: String(index) })),
    typed,
  );
  return shown.flatMap(({ description }) => offers[Number(description)] ?? []);
}

function podOffers(session: Session): readonly Offer[] {
  return [...session.pods.values()].map(({ shortName, state }) => ({ text: shortName, description: state }));
}

function savepointOffers(session: Session): readonly Offer[] {
  const found = new Map<string, string>();
  for (const { kind, state, result, title } of session.operations) {
    if ((kind === 'savepoint' || kind === 'stop-job') && state === 'succeeded' && result !== undefined) found.set(result, title);
  }
  for (const { name, checkpoints } of session.jobs) {
    const path = checkpoints?.latestSavepoint?.path;
    if (path !== undefined && !found.has(path)) found.set(path, `Savepoint of ${oneLine(name)}`);
  }
  return [...found].map(([text, description]) => ({ text, description }));
}

async function uploadedOffers({ flink, signal }: OfferSources): Promise<readonly Offer[]> {
  return (await flink.jars({ signal, timeoutMs: patienceMs })).map(({ id, name }) => ({ text: id, label: name, description: id }));
}

/** Empty if it takes too long or fails: completion is only a help, and must not disturb typing. */
async function inTime(work: Promise<readonly Offer[]>, { clock, signal }: OfferSources): Promise<readonly Offer[]> {
  try {
    const offers = await within(patienceMs, { clock, signal }, () => work);
    return offers === late ? [] : offers;
  } catch (error) {
    if (isAbort(error) || error instanceof Problem) return [];
    throw error;
  }
}

/** The containers of the pod that is named before the cursor. */
function containerOffers(session: Session, before: readonly Typed[]): readonly Offer[] {
  const word = before.findLast(({ spec }) => spec.kind === 'pod' || spec.kind === 'subject')?.text;
  if (word === undefined) return [];
  try {
    return containersOf(findPod(word, session, 'seen')).map(({ name, state }) => ({ text: name, description: state }));
  } catch (error) {
    if (error instanceof Problem) return [];
    throw error;
  }
}
