import { attach } from './attach/attach.ts';
import type { CliIo } from './process/io.ts';

/** `bin/kubernetes-session.sh`. */
export async function sessionScript(words: readonly string[], io: CliIo): Promise<number> {
  const { runSessionScript } = await import('./deploy/session-script.ts');
  return runSessionScript(words, io, {
    attach: ({ clusterId, namespace, properties }, on) =>
      attach(
        {
          clusterId,
          sandbox: false,
          mustExist: false,
          connection: {
            kubeconfig: undefined,
            context: undefined,
            namespace,
            allNamespaces: false,
            properties,
            flinkVersion: undefined,
            trace: undefined,
          },
          front: { plain: false, readOnly: false, ascii: undefined, motion: undefined, theme: undefined },
        },
        on,
      ),
  });
}

/** `bin/flink`. */
export async function flink(words: readonly string[], io: CliIo): Promise<number> {
  const [{ runFlink }, { flinkServices }] = await Promise.all([import('./flink/run-flink.ts'), import('./flink/flink-services.ts')]);
  return runFlink(words, io, flinkServices(io));
}
