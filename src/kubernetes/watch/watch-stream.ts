import { Problem } from '../../support/problem.ts';
import { record, text } from '../model/json.ts';
import { lineSplitter } from '../model/line-splitter.ts';
import { collectionName, collectionPath, withQuery } from '../model/paths.ts';
import { statusEventProblem } from '../request/status.ts';
import type { StreamAnswer, Transport } from '../request/transport.ts';
import type { KubernetesObject, ListOptions, ResourceType } from '../model/types.ts';

/** The sum of the events of one chunk, in their order. */
export interface WatchBatch {
  readonly kind: 'seen' | 'gone';
  readonly objects: readonly KubernetesObject[];
}

export interface WatchStream {
  /**
   * Calls `onBatches` for each chunk until the server closes the stream. Throws a `Problem` for an ERROR event or a broken stream; `gone`
   * means that a new list is needed.
   */
  read(onBatches: (batches: readonly WatchBatch[], resourceVersion: string) => void): Promise<void>;
}

const EVENT_LIMIT = 16 << 20;

/** Opens a watch; resolves once the server has accepted it. `timeoutSeconds`: when the server ends it by itself. */
export async function openWatch(
  transport: Transport,
  resource: ResourceType,
  options: ListOptions,
  resourceVersion: string,
  timeoutSeconds: number,
): Promise<WatchStream> {
  const { namespace, labelSelector, fieldSelector, signal } = options;
  const what = `watch ${collectionName(resource, namespace)}`;
  const path = withQuery(collectionPath(resource, namespace), {
    watch: 1,
    resourceVersion,
    allowWatchBookmarks: true,
    timeoutSeconds,
    labelSelector,
    fieldSelector,
  });
  const answer = await transport.open({ path, what, signal });
  return { read: (onBatches) => readEvents(transport, answer, what, signal, onBatches) };
}

async function readEvents(
  transport: Transport,
  { body }: StreamAnswer,
  what: string,
  signal: AbortSignal | undefined,
  onBatches: (batches: readonly WatchBatch[], resourceVersion: string) => void,
): Promise<void> {
  const splitter = lineSplitter();
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      transport.heard();
      const events = splitter
        .push(chunk)
        .filter((line) => line.length > 0)
        .map((line) => record(JSON.parse(line.toString('utf8'))));
      const { batches, resourceVersion, failure } = collect(events);
      if (resourceVersion !== '') onBatches(batches, resourceVersion);
      if (failure !== undefined) throw statusEventProblem(failure, { server: transport.server, what });
      if (splitter.pending > EVENT_LIMIT)
        throw new Problem('protocol', `The API server sent an event of more than ${EVENT_LIMIT >> 20} MiB to "${what}".`);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof SyntaxError)
      throw new Problem('protocol', `The API server sent an event to "${what}" that is not JSON.`, { cause: error });
    throw await transport.explain(error);
  } finally {
    body.destroy();
  }
}

interface Collected {
  readonly batches: readonly WatchBatch[];
  /** Of the last event; empty if there was none. */
  readonly resourceVersion: string;
  /** The `Status` of an ERROR event; the events before it count. */
  readonly failure: unknown;
}

function collect(events: readonly Readonly<Record<string, unknown>>[]): Collected {
  const batches: { kind: 'seen' | 'gone'; objects: KubernetesObject[] }[] = [];
  let resourceVersion = '';
  for (const event of events) {
    if (event.type === 'ERROR') return { batches, resourceVersion, failure: event.object ?? {} };
    const object = record(event.object) as KubernetesObject;
    resourceVersion = text(object.metadata?.resourceVersion) ?? resourceVersion;
    if (event.type === 'BOOKMARK') continue;
    const kind = event.type === 'DELETED' ? 'gone' : 'seen';
    const last = batches.at(-1);
    if (last?.kind === kind) last.objects.push(object);
    else batches.push({ kind, objects: [object] });
  }
  return { batches, resourceVersion, failure: undefined };
}
