import type { ControlAnswer, ControlCommand } from './command.ts';

/** An argument of an action. The action receives a `job` as its id, a `pod` as its full name, a `duration` in milliseconds. */
export interface ActionArgument {
  readonly name: string;
  readonly kind: 'job' | 'pod' | 'duration' | 'number' | 'choice' | 'text';
  readonly summary: string;
  readonly optional: boolean;
  readonly choices?: readonly string[];
}

export type ActionValues = Readonly<Record<string, string | number | undefined>>;

/** A control command as a person types it. */
export interface SandboxAction {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  readonly args: readonly ActionArgument[];
  readonly command: (given: ActionValues) => ControlCommand;
  /** What the answer means, as a sentence; absent: its fields are shown as they are. */
  readonly done?: (answer: ControlAnswer) => string;
}

type Kind = ActionArgument['kind'];
const needed = (kind: Kind, name: string, summary: string): ActionArgument => ({ kind, name, summary, optional: false });
const maybe = (kind: Kind, name: string, summary: string): ActionArgument => ({ kind, name, summary, optional: true });
const oneOf = (name: string, choices: readonly string[], summary: string): ActionArgument => ({
  kind: 'choice',
  name,
  summary,
  optional: false,
  choices,
});

const text = (value: string | number | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: string | number | undefined, fallback: number): number => (typeof value === 'number' ? value : fallback);
/** A member, or nothing if its value is undefined. */
const part = <K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });

const FOR = maybe('duration', 'for', 'How long, such as 20s or 2min; default 20s');
const PATH = maybe('text', 'path', 'Only paths that contain this; default: all');
const times = maybe('number', 'times', 'How many times; default: once');
const duration = (given: ActionValues): number => number(given['for'], 20_000);

const action = (
  name: string,
  summary: string,
  args: readonly ActionArgument[],
  command: SandboxAction['command'],
  done?: SandboxAction['done'],
): SandboxAction => ({ name, summary, args, command, ...part('done', done) });
const plain = (name: string, summary: string, command: ControlCommand): SandboxAction => action(name, summary, [], () => command);

/** Everything that can be done to the sandbox, in the order of its help: to jobs and pods, to Flink, to the API server, to streams. */
export const actions: readonly SandboxAction[] = [
  action(
    'oom',
    'Kill a TaskManager for running out of memory',
    [maybe('pod', 'pod', 'Which one; default: the first')],
    ({ pod }) => ({
      kind: 'taskmanager-oom',
      ...part('pod', text(pod)),
    }),
    ({ pod }) => `${pod} was killed: it ran out of memory.`,
  ),
  action(
    'fail',
    'Make a task of a job throw an exception',
    [maybe('job', 'job', 'Which one; default: the first that runs'), maybe('text', 'message', 'What the exception says')],
    ({ job, message }) => ({ kind: 'job-fail', ...part('job', text(job)), ...part('message', text(message)) }),
    ({ name }) => `A task of ${name} has thrown an exception.`,
  ),
  action(
    'fail-for-good',
    'Make a task of a job throw an exception, with no restart left',
    [maybe('job', 'job', 'Which one; default: the first that runs'), maybe('text', 'message', 'What the exception says')],
    ({ job, message }) => ({ kind: 'job-fail', final: true, ...part('job', text(job)), ...part('message', text(message)) }),
    ({ name }) => `A task of ${name} has thrown an exception, and the job has no restart left.`,
  ),
  action(
    'finish',
    'End the input of a job, so that it finishes',
    [maybe('job', 'job', 'Which one; default: the first that runs')],
    ({ job }) => ({ kind: 'job-finish', ...part('job', text(job)) }),
    ({ name }) => `The input of ${name} has ended.`,
  ),
  action('sampling', 'Switch flame graphs and profilers on or off', [oneOf('state', ['on', 'off'], 'Whether')], ({ state }) => ({
    kind: 'sampling',
    on: state === 'on',
  })),
  action(
    'scheduler',
    'Schedule jobs adaptively, so that they can be rescaled, or not',
    [oneOf('which', ['adaptive', 'default'], 'The scheduler')],
    ({ which }) => ({ kind: 'scheduler', adaptive: which === 'adaptive' }),
  ),
  action(
    'large-job',
    'Add a job of 40 vertices, to see what many tasks look like',
    [needed('number', 'parallelism', 'Of each vertex')],
    (given) => ({
      kind: 'job-large',
      parallelism: number(given['parallelism'], 100),
    }),
    ({ name }) => `${name} was added.`,
  ),
  plain('deadlock', 'Make two threads of each TaskManager wait for each other', { kind: 'deadlock' }),
  action(
    'fail-checkpoints',
    'Make checkpoints and savepoints fail',
    [maybe('text', 'reason', 'What their message says')],
    ({ reason }) => ({
      kind: 'checkpoints-fail',
      ...part('reason', text(reason)),
    }),
  ),
  plain('stick-checkpoints', 'Make checkpoints and savepoints begin but never complete', { kind: 'checkpoints-stick' }),

  action(
    'release',
    'Delete a pod as Flink releases a TaskManager: it ends in its own time',
    [needed('pod', 'pod', 'Which one')],
    ({ pod }) => ({ kind: 'pod-delete', pod: text(pod) ?? '' }),
  ),
  action('kill', 'Remove a pod at once, as kubectl delete --force does', [needed('pod', 'pod', 'Which one')], ({ pod }) => ({
    kind: 'pod-kill',
    pod: text(pod) ?? '',
  })),
  action(
    'crash',
    'End the main container of a pod',
    [needed('pod', 'pod', 'Which one'), maybe('number', 'code', 'Exit code; default 1'), maybe('text', 'reason', 'Reason; default Error')],
    ({ pod, code, reason }) => ({ kind: 'pod-crash', pod: text(pod) ?? '', exitCode: number(code, 1), reason: text(reason) ?? 'Error' }),
  ),
  plain('kill-jobmanager', 'Remove the leading JobManager at once; another one takes over', { kind: 'jobmanager-kill' }),
  action(
    'crash-loop',
    'Make each JobManager die as soon as it starts',
    [maybe('text', 'reason', 'What its log names as the cause')],
    ({ reason }) => ({ kind: 'jobmanager-crash-loop', ...part('reason', text(reason)) }),
  ),
  plain('delete-cluster', 'Delete the cluster, as somebody else would: heal does not bring it back', { kind: 'cluster-delete' }),
  plain('no-room', 'Leave no room on the node for new pods', { kind: 'node-full' }),
  action(
    'refuse-taskmanagers',
    'Prevent Flink from creating TaskManager pods',
    [oneOf('how', ['forbidden', 'quota'], 'Missing rights, or a quota that is used up')],
    ({ how }) => ({ kind: 'taskmanagers-refuse', how: how === 'quota' ? 'quota' : 'forbidden' }),
  ),
  action(
    'pods',
    'Create TaskManager pods without processes, to see what many pods look like',
    [needed('number', 'count', 'How many'), maybe('duration', 'age', 'How old they are; default 0s')],
    ({ count, age }) => ({ kind: 'pods-create', count: number(count, 1), ageMs: number(age, 0) }),
  ),
  action('churn', 'Change those pods all the time', [needed('number', 'rate', 'Changes a second'), FOR], (given) => ({
    kind: 'pods-churn',
    perSecond: number(given['rate'], 1),
    forMs: duration(given),
  })),
  plain('clear-pods', 'Remove those pods', { kind: 'pods-remove' }),

  action('election', 'Make REST answer that an election is under way', [FOR], (given) => ({
    kind: 'rest-election',
    forMs: duration(given),
  })),
  action('rest-slow', 'Delay the answers of REST', [needed('duration', 'delay', 'How late'), FOR], (given) => ({
    kind: 'rest-slow',
    delayMs: number(given['delay'], 1_000),
    forMs: duration(given),
  })),
  action('rest-cut', 'Cut answers of REST off in the middle', [times, PATH], (given) => ({
    kind: 'rest-cut',
    times: number(given['times'], 1),
    ...part('path', text(given['path'])),
  })),
  action('rest-shape', 'Make REST answer with another text', [needed('text', 'body', 'The text'), times, PATH], (given) => ({
    kind: 'rest-shape',
    body: text(given['body']) ?? '',
    times: number(given['times'], 1),
    ...part('path', text(given['path'])),
  })),
  action(
    'lose-answer',
    'Make REST handle a request and lose its answer',
    [oneOf('of', ['upload', 'run', 'trigger'], 'Of which request')],
    ({ of }) => ({ kind: 'rest-lose-answer', of: of === 'run' || of === 'trigger' ? of : 'upload' }),
  ),

  action('outage', 'Make the API server refuse connections', [FOR], (given) => ({ kind: 'api-restart', forMs: duration(given) })),
  action('hang', 'Make the API server accept connections and answer nothing', [FOR], (given) => ({
    kind: 'api-pause',
    forMs: duration(given),
  })),
  action('slow', 'Delay the answers of the API server', [maybe('duration', 'delay', 'How late; default 2s'), FOR], (given) => ({
    kind: 'api-slow',
    delayMs: number(given['delay'], 2_000),
    forMs: duration(given),
  })),
  action(
    'answer',
    'Make the API server answer with an error',
    [oneOf('status', ['400', '401', '403', '409', '410', '429', '500', '503'], 'Which one'), times, PATH],
    (given) => ({
      kind: 'api-answer',
      status: statusOf(text(given['status'])),
      times: number(given['times'], 1),
      ...part('path', text(given['path'])),
    }),
  ),
  action(
    'deny',
    'Take a right away',
    [needed('text', 'verb', 'get, list, watch, create, delete, … or *'), maybe('text', 'resource', 'pods, deployments, …; default: all')],
    ({ verb, resource }) => ({ kind: 'deny', right: { verb: text(verb) ?? '*', ...part('resource', text(resource)) } }),
  ),
  plain('allow', 'Give all rights back', { kind: 'allow-all' }),
  action(
    'token',
    'Require a token: that of the kubeconfig, a new one, a new one that is kept secret, or none again',
    [oneOf('what', ['require', 'rotate', 'hide', 'off'], 'What to require')],
    ({ what }) => {
      if (what === 'off') return { kind: 'token-off' };
      return what === 'require' ? { kind: 'token-require' } : { kind: 'token-rotate', hide: what === 'hide' };
    },
  ),

  action(
    'cut',
    'Cut watches, logs and port-forwards',
    [maybe('duration', 'every', 'Repeat at this interval; 0s stops. Default: once')],
    ({ every }) => ({ kind: 'streams-cut', ...part('everyMs', typeof every === 'number' ? every : undefined) }),
  ),
  plain('expire', 'End every watch with 410 Gone', { kind: 'watches-expire' }),
  action('bookmarks', 'Send bookmarks in watches, or not', [oneOf('state', ['on', 'off'], 'Whether')], ({ state }) => ({
    kind: 'bookmarks',
    on: state === 'on',
  })),
  action(
    'forward',
    'Disturb port-forwards',
    [
      oneOf(
        'how',
        ['close', 'stall', 'refuse', 'gateway', 'work'],
        'close: once; the others hold until work; gateway: no connection is upgraded',
      ),
    ],
    ({ how }) => ({
      kind: 'port-forward',
      mode: how === 'close' || how === 'stall' || how === 'refuse' || how === 'gateway' ? how : 'work',
    }),
  ),
  action(
    'write',
    'Make a pod write numbered log lines',
    [
      needed('pod', 'pod', 'Which one'),
      needed('number', 'lines', 'How many'),
      maybe('number', 'rate', 'Lines a second; default: all at once'),
    ],
    ({ pod, lines, rate }) => ({
      kind: 'logs-write',
      pod: text(pod) ?? '',
      lines: number(lines, 1),
      ...part('perSecond', typeof rate === 'number' ? rate : undefined),
    }),
  ),
  action(
    'reset-logs',
    'Reset the log streams',
    [oneOf('where', ['line-end', 'mid-line'], 'After a line, or in the middle of one')],
    ({ where }) => ({ kind: 'logs-reset', midLine: where === 'mid-line' }),
  ),
  plain('end-logs', 'End the log streams although the containers run', { kind: 'logs-end' }),
  action(
    'repeat-logs',
    'Make each requested log begin some lines too early',
    [needed('number', 'lines', 'How many; 0 stops')],
    ({ lines }) => ({ kind: 'logs-repeat', lines: number(lines, 0) }),
  ),

  plain('heal', 'Put everything back to normal; what was killed stays killed', { kind: 'heal' }),
  plain('writes', 'Show what clients have asked to change', { kind: 'writes' }),
  plain('state', 'Show what the sandbox counts', { kind: 'state' }),
];

type Status = Extract<ControlCommand, { readonly kind: 'api-answer' }>['status'];
const STATUSES: readonly Status[] = [400, 401, 403, 409, 410, 429, 500, 503];
const statusOf = (word: string | undefined): Status => STATUSES.find((status) => String(status) === word) ?? 503;
