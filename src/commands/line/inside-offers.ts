import { jobsMeant } from '../../flink/named-jobs.ts';
import type { FlinkClient } from '../../flink/types.ts';
import { findVertex } from '../../inside/find-vertex.ts';
import { inspectionOf } from '../../session/inspections/inspections.ts';
import { knownVertices, type KnownVertex } from '../../session/selectors/vertices.ts';
import type { Session } from '../../session/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import type { ArgumentSpec } from '../model/types.ts';
import type { Offer } from './completion.ts';

/** An argument that stands before the cursor. */
export interface Typed {
  readonly spec: ArgumentSpec;
  readonly text: string;
}

/** What can be asked for names, one request each. */
export type NameSource = Pick<FlinkClient, 'job' | 'vertexMetricNames'>;

interface Sources {
  readonly session: () => Session;
  readonly flink: NameSource;
  readonly signal: AbortSignal;
}

/** Whoever types a name asks for all of them again with each letter: they are asked for once. A job that has other vertices is another job. */
const asked = new WeakMap<NameSource, Map<string, Promise<unknown>>>();

function once<T>(flink: NameSource, key: string, ask: () => Promise<T>): Promise<T> {
  const answers = asked.get(flink) ?? new Map<string, Promise<unknown>>();
  asked.set(flink, answers);
  const known = answers.get(key) as Promise<T> | undefined;
  if (known !== undefined) return known;
  const answer = ask();
  answers.set(key, answer);
  answer.catch(() => answers.delete(key));
  return answer;
}

/** The job that is named before the cursor, if it is only one. */
function jobBefore(before: readonly Typed[], { session }: Sources): string | undefined {
  const word = before.findLast(({ spec }) => spec.kind === 'job' || spec.kind === 'subject')?.text;
  const [only, ...others] = word === undefined ? [] : jobsMeant(word, session().jobs);
  return others.length > 0 ? undefined : only?.id;
}

const verticesOf = async (job: string, { session, flink, signal }: Sources): Promise<readonly KnownVertex[]> =>
  knownVertices(session(), job) ?? (await once(flink, job, () => flink.job(job, { signal }))).vertices;

/** Longer names are inserted as ids: they would fill the line. */
const longestName = 60;

/** The vertices of the job before the cursor. One whose name is long, shared or cannot be typed is inserted as its id. */
export async function vertexOffers(before: readonly Typed[], sources: Sources): Promise<readonly Offer[]> {
  const job = jobBefore(before, sources);
  const vertices = job === undefined ? [] : await verticesOf(job, sources);
  const named = ({ id, name }: KnownVertex): boolean =>
    name.length <= longestName && oneLine(name) === name && vertices.every((other) => other.id === id || other.name !== name);
  return vertices.map((vertex) => ({
    text: named(vertex) ? vertex.name : vertex.id,
    label: oneLine(vertex.name, longestName),
    description: vertex.id.slice(0, 6),
  }));
}

/** The names of the metrics of the vertex before the cursor. */
export async function metricOffers(before: readonly Typed[], sources: Sources): Promise<readonly Offer[]> {
  const job = jobBefore(before, sources);
  const word = before.findLast(({ spec }) => spec.kind === 'vertex')?.text;
  if (job === undefined || word === undefined) return [];
  const { id } = findVertex(word, await verticesOf(job, sources));
  const { session, flink, signal } = sources;
  const known = inspectionOf(session(), { kind: 'vertex-metrics', job, vertex: id })?.facts?.series.map(({ name }) => name);
  const names = known ?? (await once(flink, `${job} ${id}`, () => flink.vertexMetricNames(job, id, { signal })));
  return names.map((text) => ({ text, description: '' }));
}
