import type { ServerResponse } from 'node:http';
import type { SandboxClock } from '../base/clock.ts';
import type { ApiObject } from './objects.ts';
import { apiVersion, type Resource } from './resources.ts';
import type { Test } from './selectors.ts';
import { expired, statusOf } from './status.ts';
import type { ObjectStore, StoreChange } from './store.ts';
import { tableOf } from './tables.ts';

export interface WatchRequest {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly test: Test;
  /** Undefined or `0`: begin with the objects that exist. */
  readonly resourceVersion: string | undefined;
  readonly bookmarks: boolean;
  /** `sendInitialEvents=true`: first the objects that exist, then a bookmark that marks their end. */
  readonly initialEvents: boolean;
  readonly timeoutSeconds: number | undefined;
  readonly asTable: boolean;
}

export interface WatchServices {
  readonly store: ObjectStore;
  readonly clock: SandboxClock;
  /** False while the bookmarks fault is on. */
  readonly bookmarksOn: () => boolean;
  /** Lets the expiry fault end a watch with 410; call the result to unregister. */
  readonly onExpire: (expire: () => void) => () => void;
}

/** Milliseconds between bookmarks; the real server sends one about once a minute. */
const BOOKMARK_EVERY = 5_000;
const serialised = new WeakMap<ApiObject, string>();

/** Streams changes as JSON lines until either side ends it. */
export function serveWatch(request: WatchRequest, response: ServerResponse, { store, clock, bookmarksOn, onExpire }: WatchServices): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();
  let tableHead = true;

  const send = (type: string, object: ApiObject): void => {
    if (request.asTable) {
      const table = tableOf(request.resource, [object], { now: clock.now(), head: tableHead });
      tableHead = false;
      response.write(`${JSON.stringify({ type, object: table })}\n`);
      return;
    }
    let text = serialised.get(object);
    if (text === undefined) serialised.set(object, (text = JSON.stringify(object)));
    response.write(`{"type":"${type}","object":${text}}\n`);
  };
  const bookmark = (annotations?: Readonly<Record<string, string>>): void => {
    const object = {
      kind: request.resource.kind,
      apiVersion: apiVersion(request.resource),
      metadata: {
        resourceVersion: String(store.version()),
        creationTimestamp: null,
        ...(annotations === undefined ? {} : { annotations }),
      },
    };
    response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  };
  const expire = (message: string): void => {
    response.end(`${JSON.stringify({ type: 'ERROR', object: statusOf(expired(message)) })}\n`);
  };
  const inScope = (object: ApiObject): boolean => request.namespace === undefined || object.metadata.namespace === request.namespace;
  const tell = (change: StoreChange): void => {
    if (change.resource !== request.resource || !inScope(change.object)) return;
    const was = change.before !== undefined && request.test(change.before);
    const is = change.type !== 'DELETED' && request.test(change.object);
    if (was && !is) send('DELETED', change.object);
    else if (!was && is) send('ADDED', change.object);
    else if (is) send('MODIFIED', change.object);
  };

  const from = Number(request.resourceVersion ?? '0');
  if (from === 0 || request.initialEvents) {
    for (const object of store.list(request.resource, request.namespace)) if (request.test(object)) send('ADDED', object);
    if (request.initialEvents) bookmark({ 'k8s.io/initial-events-end': 'true' });
  } else if (from < store.oldestVersion()) {
    expire(`too old resource version: ${from} (${store.oldestVersion()})`);
    return;
  } else {
    for (const change of store.changesSince(from)) tell(change);
  }

  const ends = [
    store.subscribe(tell),
    onExpire(() => expire(`too old resource version: ${from} (${store.version()})`)),
    request.bookmarks ? clock.every(BOOKMARK_EVERY, () => bookmarksOn() && !request.asTable && bookmark()) : () => {},
    request.timeoutSeconds === undefined ? () => {} : clock.after(request.timeoutSeconds * 1000, () => response.end()),
  ];
  response.once('close', () => {
    for (const end of ends) end();
  });
}
