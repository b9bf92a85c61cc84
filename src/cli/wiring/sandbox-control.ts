import { notASandbox, type SandboxControl } from '../../commands/model/sandbox-control.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { readPlace, SANDBOX_EXTENSION } from '../../sandbox/kubeconfig.ts';
import type { Sandbox } from '../../sandbox/start.ts';
import { Problem } from '../../support/problem.ts';

/** The controls of this session's own sandbox, for commands. */
export const ownSandbox = ({ kubeconfig, examples, control }: Sandbox): Promise<SandboxControl> =>
  controlled({ kubeconfig, outlives: false, examples }, control);

/** A sandbox that another program runs. */
export interface RemoteSandbox extends SandboxControl, AsyncDisposable {
  readonly clusterId: string;
}

/** The sandbox that a kubeconfig points to; undefined: it is another cluster. */
export async function remoteSandbox({ extensions }: Pick<KubernetesClient, 'extensions'>): Promise<RemoteSandbox | undefined> {
  const place = readPlace(extensions.get(SANDBOX_EXTENSION));
  if (place === undefined) return undefined;
  const remote = (await import('../../sandbox/remote-control.ts')).remoteControl(place.control);
  const sandbox = await controlled({ kubeconfig: undefined, outlives: true, examples: place.examples }, remote.control);
  return { ...sandbox, clusterId: place.clusterId, [Symbol.asyncDispose]: () => remote[Symbol.asyncDispose]() };
}

/** The sandbox that a command is about. Throws a `Problem` if the cluster is not a sandbox. */
export function theSandbox(found: RemoteSandbox | undefined): RemoteSandbox {
  if (found === undefined) throw notASandbox();
  return found;
}

async function controlled(
  facts: Pick<SandboxControl, 'kubeconfig' | 'outlives' | 'examples'>,
  control: Sandbox['control'],
): Promise<SandboxControl> {
  const { actions } = await import('../../sandbox/control/actions.ts');
  return {
    ...facts,
    actions,
    async perform(name, given) {
      const action = actions.find((one) => one.name === name);
      if (action === undefined) throw new Problem('usage', `The sandbox cannot do "${name}".`);
      return control(action.command(given));
    },
  };
}
