import { Problem } from '../../support/problem.ts';

/** An argument of a sandbox action. */
export interface SandboxArgument {
  readonly name: string;
  readonly kind: 'job' | 'pod' | 'duration' | 'number' | 'choice' | 'text';
  readonly summary: string;
  readonly optional: boolean;
  readonly choices?: readonly string[];
}

/** An action of the sandbox, as it is typed. */
export interface SandboxAction {
  readonly name: string;
  readonly summary: string;
  readonly args: readonly SandboxArgument[];
  /** What its result means, as a sentence; absent: its fields are shown. */
  readonly done?: (answer: SandboxAnswer) => string;
}

/** The result of an action. */
export type SandboxAnswer = Readonly<Record<string, unknown>>;

/** A job by its id, a pod by its full name, a duration in milliseconds. */
export type SandboxValues = Readonly<Record<string, string | number | undefined>>;

/** The attached sandbox. */
export interface SandboxControl {
  /** Its kubeconfig; undefined if another program runs the sandbox, so that the user already has it. */
  readonly kubeconfig: string | undefined;
  /** It keeps running when the session ends. */
  readonly outlives: boolean;
  /** Its folder of jars to submit. */
  readonly examples: string;
  readonly actions: readonly SandboxAction[];
  /** Performs an action, even while the sandbox's API server is away; resolves with its result. Rejects with a `Problem`. */
  perform(action: string, given: SandboxValues): Promise<SandboxAnswer>;
}

/** A command for the sandbox was used on another cluster. */
export const notASandbox = (): Problem =>
  new Problem('conflict', 'This cluster is not a sandbox.', {
    hint: 'drey attach --sandbox starts one; KUBECONFIG=… drey sandbox ACTION reaches one that another drey runs.',
  });
