import { loadYoga } from 'yoga-layout/load';

export * from 'yoga-layout/load';

/** Yoga decodes the WebAssembly that it holds by itself if there is no `fetch`, which would load an HTTP client for a `data:` address. */
function withoutFetch<T>(load: () => T): T {
  const fetch = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
  if (fetch === undefined) return load();
  Reflect.deleteProperty(globalThis, 'fetch');
  try {
    return load();
  } finally {
    Object.defineProperty(globalThis, 'fetch', fetch);
  }
}

/** Stands in for the default export of `yoga-layout`, which Ink lays out with. */
export const Yoga = await withoutFetch(loadYoga);
