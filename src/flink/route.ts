import { Problem } from '../support/problem.ts';
import type { RestRoute, RestRouter } from './types.ts';

/**
 * The base URL that a person wrote: `host:port`, `http://host:8081/`, `https://proxy/flink/prod`. The default scheme is `http`, the default
 * port that of the scheme. Throws a `Problem` of kind `invalid` for anything that is not an address.
 */
export function restUrl(text: string): string {
  const trimmed = text.trim();
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  let url: URL;
  try {
    url = new URL(withScheme);
  } catch (error) {
    // The message of `URL` does not say which part is wrong: show the whole address instead.
    throw new Problem('invalid', `"${text}" is not the address of a REST endpoint.`, {
      hint: 'Write host:port or a URL that begins with http:// or https://.',
      cause: error,
    });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Problem('invalid', `"${text}" is not the address of a REST endpoint: ${url.protocol.slice(0, -1)} is not spoken there.`, {
      hint: 'Use http:// or https://.',
    });
  }
  if (url.username !== '' || url.password !== '') {
    throw new Problem('invalid', 'The address of the REST endpoint holds a user name or password.', {
      hint: 'Send it as a header: FLINK_REST_CLIENT_HEADERS.',
    });
  }
  return `${url.protocol}//${url.host}${url.pathname.replace(/\/+$/, '')}`;
}

/** A router for an endpoint with a fixed address. Throws a `Problem` for anything that is not an address. */
export function fixedRoute(url: string): RestRouter {
  const base = restUrl(url);
  const route: RestRoute = { description: base, url: base };
  return {
    route: async () => route,
    lost: () => {},
  };
}
