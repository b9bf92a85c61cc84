/** What every call of the REST client takes. */
export interface Call {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

/** Reads the body of an answer, from its start for each try. Rejects with a `Problem` if what it read cannot be used here. */
export type ReadBody<T> = (body: AsyncIterable<Uint8Array>) => Promise<T>;
