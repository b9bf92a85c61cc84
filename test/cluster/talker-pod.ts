import { PODS } from '../../src/kubernetes/model/resources.ts';
import type { KubernetesClient, KubernetesObject } from '../../src/kubernetes/model/types.ts';
import { seen } from '../support/fake-clock.ts';
import { watchSink } from '../kubernetes/sinks.ts';

/** Counts on its log, a line every 20 ms, and answers every HTTP request with 200. */
const SCRIPT = `
use IO::Socket::INET;
$| = 1;
my $server = IO::Socket::INET->new(LocalPort => 8081, Listen => 16, ReuseAddr => 1) or die;
if (fork() == 0) {
  while (my $client = $server->accept()) {
    while (my $line = <$client>) { last if $line =~ /^\\r?\\n$/; }
    print $client "HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 2\\r\\n\\r\\nok";
    close $client;
  }
}
for (my $i = 1; ; $i++) { print "line $i\\n"; select(undef, undef, undef, 0.02); }
`;

/** Makes the pod and waits until it runs. */
export async function startTalker(
  client: KubernetesClient,
  namespace: string,
  name: string,
  more: { readonly restartPolicy?: string; readonly script?: string } = {},
): Promise<void> {
  const body: KubernetesObject & { readonly spec: object } = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      restartPolicy: more.restartPolicy ?? 'Always',
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'main',
          image: 'flink:2.3.0',
          imagePullPolicy: 'Never',
          command: ['perl', '-e', more.script ?? SCRIPT],
          resources: { requests: { cpu: '10m', memory: '16Mi' } },
        },
      ],
    },
  };
  await client.create(PODS, namespace, body);
  const sink = watchSink();
  const abort = new AbortController();
  const ended = client.listAndWatch(PODS, { namespace, fieldSelector: `metadata.name=${name}`, signal: abort.signal }, phaseOf, sink);
  await seen(() => sink.names.has('Running') || sink.names.has('Succeeded'));
  abort.abort();
  await ended;
}

function phaseOf(pod: KubernetesObject & { readonly status?: { readonly phase?: string } }): string {
  return pod.status?.phase ?? '';
}
