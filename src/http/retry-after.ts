/**
 * `Retry-After` in milliseconds; undefined if it is not a number of whole seconds. Neither Kubernetes nor Flink sends a date; a gateway that
 * does is asked again as if it had said nothing. What a server may ask for at most is for whoever waits to say.
 */
export function retryAfterOf(value: string | undefined): number | undefined {
  if (value === undefined || !/^\d+$/.test(value)) return undefined;
  return Number(value) * 1_000;
}
