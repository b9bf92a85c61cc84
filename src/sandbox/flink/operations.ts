export type Outcome = { readonly value: Readonly<Record<string, unknown>> } | { readonly failure: string };

/** Asynchronous operations by kind, job and trigger id; triggering the same one again starts nothing new. */
export interface Operations {
  trigger(key: string, run: () => Promise<Outcome>): void;
  /** Undefined if the key is unknown. */
  result(key: string): 'in-progress' | Outcome | undefined;
}

export function operations(): Operations {
  const known = new Map<string, 'in-progress' | Outcome>();
  return {
    trigger(key, run) {
      if (known.has(key)) return;
      known.set(key, 'in-progress');
      run().then(
        (outcome) => known.set(key, outcome),
        (error: unknown) => known.set(key, { failure: String(error) }),
      );
    },
    result: (key) => known.get(key),
  };
}
