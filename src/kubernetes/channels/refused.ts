import type { Problem } from '../../support/problem.ts';

/** The server answered, and neither the pod nor the user is the reason: another way may work. */
export const isRefused = ({ kind, status }: Problem): boolean => status !== undefined && kind !== 'unauthorized' && kind !== 'not-found';

/**
 * Of two refusals, the one from Kubernetes says what to do. If both are from Kubernetes, it is the one about `create`, which both ways need
 * since Kubernetes 1.35.
 */
export function betterOf(...refusals: readonly Problem[]): Problem {
  const forbidden = refusals.filter(({ kind }) => kind === 'forbidden');
  return forbidden.find(({ message }) => message.includes(' create ')) ?? forbidden[0] ?? (refusals[0] as Problem);
}
