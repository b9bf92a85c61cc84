import { entryPath, jobManagerEntrypointArgs } from '../../config/options/options-kubernetes.ts';
import type { Context, Draft } from './types.ts';

/** The command of the JobManager container, which computes the memory flags itself. Source: `CmdJobManagerDecorator`, Flink 2.3. */
export function startCommand(draft: Draft, { mode }: Context): Draft {
  const { config } = draft;
  const command = `kubernetes-jobmanager.sh kubernetes-${mode} ${config.get(jobManagerEntrypointArgs) ?? ''}`;
  return { ...draft, main: { ...draft.main, command: [config.get(entryPath) ?? ''], args: ['bash', '-c', command] } };
}
