import { basename } from 'node:path';
import { createJarCache } from '../../flink/jar-cache.ts';
import { judgeSavepoint } from '../../inside/savepoint/judge.ts';
import type { StoredMetadata } from '../../inside/savepoint/read-metadata.ts';
import { mapState, plannedVertices, type StatePart } from '../../inside/state-mapping.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatBytes } from '../../support/format.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import type { CommandContext } from '../model/types.ts';
import { runRequest, type Settings, uploadReport } from './launching.ts';

/** What is known of whether state has a place in the plan of a jar. */
export type Verdict =
  /** A sentence that says what was found. */
  | { readonly kind: 'goes-on'; readonly text: string }
  /** Flink will probably not start it. `hint`: how to go on nevertheless, if nobody can be asked. */
  | { readonly kind: 'doubt'; readonly text: string; readonly hint: string };

/** A jar on the cluster, with what it is run with. */
export interface PlannedJar {
  readonly file: string;
  readonly jarId: string;
  readonly settings: Parameters<CommandContext['flink']['jarPlan']>[1];
}

/** Lets the cluster make the plan of a jar, for which `main` runs, and compares it with this state. */
export async function compareState(
  { flink }: Pick<CommandContext, 'flink'>,
  { file, jarId, settings }: PlannedJar,
  parts: readonly StatePart[],
  signal: AbortSignal,
): Promise<Verdict> {
  const vertices = plannedVertices(await flink.jarPlan(jarId, settings, { signal }));
  if (vertices === undefined) return goesOn(`Whether the state has a place in the plan of ${file} is not known: the plan cannot be read.`);
  const mapping = mapState(parts, vertices);
  switch (mapping.kind) {
    case 'fits':
      return goesOn(`The plan of ${file} has a place for all state.`);
    case 'unknown':
      return goesOn(
        `Whether the plan of ${file} has a place for ${sizes(mapping.parts)} is not known: it has the names of operators that are chained to another one, but not their ids.`,
      );
    case 'absent':
      if (settings.allowNonRestoredState === true)
        return goesOn(`The plan of ${file} has no operator with the id of ${sizes(mapping.parts)}; what has no place is dropped.`);
      return {
        kind: 'doubt',
        text: `The plan of ${file} has no operator with the id of ${sizes(mapping.parts)}, so Flink will probably not start it from that state.`,
        hint: 'Give the operator the uid that it had. --allow-non-restored-state drops that state; --unchecked leaves it to Flink, if the operator was renamed and is chained to another one, or has its id from setUidHash.',
      };
    case 'too-wide':
      return {
        kind: 'doubt',
        text: `The state of ${nameOf(mapping.part)} can be divided among ${mapping.part.maxParallelism} subtasks at most, and the plan of ${file} has ${mapping.parallelism}: Flink refuses that, unless its adaptive scheduler chooses fewer.`,
        hint: 'Give a smaller parallelism with -p. --unchecked leaves it to Flink.',
      };
  }
}

const goesOn = (text: string): Verdict => ({ kind: 'goes-on', text });

/** At most so many parts are named. */
const mostNamed = 5;

const nameOf = ({ id, name, uid }: StatePart): string =>
  uid === undefined ? oneLine(name ?? id, 60) : `${oneLine(name ?? id, 60)} [uid ${oneLine(uid, 60)}]`;

const sizes = (parts: readonly StatePart[]): string =>
  parts
    .slice(0, mostNamed)
    .map(
      (part) => `${nameOf(part)} (${part.sizeBytes === undefined ? 'state of unknown size' : `${formatBytes(part.sizeBytes)} of state`})`,
    )
    .join(', ') + (parts.length > mostNamed ? ` and ${parts.length - mostNamed} more` : '');

/** The operators of a savepoint or a checkpoint, or why they are not known, as a sentence. */
export async function storedParts(
  { cluster }: Pick<CommandContext, 'cluster'>,
  path: string,
  signal: AbortSignal,
): Promise<
  { readonly kind: 'parts'; readonly parts: readonly StatePart[] } | { readonly kind: 'unknown' | 'broken'; readonly reason: string }
> {
  const folder = path.replace(/\/+(_metadata)?$/, '').replace(/^file:\/*/, '/');
  const seen = await cluster.savepointsIn({ directory: path.replace(/\/+_metadata$/, '') }, signal);
  if (seen.state === 'unseen') return { kind: 'unknown', reason: seen.reason };
  const own = seen.folders.find((each) => each.path === folder);
  if (own === undefined) return { kind: 'unknown', reason: `${path} has no _metadata on ${seen.place}.` };
  const { state, reason, metadata } = judgeSavepoint(own);
  if (state === 'broken') return { kind: 'broken', reason: `${path} is broken. ${reason ?? ''}` };
  return metadata === undefined ? { kind: 'unknown', reason: reason ?? '' } : { kind: 'parts', parts: partsOf(metadata) };
}

/** Before a jar is run from a savepoint: reads it where it lies, and looks whether its state has a place in the plan of the jar. */
export async function checkSavepoint(context: CommandContext, jar: string, settings: Settings, savepoint: string): Promise<void> {
  const file = basename(jar);
  const title = `Check ${file} for ${savepoint}`;
  const verdict = await context.operations.track({ title, kind: 'other', jobId: undefined }, async (report, signal) => {
    report.progress('reading the savepoint');
    const stored = await storedParts(context, savepoint, signal);
    if (stored.kind !== 'parts')
      return found(
        stored.kind === 'broken'
          ? { kind: 'doubt', text: stored.reason, hint: '--unchecked leaves it to Flink.' }
          : goesOn(`Whether the savepoint has a place in the plan of ${file} is not known. ${stored.reason}`),
      );
    const sending = { signal, onProgress: uploadReport(context, file, report.progress) };
    const { id: jarId } = await createJarCache(context.flink).ensure(jar, sending);
    report.progress('comparing the plan of the jar with the savepoint');
    const { jobId: _none, ...request } = runRequest(settings, '', undefined);
    try {
      return found(await compareState(context, { file, jarId, settings: request }, stored.parts, signal));
    } catch (error) {
      // Some programs can be run and not planned, such as one that waits for the result of its job; what else is wrong the run says.
      if (isAbort(error) || !(error instanceof Problem)) throw error;
      return found(
        goesOn(`Whether the savepoint has a place in the plan of ${file} is not known: the plan could not be made. ${error.message}`),
      );
    }
  });
  await settleVerdict(context, verdict, { title, action: `Start ${file} nevertheless`, untouched: 'Nothing was started.' });
}

/** The result of an operation that looks. */
export const found = (verdict: Verdict): { readonly value: Verdict; readonly result: string } => ({ value: verdict, result: verdict.text });

const partsOf = ({ operators }: StoredMetadata): readonly StatePart[] =>
  operators.map(({ id, name, uid, sizeBytes, maxParallelism }) => ({ id, name, uid, sizeBytes, maxParallelism }));

/** Says what was found. In doubt the user decides; if nobody can be asked, it rejects. `untouched`: what then has not changed. */
export async function settleVerdict(
  { front }: Pick<CommandContext, 'front'>,
  verdict: Verdict,
  { title, action, untouched }: { readonly title: string; readonly action: string; readonly untouched: string },
): Promise<void> {
  if (verdict.kind === 'goes-on') return front.print([verdict.text], 'event');
  if ((await front.agrees?.({ title, lines: [verdict.text], action })) === true) return;
  throw new Problem('conflict', verdict.text, { hint: `${verdict.hint} ${untouched}` });
}
