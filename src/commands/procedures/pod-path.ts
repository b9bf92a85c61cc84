import { type PodPath } from '../../cluster/pods/pod-files.ts';
import { runningContainer } from '../../cluster/pods/running-container.ts';
import type { Pod } from '../../session/types.ts';
import { Problem } from '../../support/problem.ts';
import { findPod } from '../model/find-subject.ts';
import type { Argument } from '../model/command.ts';
import type { CommandContext } from '../model/types.ts';

/** A path in a pod, as it is typed: `tm1-1:/tmp/heap.hprof`. */
export interface TypedPath {
  readonly pod: Pod;
  readonly path: string;
}

export const podPath = (summary: string): Argument<TypedPath> => ({
  kind: 'pod',
  summary,
  optional: false,
  read([word = ''], { session }) {
    const colon = word.indexOf(':');
    const [name, path] = [word.slice(0, colon), word.slice(colon + 1)];
    if (colon <= 0 || path === '')
      throw new Problem('usage', `"${word}" does not name a pod and a path.`, { hint: 'Write them as tm1-1:/opt/flink/log/gc.log.0.' });
    return { pod: findPod(name, session), path };
  },
});

/** The container that has the path. */
export async function podPathOf(
  { kubernetes, store, signal }: CommandContext,
  { pod, path }: TypedPath,
  container: string | undefined,
): Promise<PodPath> {
  const { namespace, clusterId } = store.get().target;
  return { kubernetes, namespace, path, container: await runningContainer({ kubernetes, namespace, clusterId }, pod, container, signal) };
}

/** Asks whether what exists may be overwritten; nobody who could be asked means no. */
export async function mayOverwrite({ front }: Pick<CommandContext, 'front'>, name: string, force: boolean): Promise<void> {
  if (force) return;
  const agreed = await front.agrees?.({ title: `Overwrite ${name}`, lines: [`${name} exists.`], action: 'Overwrite it' });
  if (agreed !== true) throw new Problem('conflict', `${name} exists.`, { hint: '--force overwrites it.' });
}
