import type { Command, Confirmation } from '../../src/commands/model/types.ts';
import { Problem } from '../../src/support/problem.ts';
import type { Session } from '../../src/session/types.ts';
import { lineOf } from '../../src/tui/state/line-text.ts';
import { detachQuestion, openQuestion, questionOf, type DialogState } from '../../src/tui/state/question.ts';
import { emptyCommandLine, type Ui } from '../../src/tui/state/ui.ts';
import { filterOf, job, live, now, pod, richSession, viewOf } from './fixtures.ts';
import { asked, inPanel, reading, withKeys } from './where.ts';

/** A cluster that is unkind to a screen: wide signs, endless names, thousands of everything. */
export function unkindSession(): Session {
  const pods = Array.from({ length: 300 }, (_, index) =>
    pod(`taskmanager-1-${index}`, {
      state: 'Unschedulable: 0/3 nodes are available: 3 Insufficient cpu 日本語日本語日本語日本語',
      severity: 'warn',
      restarts: 123_456,
      node: 'node'.repeat(30),
    }),
  );
  return {
    ...richSession(),
    target: {
      clusterId: 'a-very-long-cluster-id-that-goes-on-and-on-and-on-for-ever',
      namespace: 'namespace'.repeat(8),
      context: '語'.repeat(40),
      server: 'https://10.0.0.1',
    },
    pods: new Map(pods.map((each) => [each.name, each])),
    jobs: Array.from({ length: 40 }, (_, index) => job(`${index}`, '👨‍👩‍👧 job 日本語 '.repeat(9), 'RUNNING', [12_345, 123_456])),
    sources: new Map([
      ['pods', { ...live(now - 44_000), state: 'lost', nextTryAt: now + 8_000, problem: new Problem('unreachable', 'x '.repeat(300)) }],
      ['flink', { ...live(), state: 'stale' }],
      ['usage', { ...live(), state: 'denied' }],
    ]),
    operations: Array.from({ length: 30 }, (_, index) => ({
      id: `${index}`,
      title: 'Savepoint of '.repeat(20),
      kind: 'savepoint',
      jobId: undefined,
      startedAt: now - 12_000,
      endedAt: undefined,
      state: 'running',
      progress: '3/8',
      result: undefined,
    })),
    timeline: Array.from({ length: 90 }, (_, index) => ({
      at: now - index,
      from: 'k8s',
      severity: 'warn',
      subject: undefined,
      text: '語 long '.repeat(60),
    })),
  };
}

export const unkindLines = viewOf(
  Array.from({ length: 200 }, (_, index) => ({
    at: now,
    pod: 'p',
    level: index % 3 === 0 ? ('ERROR' as const) : undefined,
    timeline: undefined,
    text: index % 2 === 0 ? '日本語 \u001b[31mred\u001b[39m '.repeat(40) : `\tat org.apache.flink.Foo(Foo.java:${index})`,
  })),
);

const confirmation = {
  title: 'Stop session cluster',
  lines: ['word '.repeat(120)],
  jobs: unkindSession().jobs,
  phrase: 'the-phrase',
  action: 'stop now '.repeat(20),
  alternatives: [{ label: 'save first '.repeat(20), commandLine: 'stop --savepoint', recommended: true }],
};
/** The question that a command asks. */
export const asking = (over: Partial<Confirmation>): DialogState =>
  openQuestion(
    questionOf({
      kind: 'confirm',
      line: 'stop',
      command: { name: 'stop', summary: 'Stop' } as Command,
      given: {},
      confirmation: { ...confirmation, ...over },
    }),
  );

/** Everything that can be open, each with texts that are far too long. */
export const states: Readonly<Record<string, Partial<Ui>>> = {
  'at the start': {},
  'with a panel focused': inPanel('jobs'),
  'with a text': reading(
    Array.from({ length: 99 }, () => 'word 語 '.repeat(50)),
    { title: 'Help '.repeat(40), top: 3, search: filterOf('word'), found: 4 },
  ),
  'with a question': asked(asking({})),
  'with a phrase': asked({
    ...asking({ phrase: 'the-phrase'.repeat(20) }),
    typed: lineOf('語'.repeat(200)),
    problem: 'not this '.repeat(30),
  }),
  'with a question of nothing': asked(openQuestion(detachQuestion('cluster'.repeat(20)))),
  'with keys': { ...withKeys, ...inPanel('log') },
  'with a long line': {
    command: {
      ...emptyCommandLine,
      line: lineOf('語x'.repeat(500)),
      completion: {
        for: '',
        cursor: 0,
        from: 0,
        to: 0,
        candidates: [],
        common: '',
        ghost: 'ghost'.repeat(50),
        expects: undefined,
        unavailable: undefined,
      },
    },
  },
  'with results': { result: { lines: Array.from({ length: 200 }, () => 'result 語 '.repeat(60)), tone: 'error' } },
  'with a prompt': {
    overlay: {
      kind: 'prompt',
      prompt: {
        purpose: 'filter',
        panel: 'log',
        line: lineOf('語'.repeat(200)),
        read: '語'.repeat(200),
        problem: 'wrong '.repeat(80),
        before: { filter: undefined, search: undefined },
      },
    },
  },
};
