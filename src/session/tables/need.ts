/** How much attention a pod or a job needs. */
export type Severity = 'ok' | 'busy' | 'warn' | 'error' | 'done';

const needs: Readonly<Record<Severity, number>> = { error: 4, warn: 3, busy: 2, ok: 1, done: 0 };

/** As a number: the larger, the more attention. */
export const needOf = (severity: Severity): number => needs[severity];
