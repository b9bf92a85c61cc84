import { startSandbox } from '../../sandbox/start.ts';

export interface SandboxCommand {
  readonly port?: number | undefined;
  readonly stdout: (text: string) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/**
 * `drey sandbox`: prints `KUBECONFIG=/path` once the embedded cluster answers, and serves it until interrupted. Resolves with the exit
 * code.
 */
export async function runSandboxCommand({ port, stdout, signal }: SandboxCommand): Promise<number> {
  await using sandbox = await startSandbox(port === undefined ? {} : { port });
  stdout(`KUBECONFIG=${sandbox.kubeconfig}\n`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  return 0;
}
