/**
 * `Retry-After` in milliseconds; undefined if it is not a number of whole seconds. Neither Kubernetes nor Flink sends a date, so a gateway
 * that does is treated as if it had sent nothing. The caller limits the wait.
 */
export function retryAfterOf(value: string | undefined): number | undefined {
  if (value === undefined || !/^\d+$/.test(value)) return undefined;
  return Number(value) * 1_000;
}
