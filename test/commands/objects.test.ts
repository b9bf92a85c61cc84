import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { KubernetesClient, KubernetesObject } from '../../src/kubernetes/model/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeFlink, fakeKubernetes } from '../support/fakes.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

const worker = {
  metadata: { name: 'c1-taskmanager-1-1', uid: 'u', managedFields: [{ manager: 'fabric8' }] },
  spec: {
    containers: [
      {
        name: 'flink-main-container',
        env: [
          { name: 'S3_SECRET_KEY', value: 'hunter2' },
          ...['yes', '0777', '12:30', '0o17'].map((value, index) => ({ name: `V${index}`, value })),
        ],
      },
    ],
  },
} as KubernetesObject;

describe('yaml', () => {
  const reader = (given: Partial<KubernetesClient> = {}) => {
    const sat = desk({ kubernetes: fakeKubernetes({ get: async <T>() => worker as T, ...given }) });
    sat.store.pods(pod({ shortName: 'jobmanager-x2b7k' }), pod({ shortName: 'taskmanager-1-1' }));
    return {
      ...sat,
      async text(line: string) {
        expect(await sat.run(line)).toEqual({ kind: 'done' });
        const view = sat.front.views.at(-1);
        if (view?.kind !== 'facts') throw new Error('no facts were shown');
        return { ...view, text: view.text.join('\n') };
      },
    };
  };

  test('shows a pod with its kind, without bookkeeping, and says that secrets are masked', async () => {
    const { text, title, about } = await reader().text('yaml tm1-1');
    expect(title).toBe('YAML of taskmanager-1-1');
    expect(about).toEqual({ kind: 'pod', name: 'c1-taskmanager-1-1' });
    expect(text.split('\n').slice(0, 5)).toEqual([
      '# Values that look secret are masked: do not apply this as it is.',
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      '  name: c1-taskmanager-1-1',
    ]);
    expect(text).toContain('value: "******"');
    expect(text).not.toMatch(/hunter2|managedFields/);
  });

  test('--managed-fields shows who set which field', async () => {
    expect((await reader().text('yaml tm1-1 --managed-fields')).text).toContain('manager: fabric8');
  });

  test.each(['1.1', '1.2'] as const)('texts stay texts for a reader of YAML %s, as kubectl is one of 1.1', async (version) => {
    const { text } = await reader().text('yaml tm1-1');
    const [document] = parseAllDocuments(text, { version });
    if (document === undefined || !('toJS' in document)) throw new Error('no document');
    expect(
      document
        .toJS()
        .spec.containers[0].env.slice(1)
        .map(({ value }: { readonly value: unknown }) => value),
    ).toEqual(['yes', '0777', '12:30', '0o17']);
  });

  const services: KubernetesClient['list'] = async <T>() =>
    [{ metadata: { name: 'c1' } }, { metadata: { name: 'c1-rest' } }] as unknown as readonly T[];

  test('service shows all Services of the cluster as documents, service/NAME one of them', async () => {
    const { text } = await reader({ list: services }).text('yaml service');
    expect(text.match(/^(?:---|kind: .*| {2}name: .*)$/gm)).toEqual([
      'kind: Service',
      '  name: c1',
      '---',
      'kind: Service',
      '  name: c1-rest',
    ]);
    expect((await reader({ list: services }).text('yaml svc/c1-rest')).text).not.toContain('---');
  });

  test('a name that no Service has is refused with those that there are', async () => {
    expect(await reader({ list: services }).says('yaml service/nosuch')).toBe('c1 has no Service nosuch. It has c1, c1-rest.');
  });
});

describe('events', () => {
  const event = (name: string, more: object = {}, kind = 'Pod') => ({
    metadata: { name: 'e', uid: JSON.stringify([name, more]) },
    involvedObject: { kind, name },
    type: 'Normal',
    reason: 'Started',
    message: 'started',
    lastTimestamp: '2026-11-22T11:00:00Z',
    ...more,
  });
  const site = () => {
    const events = [
      event('c1-taskmanager-1-1', { reason: 'BackOff', type: 'Warning', count: 7, lastTimestamp: '2026-11-22T11:00:09Z' }),
      event('c1-taskmanager-1-2'),
      event('c1', {}, 'Deployment'),
      event('other-taskmanager-1-1'),
    ];
    const sat = desk({
      flink: fakeFlink({ jobTaskManagers: async () => ['c1-taskmanager-1-2'] }),
      kubernetes: fakeKubernetes({
        listReadable: async (_, __, project) => ({ items: events.map((raw) => project(raw as never)), unreadable: undefined }),
      }),
    });
    sat.store.pods(pod({ shortName: 'taskmanager-1-1' }), pod({ shortName: 'taskmanager-1-2' }));
    sat.store.jobs(job({ name: 'orders' }));
    return {
      ...sat,
      async text(line: string) {
        expect(await sat.run(line)).toEqual({ kind: 'done' });
        const view = sat.front.views.at(-1);
        if (view?.kind !== 'facts') throw new Error('no facts were shown');
        return view.text.map((row) => row.replace(/^\d\d:\d\d:\d\d +/, ''));
      },
    };
  };

  test('shows those of the cluster with how often each happened, named as in the panels, the last one below', async () => {
    expect(await site().text('events')).toEqual([
      expect.stringMatching(/^TIME +COUNT {2}TYPE +REASON +OBJECT +MESSAGE$/),
      '1  Normal   Started  pod/taskmanager-1-2  started',
      '1  Normal   Started  deployment/c1        started',
      '7  Warning  BackOff  pod/taskmanager-1-1  started',
    ]);
  });

  test('of a pod, and of the TaskManagers of a job', async () => {
    expect(await site().text('events tm1-1')).toEqual([expect.anything(), expect.stringContaining('BackOff')]);
    expect(await site().text('events orders')).toEqual([expect.anything(), expect.stringContaining('pod/taskmanager-1-2')]);
  });
});

describe('top pods', () => {
  const MEM = 2 ** 30;
  const aPod = (name: string) => ({
    metadata: { name, labels: { app: 'c1' } },
    spec: { containers: [{ name: 'x', resources: { requests: { cpu: '500m', memory: '2Gi' }, limits: { cpu: '2', memory: '4Gi' } } }] },
  });
  const site = (metrics: () => readonly object[], given: Parameters<typeof fakeFlink>[0] = {}) => {
    const sat = desk({
      mode: 'line',
      flink: fakeFlink({
        taskManagers: async () => [{ id: 'c1-taskmanager-1-1' }] as never,
        taskManagerMetrics: async () =>
          new Map([
            ['Status.JVM.Memory.Heap.Used', MEM / 2],
            ['Status.JVM.Memory.Heap.Max', MEM],
          ]),
        jobManagerMetrics: async () => new Map([['Status.JVM.Memory.Heap.Used', MEM / 4]]),
        ...given,
      }),
      kubernetes: fakeKubernetes({
        list: async <T>({ group }: { readonly group: string }) =>
          (group === '' ? [aPod('c1-6f7-x2b7k'), aPod('c1-taskmanager-1-1')] : metrics()) as unknown as readonly T[],
      }),
    });
    sat.store.jobs(job({ name: 'orders' }));
    sat.store.pods(pod({ shortName: 'jobmanager-x2b7k', name: 'c1-6f7-x2b7k' }), pod({ shortName: 'taskmanager-1-1' }));
    sat.store.tell([{ kind: 'leader', at: sat.clock.now(), pod: 'c1-6f7-x2b7k' }]);
    return {
      ...sat,
      async text(line: string) {
        expect(await sat.run(line)).toEqual({ kind: 'done' });
        const view = sat.front.views.at(-1);
        if (view?.kind !== 'facts') throw new Error('no facts were shown');
        return view.text;
      },
    };
  };
  const used = (name: string, cpu: string, memory: string) => ({ metadata: { name }, containers: [{ usage: { cpu, memory } }] });
  const both = () => [used('c1-6f7-x2b7k', '100m', '1Gi'), used('c1-taskmanager-1-1', '1', '3Gi')];

  test.each(['top pods', 'top'])('%s shows use beside requests, limits and heap, the busiest pod first', async (line) => {
    expect(await site(both).text(line)).toEqual([
      'NAME               CPU  OF REQ  OF LIM     MEM  OF REQ  OF LIM   HEAP  OF MAX',
      'taskmanager-1-1      1    200%     50%  3072Mi    150%     75%  512Mi     50%',
      'jobmanager-x2b7k  100m     20%      5%  1024Mi     50%     25%  256Mi       -',
    ]);
  });

  test('without metrics-server the heap is shown, and why the rest is not known', async () => {
    const text = await site(() => {
      throw new Problem('not-found', 'the server could not find the requested resource');
    }).text('top pods --most 1');
    expect(text[0]).toBe('CPU and memory are not known: metrics-server does not answer. the server could not find the requested resource');
    expect(text.slice(2)).toEqual([expect.stringMatching(/^NAME/), expect.stringMatching(/^jobmanager-x2b7k +- .* 256Mi +-$/)]);
  });

  test('without Flink it shows what metrics-server measures', async () => {
    const text = await site(both, {
      taskManagers: async () => {
        throw new Problem('unreachable', 'Flink is away.');
      },
    }).text('top pods');
    expect(text[0]).toBe('The heap is not known. Flink is away.');
    expect(text.slice(3).map((row) => row.slice(0, 24))).toEqual(['taskmanager-1-1      1  ', 'jobmanager-x2b7k  100m  ']);
  });

  test('pods are not ranked like vertices', async () => {
    expect(await site(both).says('top pods skew')).toBe(
      'Pods are not ranked by skew: they come in the order of their CPU use. Name a job to rank its vertices.',
    );
  });
});

describe('delete', () => {
  const slot = (jobId: string) => ({ jobId, tasks: 1 });

  interface Site {
    readonly allocated?: readonly object[];
    readonly highAvailability?: boolean;
    readonly args?: readonly string[];
    readonly readOnly?: boolean;
    readonly refuses?: Problem;
  }

  const site = ({ allocated, highAvailability, args, readOnly = false, refuses }: Site = {}) => {
    const deleted: unknown[] = [];
    const sat = desk({
      readOnly,
      flink: fakeFlink({
        taskManager: async () => {
          if (allocated === undefined) throw new Problem('unreachable', 'Flink is away.');
          return { allocated } as never;
        },
      }),
      kubernetes: fakeKubernetes({
        get: async <T>() =>
          ({
            metadata: { name: 'c1', labels: { type: 'flink-native-kubernetes' } },
            spec: { template: { spec: { containers: [{ name: 'flink-main-container', args }] } } },
          }) as T,
        async delete(address, options) {
          if (refuses !== undefined) throw refuses;
          deleted.push([address.name, options?.uid]);
          sat.store.pods(pod({ shortName: 'jobmanager-x2b7k' }));
        },
      }),
    });
    sat.store.pods(pod({ shortName: 'jobmanager-x2b7k' }), pod({ shortName: 'taskmanager-1-1' }));
    sat.store.jobs(job({ name: 'orders', id: 'a'.repeat(32) }), job({ name: 'clicks', id: 'b'.repeat(32) }));
    sat.store.tell([{ kind: 'leader', at: sat.clock.now(), pod: 'c1-jobmanager-x2b7k', highAvailability }]);
    return {
      ...sat,
      deleted,
      async asks(line: string) {
        const plan = await sat.plan(line);
        if (plan.kind !== 'confirm') throw new Error(`${line} does not ask: ${plan.kind}`);
        return { text: plan.confirmation.lines.join(' '), jobs: plan.confirmation.jobs.map(({ name }) => name) };
      },
    };
  };

  test('of a TaskManager names the jobs that restart, and says that Flink replaces it', async () => {
    const { text, jobs } = await site({ allocated: [slot('b'.repeat(32))] }).asks('delete tm1-1');
    expect(text).toBe(
      'The jobs on it restart and go on from their last checkpoint. A job without checkpoints fails, or begins anew if it has a restart strategy. ' +
        'Flink asks Kubernetes for another TaskManager if its jobs need the slots.',
    );
    expect(jobs).toEqual(['clicks']);
  });

  test('of a TaskManager without slots in use says so, and if Flink is silent that it is not known', async () => {
    expect((await site({ allocated: [] }).asks('delete tm1-1')).text).toMatch(/^No job has a slot on it\. Flink asks/);
    expect((await site().asks('delete tm1-1')).text).toMatch(/^Flink has not said which jobs have tasks on it\. Those that have restart/);
  });

  test.each([
    [{ highAvailability: true }, 'With high availability it goes on with all jobs, each from its last checkpoint.'],
    [
      { highAvailability: false, args: ['kubernetes-session'] },
      'This cluster has no high availability: the new one knows no job: all of them end, and their state is lost unless',
    ],
    [
      { highAvailability: false, args: ['kubernetes-application'] },
      'the new one runs the program from the beginning: the job loses its state.',
    ],
    [{}, 'Whether this cluster has high availability is not known. Without it, all jobs lose their state'],
  ])('of the JobManager says what becomes of the jobs: %j', async (given, says) => {
    const { text, jobs } = await site(given).asks('delete jm');
    expect(text).toContain('The Deployment starts another JobManager.');
    expect(text).toContain(says);
    expect(jobs).toEqual(['orders', 'clicks']);
  });

  test('deletes exactly the pod that was named, and waits until it is gone', async () => {
    const { run, deleted, front } = site({ allocated: [] });
    expect(await run('delete tm1-1')).toEqual({ kind: 'done' });
    expect(deleted).toEqual([['c1-taskmanager-1-1', 'uid-taskmanager-1-1']]);
    expect(front.printed).toEqual(['Pod taskmanager-1-1 is deleted.']);
  });

  test('leaves another pod of the same name alone', async () => {
    const { run } = site({ allocated: [], refuses: new Problem('conflict', 'the UID in the precondition does not match') });
    expect(await run('delete tm1-1')).toMatchObject({
      kind: 'failed',
      problem: { message: 'Pod taskmanager-1-1 was replaced by another one of the same name, which was left alone.' },
    });
  });

  test('is refused in a read-only session', async () => {
    expect(await site({ readOnly: true }).says('delete tm1-1')).toBe('delete changes the cluster, and this session is read-only.');
  });
});
