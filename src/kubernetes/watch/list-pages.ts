import { setImmediate as turn } from 'node:timers/promises';
import { Problem } from '../../support/problem.ts';
import { deadline } from '../../support/waiting.ts';
import { theApiServer } from '../request/failures.ts';
import { itemSplitter } from './json-items.ts';
import { type Json, record, text } from '../model/json.ts';
import { collectionName, collectionPath, withQuery } from '../model/paths.ts';
import type { Transport } from '../request/transport.ts';
import type { KubernetesObject, ListOptions, ResourceType } from '../model/types.ts';

interface Page<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
  readonly next: string | undefined;
}

export const PAGE_SIZE = 500;
const PAGE_TIMEOUT_MS = 30_000;
/** Kubernetes itself accepts objects of up to 1.5 MiB (etcd's limit for a request). */
const OBJECT_LIMIT = 16 << 20;
/** A server that ignores the page size sends a whole collection; no working cluster has more objects than this. */
const MOST_ITEMS = 200_000;
/** A page has a few megabytes: a slower one arrives byte by byte, and may never end. */
const PAGE_BODY_MS = 120_000;
/** A million objects. A server that sends more pages has lost count. */
const MOST_PAGES = 2_000;
/** The longest time to parse without a break, so that keys and frames are not late. */
const SLICE_MS = 6;

/**
 * Reads a whole collection in pages of 500. Each object is projected as soon as it is complete, so that raw objects are short-lived;
 * `onPage` is called once per page. Resolves with the resource version to watch from. If a continue token expires half-way, starts over
 * once, with `first` set again, and without pages.
 */
export async function readList<T>(
  transport: Transport,
  resource: ResourceType,
  { namespace, labelSelector, fieldSelector, signal }: ListOptions,
  read: (raw: readonly KubernetesObject[]) => readonly T[],
  onPage: (items: readonly T[], position: { readonly first: boolean; readonly last: boolean }) => void,
): Promise<string> {
  const path = collectionPath(resource, namespace);
  const what = `list ${collectionName(resource, namespace)}`;
  let first = true;
  let token: string | undefined;
  let limit: number | undefined = PAGE_SIZE;
  for (let pages = 1; ; pages++) {
    let page: Page<T>;
    try {
      page = await readPage(
        transport,
        { path: withQuery(path, { limit, continue: token, labelSelector, fieldSelector }), what, signal },
        read,
      );
    } catch (error) {
      if (!(error instanceof Problem && error.kind === 'gone') || token === undefined || limit === undefined) throw error;
      first = true;
      token = undefined;
      limit = undefined;
      continue;
    }
    if (page.next !== undefined && (page.next === token || pages >= MOST_PAGES))
      throw new Problem('protocol', `The API server's answer to "${what}" has no end.`);
    token = page.next;
    onPage(page.items, { first, last: token === undefined });
    if (token === undefined) return page.resourceVersion;
    first = false;
  }
}

async function readPage<T>(
  transport: Transport,
  request: { readonly path: string; readonly what: string; readonly signal: AbortSignal | undefined },
  read: (raw: readonly KubernetesObject[]) => readonly T[],
): Promise<Page<T>> {
  const gzip = !/^https?:\/\/(localhost|127\.|\[::1\])/.test(transport.server);
  const { body } = await transport.open({ ...request, gzip, timeoutMs: PAGE_TIMEOUT_MS });
  const tooSlow = (): Problem =>
    new Problem(
      'unreachable',
      `${theApiServer(transport.server)} did not complete its answer to "${request.what}" within ${PAGE_BODY_MS / 1_000} s.`,
    );
  const inTime = deadline(transport.clock, PAGE_BODY_MS, () => body.destroy(tooSlow()));
  const splitter = itemSplitter();
  const items: T[] = [];
  let count = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      transport.heard();
      let startedAt = performance.now();
      for (const item of splitter.push(chunk)) {
        count += 1;
        items.push(...read([JSON.parse(item.toString('utf8')) as KubernetesObject]));
        if (performance.now() - startedAt < SLICE_MS) continue;
        await turn();
        startedAt = performance.now();
      }
      if (splitter.pending > OBJECT_LIMIT)
        throw new Problem(
          'protocol',
          `An object in the API server's answer to "${request.what}" is larger than ${OBJECT_LIMIT >> 20} MiB: it is not read.`,
        );
      if (count > MOST_ITEMS)
        throw new Problem(
          'protocol',
          `The API server's answer to "${request.what}" has more than ${MOST_ITEMS} objects on a page: it is not read.`,
        );
      // A fast server must not block the event loop.
      await turn();
    }
  } catch (error) {
    request.signal?.throwIfAborted();
    if (error instanceof SyntaxError) throw malformed(request.what, error);
    throw await transport.explain(error);
  } finally {
    inTime();
  }
  const envelope = splitter.envelope();
  if (envelope === undefined) throw malformed(request.what);
  const answer = record(parse(envelope, request.what));
  const { kind, items: listed } = answer;
  // An empty list may be `null`.
  if (!Array.isArray(listed) && !(typeof kind === 'string' && kind.endsWith('List')))
    throw new Problem('protocol', `The API server's answer to "${request.what}" is not a list${notAList(answer)}.`);
  const metadata = record(answer.metadata);
  return { items, resourceVersion: text(metadata.resourceVersion) ?? '', next: text(metadata.continue) };
}

/** Names what it is instead. */
function notAList({ kind, message }: Json): string {
  if (typeof kind !== 'string') return '';
  return typeof message === 'string' && message !== '' ? ` but a ${kind}: ${message}` : ` but a ${kind}`;
}

function parse(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw malformed(what, error);
  }
}

function malformed(what: string, cause?: unknown): Problem {
  return new Problem('protocol', `The API server's answer to "${what}" is not complete.`, { cause });
}
