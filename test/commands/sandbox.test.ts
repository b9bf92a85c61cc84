import { describe, expect, test } from 'vitest';
import type { SandboxValues } from '../../src/commands/model/sandbox-control.ts';
import { actions } from '../../src/sandbox/control/actions.ts';
import { Problem } from '../../src/support/problem.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { desk, type Desk } from './desk.ts';

interface Site extends Desk {
  readonly performed: (readonly [string, SandboxValues])[];
}

function site(answer: Readonly<Record<string, unknown>> = {}, mode: 'tui' | 'line' = 'tui'): Site {
  const performed: (readonly [string, SandboxValues])[] = [];
  const at = desk({
    mode,
    sandbox: {
      kubeconfig: '/tmp/a folder/kubeconfig',
      outlives: false,
      examples: '/examples',
      actions,
      async perform(name, given) {
        performed.push([name, given]);
        return answer;
      },
    },
  });
  at.store.jobs(job({ id: 'a'.repeat(32), name: 'orders' }));
  at.store.pods(pod({ name: 'mine-taskmanager-1-1', shortName: 'taskmanager-1-1' }));
  return { ...at, performed };
}

describe('sandbox', () => {
  test.each(['tui', 'line'] as const)('in the %s: what is named is looked up, durations are read', async (mode) => {
    const { run, performed } = site({}, mode);
    for (const line of [
      'sandbox oom tm1-1',
      'sandbox fail orders "no disk left"',
      'sandbox outage 20s',
      'sandbox outage 20',
      'sandbox hang 2min',
      'sandbox heal',
    ])
      expect(await run(line)).toEqual({ kind: 'done' });
    expect(performed).toEqual([
      ['oom', { pod: 'mine-taskmanager-1-1' }],
      ['fail', { job: 'a'.repeat(32), message: 'no disk left' }],
      ['outage', { for: 20_000 }],
      ['outage', { for: 20_000 }],
      ['hang', { for: 120_000 }],
      ['heal', {}],
    ]);
  });

  test('an unknown action, job, pod or duration is one sentence', async () => {
    const { says, performed } = site();
    expect(await says('sandbox ooom')).toBe('The sandbox cannot do "ooom". The nearest is oom; help sandbox lists what it can.');
    expect(await says('sandbox api-pause 15s')).toBe('The sandbox cannot do "api-pause". help sandbox lists what it can.');
    expect(await says('sandbox heal 15s')).toContain('sandbox heal does not take "15s".');
    expect(await says('sandbox nothing-like-it')).toBe('The sandbox cannot do "nothing-like-it". help sandbox lists what it can.');
    expect(await says('sandbox fail nosuch')).toContain('There is no job "nosuch"');
    expect(await says('sandbox oom nosuch')).toContain('There is no pod "nosuch"');
    expect(await says('sandbox outage soon')).toContain('soon does not start with a number');
    expect(await says('sandbox kill')).toContain('sandbox kill needs POD');
    expect(performed).toEqual([]);
  });

  test('Tab offers the actions with what they do, then jobs, pods and choices', async () => {
    const { runner } = site();
    const offers = async (line: string): Promise<readonly string[]> =>
      (await runner.complete(line, line.length)).candidates.map(({ label }) => label);
    expect((await runner.complete('sandbox out', 11)).candidates).toEqual([
      expect.objectContaining({ label: 'outage', insert: 'outage ', description: 'Make the API server refuse connections' }),
    ]);
    expect(await offers('sandbox ')).toEqual(actions.map(({ name }) => name));
    expect(await offers('sandbox fail o')).toEqual(['orders']);
    expect(await offers('sandbox kill ')).toEqual(['taskmanager-1-1']);
    expect(await offers('sandbox token ')).toEqual(['require', 'rotate', 'hide', 'off']);
  });

  test('alone it lists what it can; what an action answers is shown', async () => {
    const { run, front } = site({ pod: 'mine-taskmanager-1-1', jobs: [{ id: 'x', status: 'RUNNING' }] });
    await run('sandbox');
    const text = (front.views.at(-1) as { readonly text: readonly string[] }).text.join('\n');
    expect(text).toMatch(/sandbox outage \[FOR\] +Make the API server refuse connections/);
    expect(text).toContain("KUBECONFIG='/tmp/a folder/kubeconfig' drey sandbox ACTION");
    await run('sandbox state');
    await run('sandbox oom');
    expect(front.printed).toEqual([
      'pod: mine-taskmanager-1-1',
      'jobs: x RUNNING',
      'mine-taskmanager-1-1 was killed: it ran out of memory.',
    ]);
  });

  test.each(['sandbox oom', 'drill oom'])('another cluster answers %s with one sentence', async (line) => {
    expect(await desk().says(line)).toMatch(/^This cluster is not a sandbox\. drey attach --sandbox starts one;/);
  });

  test('what the sandbox refuses is reported', async () => {
    const at = desk({
      sandbox: {
        kubeconfig: undefined,
        outlives: true,
        examples: '/',
        actions,
        perform: () => Promise.reject(new Problem('invalid', 'The sandbox refuses: no job is running.')),
      },
    });
    expect(await at.says('sandbox heal')).toBe('The sandbox refuses: no job is running.');
  });
});
