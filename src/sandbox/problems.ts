import { Problem } from '../support/problem.ts';

/** A control command that makes no sense now. */
export const refusal = (reason: string): Problem => new Problem('invalid', `The sandbox refuses: ${reason}.`);

/** The sandbox of another program has ended. */
export const ended = (cause: unknown): Problem =>
  new Problem('unreachable', 'The sandbox of this kubeconfig has ended.', {
    hint: 'drey sandbox and drey attach --sandbox start a new one.',
    cause,
  });
