import { loadYoga } from 'yoga-layout/load';

export * from 'yoga-layout/load';

/** Without a `fetch`, Yoga decodes its WebAssembly itself; `fetch` would load an HTTP client for a `data:` address. */
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

/** Replaces the default export of `yoga-layout`, Ink's layout engine. */
export const Yoga = await withoutFetch(loadYoga);
