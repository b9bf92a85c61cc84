/** What every call of the REST client takes. */
export interface Call {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}
