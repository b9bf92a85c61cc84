import { podStateWords } from '../../native/pod-trouble.ts';
import type { Pod } from '../../native/pod.ts';
import type { Facts, Site } from '../facts.ts';
import type { Evidence } from '../finding.ts';
import { possible, proved, rule } from '../rule.ts';

const slotEvidence = ({ overview }: Site): readonly Evidence[] =>
  overview === undefined
    ? []
    : [
        {
          source: { kind: 'rest', what: 'slots' },
          at: undefined,
          text: `${overview.slotsAvailable} of ${overview.slotsTotal} are free`,
        },
      ];

const slots = (count: number): string => (count === 1 ? '1 slot' : `${count} slots`);

export const refused = rule({
  id: 'refused-pods',
  finds: 'The API server refuses the pods of TaskManagers for a reason that no other rule knows',
  about: ['slots'],
  asks: () => [{ kind: 'refused-workers' }],
  judge: ({ words }) => (words === undefined ? undefined : proved(words.text)),
});

export const slotLimit = rule({
  id: 'slot-limit',
  finds: 'A job needs more slots than the cluster may have',
  about: ['slots'],
  asks: ({ matter: { job } }) => [{ kind: 'configuration' }, { kind: 'slots-needed', jobId: job.id }],
  judge({ matter: { job }, site, answers }) {
    const limit = Number(answers({ kind: 'configuration' })?.get('slotmanager.number-of-slots.max'));
    const needed = answers({ kind: 'slots-needed', jobId: job.id });
    if (!(limit > 0) || needed === undefined || needed <= limit - busySlots(site)) return undefined;
    return proved(
      `it needs ${slots(needed)}, and the cluster may have ${limit}${busySlots(site) > 0 ? `, of which ${busySlots(site)} are in use` : ''}`,
      {
        evidence: slotEvidence(site),
        advice: [`slotmanager.number-of-slots.max: at least ${needed + busySlots(site)}; or a smaller parallelism.`],
      },
    );
  },
});

const busySlots = ({ overview }: Site): number => (overview === undefined ? 0 : overview.slotsTotal - overview.slotsAvailable);

/** A TaskManager registers within seconds of its start; before that, nothing is wrong. */
const registrationMs = 30_000;

function unregisteredPods({ site, now, answers }: Facts<'slots'>): readonly Pod[] {
  const registered = answers({ kind: 'registered' });
  return registered === undefined
    ? []
    : [...site.pods.values()].filter(
        ({ name, role, severity, deletedAt, containers }) =>
          role === 'taskmanager' &&
          severity === 'ok' &&
          deletedAt === undefined &&
          !registered.has(name) &&
          containers.some(({ init, startedAt }) => !init && startedAt !== undefined && now - startedAt > registrationMs),
      );
}

/** Source: `RegisteredRpcConnection` and `RetryingRegistration`, Flink 2.3. */
const unreachable = /Could not resolve ResourceManager address/;

export const unregistered = rule({
  id: 'unregistered',
  finds: 'TaskManagers run, and do not reach the JobManager',
  about: ['slots'],
  asks: (facts) => [
    { kind: 'registered' },
    ...unregisteredPods(facts)
      .slice(0, 1)
      .map((pod) => ({ kind: 'log-end', pod }) as const),
  ],
  judge(facts) {
    const pods = unregisteredPods(facts);
    const [pod] = pods;
    const line = pod === undefined ? undefined : facts.answers({ kind: 'log-end', pod })?.findLast((each) => unreachable.test(each));
    if (pod === undefined || line === undefined) return undefined;
    return proved(
      `${pods.length === 1 ? `${pod.shortName} runs and does` : `${pods.length} TaskManagers run and do`} not reach the JobManager`,
      {
        evidence: [
          { source: { kind: 'log', pod: pod.shortName, container: undefined, previous: false }, at: undefined, text: line.slice(0, 400) },
          ...slotEvidence(facts.site),
        ],
        advice: [
          'look at the DNS of the pod, at network policies between the pods and at the ports that a service mesh takes (6122 to 6124).',
        ],
      },
    );
  },
});

/** Fewer slots than a job needs are never the cause: something keeps them away. */
export const tooFewSlots = rule({
  id: 'too-few-slots',
  finds: 'A job needs more slots than there are, and nothing says why they do not come',
  about: ['slots'],
  asks: ({ matter: { job } }) => [{ kind: 'slots-needed', jobId: job.id }],
  judge({ matter: { job }, site, answers }) {
    const needed = answers({ kind: 'slots-needed', jobId: job.id });
    if (needed === undefined || site.overview === undefined || needed <= site.overview.slotsAvailable) return undefined;
    const pods = [...site.pods.values()].filter(({ role, deletedAt }) => role === 'taskmanager' && deletedAt === undefined);
    return possible(
      `its TaskManagers do not come: it needs ${slots(needed)}, and ${site.overview.slotsAvailable} of ${site.overview.slotsTotal} are free`,
      {
        evidence: pods
          .slice(0, 3)
          .map((pod) => ({ source: { kind: 'status', object: pod.shortName }, at: pod.createdAt, text: podStateWords(pod) })),
      },
    );
  },
});
