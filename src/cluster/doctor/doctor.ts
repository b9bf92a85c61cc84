import { NAMESPACES, SERVICES } from '../../kubernetes/model/resources.ts';
import type { AccessQuestion, KubernetesClient, KubernetesObject, ObjectAddress, ResourceType } from '../../kubernetes/model/types.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import type { Finding } from './finding.ts';
import { type AccessTopic, jobManagerNeeds, type Need, taskManagerNeeds, userNeeds } from './needed-rights.ts';
import { lookFor, type NamedObject } from './named-objects.ts';
import { accountRepair, namespaceRepair, type Repair, repairFor } from './rights-to-grant.ts';
import { type PodDemand, roomFor } from './room.ts';

export interface Diagnosis {
  readonly findings: readonly Finding[];
  /** Repairs for everything missing that can be repaired without further knowledge; the namespace first. */
  readonly repairs: readonly Repair[];
}

export interface DoctorRequest extends AccessTopic {
  readonly namespace: string;
  readonly jobManagerAccount: string;
  readonly taskManagerAccount: string;
  readonly named: readonly NamedObject[];
  /** A `Problem` if they are unknown. */
  readonly demands: readonly PodDemand[] | Problem;
}

type Client = Pick<KubernetesClient, 'version' | 'get' | 'list' | 'create' | 'can' | 'tlsUnverified'>;

const oldestServer = [1, 9] as const;
const accounts: ResourceType = { group: '', version: 'v1', plural: 'serviceaccounts', kind: 'ServiceAccount', namespaced: true };
const reviews: ResourceType = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'subjectaccessreviews',
  kind: 'SubjectAccessReview',
  namespaced: false,
};
const localReviews: ResourceType = { ...reviews, plural: 'localsubjectaccessreviews', kind: 'LocalSubjectAccessReview', namespaced: true };
const selfReviews: ResourceType = {
  group: 'authentication.k8s.io',
  version: 'v1',
  plural: 'selfsubjectreviews',
  kind: 'SelfSubjectReview',
  namespaced: false,
};

interface Answer {
  readonly need: Need;
  readonly state: 'ok' | 'missing' | 'unknown';
  readonly detail: string;
}

/** Checks everything needed to deploy, watch, stop and submit. Rejects only if the API server does not answer at all. */
export async function examine(kubernetes: Client, request: DoctorRequest, signal: AbortSignal): Promise<Diagnosis> {
  const { namespace, jobManagerAccount, taskManagerAccount } = request;
  const version = await kubernetes.version({ signal });
  const [dns, space, jobManager, taskManager, user, name, named, room] = await Promise.all([
    existence(kubernetes, { resource: SERVICES, namespace: 'kube-system', name: 'kube-dns' }, 'Cluster DNS', signal),
    existence(kubernetes, { resource: NAMESPACES, name: namespace }, `Namespace ${namespace}`, signal),
    accountAnswers(kubernetes, namespace, jobManagerAccount, jobManagerNeeds(namespace, request), signal),
    accountAnswers(kubernetes, namespace, taskManagerAccount, taskManagerNeeds(namespace, request), signal),
    Promise.all(userNeeds(namespace, request).map((need) => ask(need, (question) => kubernetes.can(question, { signal })))),
    userName(kubernetes, signal),
    Promise.all(request.named.map((object) => lookFor(kubernetes, namespace, object, signal))),
    roomFor(kubernetes, namespace, request.demands, signal),
  ]);
  const together = jobManagerAccount === taskManagerAccount;
  const findings = [
    serverFinding(version, kubernetes.tlsUnverified),
    dns,
    space,
    ...grouped('You', user),
    jobManager.account,
    ...grouped(`Service account ${jobManagerAccount} (JobManager)`, jobManager.answers),
    ...(together ? [] : [taskManager.account]),
    ...grouped(`Service account ${taskManagerAccount} (TaskManagers)`, taskManager.answers),
    ...named,
    ...room,
  ];
  const missing = (answers: readonly Answer[]) => answers.filter(({ state }) => state === 'missing').map(({ need }) => need.question);
  const account = (who: string) => ({ kind: 'ServiceAccount', name: who, namespace }) as const;
  // A namespace comes with its account `default`; one that may not be read may have it.
  const lackingAccounts = [
    ...new Map([
      [jobManagerAccount, jobManager.account],
      [taskManagerAccount, taskManager.account],
    ]),
  ].flatMap(([who, { state }]) => (state === 'missing' && !(who === 'default' && space.state !== 'ok') ? [who] : []));
  return {
    findings,
    repairs: [
      ...(space.state === 'missing' ? [namespaceRepair(namespace)] : []),
      ...lackingAccounts.map((each) => accountRepair(each, namespace)),
      ...repairFor({
        name: 'drey-user',
        namespace,
        subject: { kind: 'User', name: name ?? 'YOUR_USER' },
        questions: missing(user.filter(({ need }) => !need.optional)),
      }),
      ...repairFor({
        name: 'flink-jobmanager',
        namespace,
        subject: account(jobManagerAccount),
        questions: missing([...jobManager.answers, ...(together ? taskManager.answers : [])]),
      }),
      ...(together
        ? []
        : repairFor({
            name: 'flink-taskmanager',
            namespace,
            subject: account(taskManagerAccount),
            questions: missing(taskManager.answers),
          })),
    ],
  };
}

function serverFinding(version: string, tlsUnverified: boolean): Finding {
  const [, major = '0', minor = '0'] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  const enough = Number(major) > oldestServer[0] || (Number(major) === oldestServer[0] && Number(minor) >= oldestServer[1]);
  const tls = tlsUnverified ? '; TLS is not verified (insecure-skip-tls-verify): this may be any server' : '';
  return {
    about: 'API server',
    state: enough ? 'ok' : 'missing',
    detail: `${enough ? version : `${version} is older than ${oldestServer.join('.')}`}${tls}`,
    optional: false,
    advice: enough ? undefined : `upgrade Kubernetes to ${oldestServer.join('.')} or newer`,
  };
}

async function existence(kubernetes: Client, address: ObjectAddress, about: string, signal: AbortSignal): Promise<Finding> {
  const { resource, namespace, name } = address;
  try {
    await kubernetes.get(address, { signal });
    return { about, state: 'ok', detail: 'exists', optional: false };
  } catch (error) {
    if (isAbort(error)) throw error;
    const gone = error instanceof Problem && error.kind === 'not-found';
    return {
      about,
      state: gone ? 'missing' : 'unknown',
      detail: gone
        ? `there is no ${resource.kind} ${name}${namespace === undefined ? '' : ` in ${namespace}`}`
        : `could not be checked: ${sentence(error)}`,
      optional: resource === SERVICES,
    };
  }
}

async function accountAnswers(
  kubernetes: Client,
  namespace: string,
  account: string,
  needed: readonly Need[],
  signal: AbortSignal,
): Promise<{ readonly account: Finding; readonly answers: readonly Answer[] }> {
  const [found, answers] = await Promise.all([
    existence(kubernetes, { resource: accounts, namespace, name: account }, `Service account ${account}`, signal),
    Promise.all(needed.map((need) => ask(need, (question) => review(kubernetes, namespace, account, question, signal)))),
  ]);
  return { account: found, answers };
}

async function ask(need: Need, may: (question: AccessQuestion) => Promise<{ readonly allowed: boolean }>): Promise<Answer> {
  try {
    const { allowed } = await may(need.question);
    if (allowed || need.instead === undefined) return { need, state: allowed ? 'ok' : 'missing', detail: '' };
    const others = await Promise.all(need.instead.map(may));
    return others.every((other) => other.allowed)
      ? { need, state: 'ok', detail: `may not ${called(need.question)}; goes through ${need.instead.map(called).join(', ')} instead` }
      : { need, state: 'missing', detail: '' };
  } catch (error) {
    if (isAbort(error)) throw error;
    return {
      need,
      state: 'unknown',
      detail:
        error instanceof Problem && error.kind === 'forbidden'
          ? 'you may not ask for the rights of others (create subjectaccessreviews)'
          : sentence(error),
    };
  }
}

/** The rights of an account: asked for the whole cluster, or within the namespace if that is forbidden. */
async function review(
  kubernetes: Client,
  namespace: string,
  account: string,
  question: AccessQuestion,
  signal: AbortSignal,
): Promise<{ readonly allowed: boolean }> {
  const { verb, resource, group = '', subresource, name } = question;
  const spec = {
    user: `system:serviceaccount:${namespace}:${account}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
    resourceAttributes: {
      namespace,
      verb,
      group,
      resource,
      ...(subresource === undefined ? {} : { subresource }),
      ...(name === undefined ? {} : { name }),
    },
  };
  const send = async (type: ResourceType, within: string | undefined) => {
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: type.kind,
      ...(within === undefined ? {} : { metadata: { namespace: within } }),
      spec,
    };
    const answer = await kubernetes.create<KubernetesObject & { readonly status?: { readonly allowed?: boolean } }>(type, within, body, {
      signal,
    });
    return { allowed: answer.status?.allowed === true };
  };
  try {
    return await send(reviews, undefined);
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'forbidden') throw error;
    return send(localReviews, namespace);
  }
}

/** The user's name on the API server; undefined if it does not report it (before Kubernetes 1.28). */
async function userName(kubernetes: Client, signal: AbortSignal): Promise<string | undefined> {
  try {
    const answer = await kubernetes.create<KubernetesObject & { readonly status?: { readonly userInfo?: { readonly username?: string } } }>(
      selfReviews,
      undefined,
      { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      { signal },
    );
    return answer.status?.userInfo?.username;
  } catch (error) {
    if (isAbort(error)) throw error;
    return undefined;
  }
}

/** One line per purpose and resource, with all its verbs. */
function grouped(who: string, answers: readonly Answer[]): readonly Finding[] {
  const purposes = [...new Set(answers.map(({ need }) => need.purpose))];
  return purposes.map((purpose) => {
    const all = answers.filter(({ need }) => need.purpose === purpose);
    const words = (state: Answer['state']) =>
      all
        .filter((each) => each.state === state)
        .map(({ need }) => called(need.question))
        .join(', ');
    const optional = all.every(({ need }) => need.optional);
    if (all.some(({ state }) => state === 'missing'))
      return { about: `${who}: ${purpose}`, state: 'missing', detail: `may not ${words('missing')}`, optional };
    const unknown = all.find(({ state }) => state === 'unknown');
    if (unknown !== undefined) return { about: `${who}: ${purpose}`, state: 'unknown', detail: unknown.detail, optional };
    return {
      about: `${who}: ${purpose}`,
      state: 'ok',
      detail: all.find(({ detail }) => detail !== '')?.detail ?? `may ${words('ok')}`,
      optional,
    };
  });
}

const called = ({ verb, resource, subresource }: AccessQuestion): string =>
  `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
