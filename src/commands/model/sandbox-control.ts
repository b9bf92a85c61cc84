import { Problem } from '../../support/problem.ts';

/** What can be given to an action of the sandbox. */
export interface SandboxArgument {
  readonly name: string;
  readonly kind: 'job' | 'pod' | 'duration' | 'number' | 'choice' | 'text';
  readonly summary: string;
  readonly optional: boolean;
  readonly choices?: readonly string[];
}

/** Something that can be done to the sandbox, as it is typed. */
export interface SandboxAction {
  readonly name: string;
  readonly summary: string;
  readonly args: readonly SandboxArgument[];
}

/** A job by its id, a pod by its whole name, a duration in milliseconds. */
export type SandboxValues = Readonly<Record<string, string | number | undefined>>;

/** The sandbox that is attached. */
export interface SandboxControl {
  /** Its kubeconfig; undefined if the user has it, because another program runs the sandbox. */
  readonly kubeconfig: string | undefined;
  /** It goes on when the session ends. */
  readonly outlives: boolean;
  /** Its folder of jars to submit. */
  readonly examples: string;
  readonly actions: readonly SandboxAction[];
  /** Does one of them, also while its API server is away; resolves with what it answers. Rejects with a `Problem`. */
  perform(action: string, given: SandboxValues): Promise<Readonly<Record<string, unknown>>>;
}

/** What is for the sandbox alone was asked of another cluster. */
export const notASandbox = (): Problem =>
  new Problem('conflict', 'This cluster is not a sandbox.', {
    hint: 'drey attach --sandbox starts one; KUBECONFIG=… drey sandbox ACTION reaches one that another drey runs.',
  });
