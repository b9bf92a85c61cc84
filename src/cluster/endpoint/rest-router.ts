import type { RestRoute, RestRouter } from '../../flink/types.ts';
import { Problem } from '../../support/problem.ts';
import { abortable, lifetime } from '../../support/waiting.ts';
import { RestWays, type RestWaysOptions } from './rest-ways.ts';

/** Finds the route to a cluster's REST endpoint, and keeps it until it is `lost`. */
export function createRestRouter(options: RestWaysOptions): RestRouter & AsyncDisposable {
  const ended = lifetime();
  let current: Promise<RestRoute> | undefined;
  let found: RestRoute | undefined;

  const forget = (route: RestRoute): void => {
    if (route !== found) return;
    found = undefined;
    current = undefined;
  };

  const ways = new RestWays(options, forget);

  return {
    async route(signal) {
      signal?.throwIfAborted();
      if (ended.signal.aborted) throw new Problem('unreachable', `The connection to cluster ${options.clusterId} was closed.`);
      if (current === undefined) {
        const search = ways.look(ended.signal);
        current = search;
        search.then(
          (route) => {
            if (current === search) found = route;
          },
          () => {
            // Current waiters get the error; the next call looks again.
            if (current === search) current = undefined;
          },
        );
      }
      return abortable(current, signal);
    },
    lost: forget,
    async [Symbol.asyncDispose]() {
      ended.end();
      current = undefined;
      found = undefined;
    },
  };
}
