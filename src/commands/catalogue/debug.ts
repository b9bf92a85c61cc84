import { PODS } from '../../kubernetes/model/resources.ts';
import type { PodObject } from '../../native/objects.ts';
import { mainContainer } from '../../native/main-container.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { shellWord } from '../../support/shell-word.ts';
import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import type { CommandContext } from '../model/types.ts';

/** Small, with a shell and the usual programs, and allowed to run as any user. */
const defaultImage = 'busybox';

export const debug = command({
  name: 'debug',
  summary: 'Print the kubectl debug command for a pod',
  details:
    'It adds a container with programs of its own to the pod, beside the processes of a container whose image lacks them. Nothing is changed by printing it. ' +
    'Such a container cannot be removed again; it goes with the pod.',
  group: 'pods',
  examples: ['debug tm1-1', 'debug jm --image eclipse-temurin:17-jdk'],
  args: { pod: arg.presentPod('Name of a pod; jm is the leading JobManager') },
  options: {
    image: option.text('IMAGE', `Image with the programs; default: ${defaultImage}`),
    container: option.container('CONTAINER', "Container whose processes are to be seen; default: Flink's"),
  },
  shell: { kind: 'run', reads: 'pods' },
  danger: 'safe',
  source: 'kubernetes',
  async run(context, { pod, image = defaultImage, container: asked }) {
    const { front, store } = context;
    const { namespace, context: place, kubeconfig } = store.get().target;
    const target = asked ?? mainContainer(pod)?.name;
    if (asked !== undefined && !pod.containers.some(({ name }) => name === asked))
      throw new Problem('not-found', `Pod ${pod.shortName} has no container "${asked}".`, {
        hint: `Its containers: ${pod.containers.map(({ name }) => name).join(', ')}.`,
      });
    const profile = (await mustNotBeRoot(context, pod.name)) ? 'restricted' : 'general';
    const words = [
      ...['kubectl', 'debug', '--stdin', '--tty'],
      ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
      ...(place === undefined ? [] : [`--context=${place}`]),
      `--namespace=${namespace}`,
      pod.name,
      `--image=${image}`,
      ...(target === undefined ? [] : [`--target=${target}`]),
      `--profile=${profile}`,
      ...['--', 'sh'],
    ];
    front.print([words.map(shellWord).join(' ')]);
  },
});

/** Whether the pod refuses containers that run as root; unknown counts as no. */
async function mustNotBeRoot({ kubernetes, store, signal }: CommandContext, name: string): Promise<boolean> {
  try {
    const { namespace } = store.get().target;
    const { spec } = await kubernetes.get<PodObject>({ resource: PODS, namespace, name }, { signal });
    return spec?.securityContext?.runAsNonRoot === true;
  } catch (error) {
    if (isAbort(error) || !(error instanceof Problem)) throw error;
    return false;
  }
}
