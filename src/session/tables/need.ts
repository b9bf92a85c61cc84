/** How much a pod or a job needs an eye. */
export type Severity = 'ok' | 'busy' | 'warn' | 'error' | 'done';

const needs: Readonly<Record<Severity, number>> = { error: 4, warn: 3, busy: 2, ok: 1, done: 0 };

/** As a number, the more the greater. */
export const needOf = (severity: Severity): number => needs[severity];
