import type { Random } from '../base/random.ts';
import type { ApiObject } from './objects.ts';
import { apiVersion, type Resource } from './resources.ts';
import type { Test } from './selectors.ts';
import { expired } from './status.ts';
import type { ObjectStore } from './store.ts';

export interface ListRequest {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  readonly test: Test;
  readonly limit: number;
  readonly continueToken: string | undefined;
}

export interface Page {
  readonly items: readonly ApiObject[];
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string; readonly remainingItemCount?: number };
}

interface Rest {
  readonly items: readonly ApiObject[];
  readonly resourceVersion: string;
}

/** Serves lists in pages of one snapshot, as etcd does. */
export interface Lists {
  page(request: ListRequest): Page;
  /** Forgets the lists that are half read: their next page gets 410. */
  expire(): void;
}

/** How many half-read lists are remembered. */
const MOST_OPEN = 64;

export function lists(store: ObjectStore, random: Random): Lists {
  const open = new Map<string, Rest>();
  return {
    page({ resource, namespace, test, limit, continueToken }) {
      let rest: Rest | undefined;
      if (continueToken === undefined)
        rest = { items: store.list(resource, namespace).filter(test), resourceVersion: String(store.version()) };
      else {
        rest = open.get(continueToken);
        if (rest === undefined)
          throw expired(
            'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
          );
      }
      if (limit <= 0 || rest.items.length <= limit) return { items: rest.items, metadata: { resourceVersion: rest.resourceVersion } };
      const token = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: Number(rest.resourceVersion), start: random.hex(12) })).toString(
        'base64url',
      );
      const later = rest.items.slice(limit);
      open.set(token, { items: later, resourceVersion: rest.resourceVersion });
      const first = open.keys().next().value;
      if (open.size > MOST_OPEN && first !== undefined) open.delete(first);
      return {
        items: rest.items.slice(0, limit),
        metadata: { resourceVersion: rest.resourceVersion, continue: token, remainingItemCount: later.length },
      };
    },
    expire: () => open.clear(),
  };
}

export const listOf = (resource: Resource, page: Page): Record<string, unknown> => ({
  kind: `${resource.kind}List`,
  apiVersion: apiVersion(resource),
  metadata: page.metadata,
  // As in the real server's answers, items have no kind of their own.
  items: page.items.map(({ kind: _kind, apiVersion: _version, ...object }) => object),
});
