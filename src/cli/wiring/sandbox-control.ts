import { notASandbox, type SandboxControl } from '../../commands/model/sandbox-control.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { readPlace, SANDBOX_EXTENSION } from '../../sandbox/kubeconfig.ts';
import type { RemoteControl } from '../../sandbox/remote-control.ts';
import type { Sandbox } from '../../sandbox/start.ts';
import { Problem } from '../../support/problem.ts';

/** The controls of this session's own sandbox, for commands. */
export const ownSandbox = ({ kubeconfig, examples, control }: Sandbox): Promise<SandboxControl> =>
  controlled({ kubeconfig, outlives: false, examples }, control);

/** A sandbox that another program runs. Its control is loaded on request, so that pods and jobs need not wait for it. */
export interface RemoteSandbox extends AsyncDisposable {
  readonly clusterId: string;
  readonly control: () => Promise<SandboxControl>;
}

/** The sandbox that a kubeconfig points to; undefined: it is another cluster. Disposing waits for requests that are under way. */
export function remoteSandbox({ extensions }: Pick<KubernetesClient, 'extensions'>): RemoteSandbox | undefined {
  const place = readPlace(extensions.get(SANDBOX_EXTENSION));
  if (place === undefined) return undefined;
  let reached: Promise<RemoteControl> | undefined;
  const reach = (): Promise<RemoteControl> =>
    (reached ??= import('../../sandbox/remote-control.ts').then(({ remoteControl }) => remoteControl(place.control)));
  return {
    clusterId: place.clusterId,
    control: () =>
      controlled({ kubeconfig: undefined, outlives: true, examples: place.examples }, async (command) => (await reach()).control(command)),
    async [Symbol.asyncDispose]() {
      await (await reached)?.[Symbol.asyncDispose]();
    },
  };
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
