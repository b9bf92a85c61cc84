import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/until.ts';
import { Terminal } from '../terminal/harness.ts';
import { gateBeforeApiServer } from './gate.ts';
import { deploySession, examples, run, start, testNamespace, type Running, type TestNamespace } from './session-cluster.ts';
import { deployment, keptText, worker } from './worker-pods.ts';

/**
 * That no line of a log is lost or doubled, whatever the cluster does to it: compared with what the pods wrote. Each test waits for its own pod,
 * so they run together.
 */

const clusterId = 'lines';
const folder = mkdtempSync(join(tmpdir(), 'drey-logs-'));
/** Milliseconds: a machine with other work. */
const patience = 300_000;
const limit = 480_000;

let namespace: TestNamespace;

beforeAll(async () => {
  namespace = await testNamespace('logs');
  await create(deployment(clusterId));
});
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function create(object: { readonly metadata: { readonly name: string } }): Promise<void> {
  const file = join(folder, `${object.metadata.name}.json`);
  writeFileSync(file, JSON.stringify(object));
  await namespace.kubectl('create', '-f', file);
}

/** Prints numbered lines of a length, `burst` of them every 50 ms. */
const counting = (lines: number, { burst, length = 0, then = 'sleep 600' }: { burst: number; length?: number; then?: string }): string =>
  `$| = 0; my $rest = 'x' x ${length};
   for my $i (1 .. ${lines}) { print "2026-11-22 11:34:00,000 INFO  Task [] - line $i $rest\\n"; if ($i % ${burst} == 0) { $| = 1; print ''; $| = 0; select(undef, undef, undef, 0.05); } }
   $| = 1; print "the end\\n"; ${then};`;

/** Before it goes on, a script waits for a file `/tmp/go`. */
const waiting = `$| = 1; print "it begins\\n"; until (-e '/tmp/go') { select(undef, undef, undef, 0.1); }`;

const numbers = (text: string): readonly number[] => [...text.matchAll(/ - line (\d+) /g)].map(([, number]) => Number(number));
/** Each number once and in order, from the first one on; otherwise the numbers around the first place where that is not so. */
function whole(found: readonly number[], last: number): unknown {
  const first = found[0] ?? 1;
  const at = found.findIndex((number, index) => number !== first + index);
  return at >= 0 ? found.slice(Math.max(0, at - 2), at + 3) : found.at(-1) === last ? 'whole' : `ends with ${found.at(-1)}`;
}

const attach = (state: string, kubeconfig = process.env['KUBECONFIG'] ?? ''): Terminal =>
  new Terminal(['attach', clusterId, '-n', namespace.name, '--kubeconfig', kubeconfig], {
    rows: 40,
    columns: 150,
    patience,
    env: { XDG_STATE_HOME: join(folder, state) },
  });
const follow = (pod: string, kubeconfig = process.env['KUBECONFIG'] ?? ''): Running =>
  start('drey', ['logs', '-n', namespace.name, '--kubeconfig', kubeconfig, clusterId, pod, '-f'], { XDG_STATE_HOME: join(folder, 'none') });

test.concurrent(
  'a log that its node puts away in pieces is kept and printed whole',
  async () => {
    await using terminal = attach('rotated');
    await terminal.sees(/k8s ● live/);
    const lines = 25_000;
    await create(worker(clusterId, 'taskmanager-1-1', `${waiting} ${counting(lines, { burst: 50, length: 900 })}`));
    await terminal.sees(/taskmanager-1-1 .*Running/);
    const printed = follow('taskmanager-1-1');
    // The kubelet notices a new file only for those who have come to the end of the old one before (1.34, cri-client/pkg/logs).
    await eventually('it is followed', async () => {
      const kept = await keptText(join(folder, 'rotated'), 'taskmanager-1-1');
      return [kept, printed.stdout()].every((text) => text.includes('it begins\n'));
    });
    await namespace.kubectl('exec', `${clusterId}-taskmanager-1-1`, '--', 'touch', '/tmp/go');
    await eventually('its end is printed', () => printed.stdout().includes('the end\n'), patience);
    printed.child.kill('SIGINT');
    await eventually(
      'its end is kept',
      async () => (await keptText(join(folder, 'rotated'), 'taskmanager-1-1')).includes('the end\n'),
      patience,
    );
    // Of the node there is only the last piece.
    expect(numbers(await namespace.kubectl('logs', `${clusterId}-taskmanager-1-1`))[0]).toBeGreaterThan(1_000);
    expect(whole(numbers(await keptText(join(folder, 'rotated'), 'taskmanager-1-1')), lines)).toBe('whole');
    const found = numbers(printed.stdout());
    expect(found[0]).toBe(1);
    expect(whole(found, lines)).toBe('whole');
  },
  limit,
);

test.concurrent(
  'connections that are cut again and again lose no line and double none',
  async () => {
    await using gate = await gateBeforeApiServer(folder);
    await using terminal = attach('cut', gate.kubeconfig);
    await terminal.sees(/k8s ● live/);
    const lines = 2_000;
    await create(worker(clusterId, 'taskmanager-1-2', counting(lines, { burst: 5 })));
    await terminal.sees(/taskmanager-1-2 .*Running/);
    const printed = follow('taskmanager-1-2', gate.kubeconfig);
    for (let cut = 1; cut <= 3; cut += 1) {
      const before = numbers(printed.stdout()).length;
      await eventually('lines come', () => numbers(printed.stdout()).length > before + 100, patience);
      await gate.shut();
      if (cut === 2) await terminal.sees(/k8s ○ lost/);
      await gate.open();
    }
    await eventually('its end is printed', () => printed.stdout().includes('the end\n'), patience);
    printed.child.kill('SIGINT');
    await eventually(
      'its end is kept',
      async () => (await keptText(join(folder, 'cut'), 'taskmanager-1-2')).includes('the end\n'),
      patience,
    );
    expect(whole(numbers(printed.stdout()), lines)).toBe('whole');
    expect(whole(numbers(await keptText(join(folder, 'cut'), 'taskmanager-1-2')), lines)).toBe('whole');
  },
  limit,
);

/** Ends its first run at once, and the second one when there is a file `/tmp/go`; the third one stays. */
const crashing = `$| = 1; open(my $runs, '>>', '/state/runs'); print $runs 'x'; close $runs; my $run = -s '/state/runs';
  print "2026-11-22 11:34:00,000 INFO  Task [] - run $run line $_\\n" for 1 .. 20;
  if ($run == 2) { until (-e '/tmp/go') { select(undef, undef, undef, 0.1); } print "2026-11-22 11:34:00,000 ERROR Task [] - last words $_\\n" for 1 .. 20; }
  exit 3 if $run < 3; sleep 600;`;
const told = (what: string): readonly string[] => Array.from({ length: 20 }, (_, index) => `${what} ${index + 1}`);
const messages = (text: string): readonly string[] => [...text.matchAll(/ - (.*)/g)].map(([, message]) => message ?? '');

test.concurrent(
  'the log of the container before stands in front of the one that runs; what a container wrote while nobody was attached is not lost',
  async () => {
    await create(worker(clusterId, 'taskmanager-1-3', crashing, 'Always'));
    const kept = async (): Promise<readonly string[]> => messages(await keptText(join(folder, 'crash'), 'taskmanager-1-3'));
    const holds = (message: string): Promise<unknown> =>
      eventually(`${message} is kept`, async () => (await kept()).includes(message), patience);
    {
      await using first = attach('crash');
      await holds('run 2 line 20');
      expect(await kept()).toEqual([...told('run 1 line'), ...told('run 2 line')]);
      const previous = await run('drey', ['logs', '-n', namespace.name, clusterId, 'taskmanager-1-3', '--previous']);
      expect([messages(previous.stdout), previous.stderr]).toEqual([told('run 1 line'), '']);
      first.signal('SIGKILL');
      await first.exit;
    }
    await eventually(
      'its third container runs',
      async () => {
        if ((await namespace.kubectl('logs', `${clusterId}-taskmanager-1-3`)).includes('run 3 line 20')) return true;
        // Told again if that failed on a busy node; and its container may end before kubectl hears that it was told.
        await namespace.kubectl('exec', `${clusterId}-taskmanager-1-3`, '--', 'touch', '/tmp/go').catch(() => undefined);
        return false;
      },
      patience,
    );
    await using second = attach('crash');
    await holds('run 3 line 20');
    expect(await kept()).toEqual(['run 1 line', 'run 2 line', 'last words', 'run 3 line'].flatMap(told));
    second.type('log taskmanager-1-3⏎');
    await second.sees(/last words 20/);
  },
  limit,
);

test.concurrent(
  'after a job failed, the template that was first seen since is on top',
  async () => {
    const session = 'failing';
    await deploySession(namespace, session, '-Drestart-strategy.type=none');
    const target = ['-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${session}`, `-Dkubernetes.namespace=${namespace.name}`];
    const job = ['-d', ...target, join(examples, 'jobs/FailAfter.jar'), '--after', '10', '--restarts', '0'];
    expect(await run('flink', ['run', ...job])).toMatchObject({ code: 0 });
    const report = await eventually(
      'the failure is known',
      async () => {
        const { code, stdout, stderr } = await run('drey', ['logs', '-n', namespace.name, session, '--templates', '-o', 'json']);
        expect(code, stderr).toBe(0);
        const read = JSON.parse(stdout) as Templates;
        return read.templates[0]?.new === true && read;
      },
      patience,
    );
    expect(report.failure?.what).toMatch(/ failed$/);
    expect(report.templates.filter((each) => each.new).map(({ template }) => template)).toContainEqual(
      expect.stringContaining('switched from RUNNING to FAILED'),
    );
    expect(report.templates.find(({ template }) => template.startsWith('Loading configuration property'))).toMatchObject({ new: false });
  },
  limit,
);

interface Templates {
  readonly failure: { readonly what: string } | null;
  readonly templates: readonly { readonly new: boolean; readonly template: string }[];
}
