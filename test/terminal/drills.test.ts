import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start.ts';
import { Terminal } from './harness.ts';

// What happens takes its time in the sandbox: a TaskManager starts, a job restarts.

/** The screen of a sandbox whose jobs run, with a drill that has just asked its question. */
async function drill(name: string, question: string): Promise<Terminal> {
  const terminal = new Terminal(['attach', '--sandbox']);
  await terminal.sees(/orders-enrichment +▶ Running/);
  terminal.type(`drill ${name}⏎`);
  await terminal.sees(question);
  return terminal;
}

/** From the card to the panels. */
async function goHome(terminal: Terminal): Promise<void> {
  terminal.type('⎋');
  await terminal.sees('╭ Pods');
}

/** What stands in the result once the answer is on the card; afterwards the cluster is as it was. */
async function noticed(terminal: Terminal, name: string, keys: string): Promise<void> {
  await terminal.sees(new RegExp(`Drill ${name}: found after .* with ${keys}\\.`));
  await goHome(terminal);
  await terminal.sees(/orders-enrichment +▶ Running/);
  await terminal.sees(/k8s ● live.*flink ● live/);
}

test('a TaskManager is killed for its memory: ! explains it, and drey notices that it was found in one key', async () => {
  await using terminal = await drill('oom', 'has lost a TaskManager and starts again. What killed it?');
  await terminal.sees(/taskmanager-1-1 +✗ OOMKilled/);
  await terminal.sees(/! orders-enrichment /);
  terminal.type('!');
  await noticed(terminal, 'oom', '1 key. There is no shorter way');
});

// If such a place were taken for the answer, the drill would end with fewer keys than were pressed.
test.each([
  ['oom', 'What killed it?', /! orders-enrichment /, '4', '╭ Timeline'],
  ['outage', 'what they are seen through?', /refuses connections/, '4', '╭ Timeline'],
  ['no-slots', 'What do its TaskManagers wait for?', /orders-enrichment +⟳ Waiting[^]*! orders-enrichment /, '4', '╭ Timeline'],
] as const)(
  'drill %s is not over at a place that only names what happened: the explanation is the answer',
  async (name, question, happened, elsewhere, seen) => {
    await using terminal = await drill(name, question);
    await terminal.sees(happened);
    terminal.type('⎋');
    await terminal.sees('Tab next panel');
    terminal.type(elsewhere);
    await terminal.sees(seen);
    terminal.type('!');
    await terminal.sees(new RegExp(`Drill ${name}: found after .* with 3 keys\\. The shortest way: ! \\(1 key\\)\\.`));
    await goHome(terminal);
    terminal.type('2');
    await terminal.sees(/orders-enrichment +▶ Running/);
  },
);

test('of two jobs that fail, the one that ! explains is not the one that is asked about', async () => {
  await using terminal = await drill('two-failures', 'What does CarTopSpeedWindowing fail on?');
  await terminal.sees(/! orders-enrichment .*OutOfMemoryError/);
  terminal.type('!');
  await terminal.sees(/Root cause +.*Java heap space/);
  expect(terminal.text()).not.toContain('Drill two-failures: found');
  terminal.type('n');
  await noticed(terminal, 'two-failures', '2 keys. There is no shorter way');
});

test('a bad record: ! and l lead to the line that names it; another place in the log is not the answer, and the way is reported', async () => {
  await using terminal = await drill('bad-record', 'fails again and again on the same record.');
  await terminal.sees(/! orders-enrichment .*48151623/);
  terminal.type('⎋');
  await terminal.sees('Tab next panel');
  terminal.type('5g');
  await terminal.sees(/╭ Log ─.* paused/);
  expect(terminal.text()).not.toContain('Drill bad-record: found');
  terminal.type('!');
  await terminal.sees(/Root cause +\S/);
  terminal.type('l');
  await terminal.sees(/Drill bad-record: found after .* with \d+ keys\. The shortest way: ! l \(2 keys\)\./);
  terminal.type('⎋');
  await terminal.sees('╭ Why');
  await goHome(terminal);
  await terminal.sees(/orders-enrichment +▶ Running/);
});

test('the API server goes away: ! says what is lost, and it is back when that was seen', async () => {
  await using terminal = await drill('outage', 'Is it the jobs, or is it what they are seen through?');
  await terminal.sees(/refuses connections/);
  terminal.type('!');
  await noticed(terminal, 'outage', '1 key');
});

test('a savepoint that does not end: its operation tells how far it is, and it ends with the drill', async () => {
  await using terminal = await drill('stuck-savepoint', 'How many of its subtasks have acknowledged it?');
  terminal.type('⎋');
  await terminal.sees('Tab next panel');
  terminal.type('4');
  await terminal.sees('╭ Timeline');
  terminal.type('3');
  await terminal.sees(/Drill stuck-savepoint: found after .* with 3 keys\. The shortest way: Esc 3 \(2 keys\)\./);
  await terminal.sees(/Savepoint of orders.* ✓ succeeded/i);
});

test('a job that finds no room: ! names what is missing, and there is room again', async () => {
  await using terminal = await drill('no-slots', 'What do its TaskManagers wait for?');
  await terminal.sees(/taskmanager-1-3 .*Unschedulable/);
  await terminal.sees(/orders-enrichment +⟳ Waiting/);
  await terminal.sees(/! orders-enrichment /);
  terminal.type('!');
  await noticed(terminal, 'no-slots', '1 key');
});

test('drill lists what can be practised, shows the question again, and drill stop heals', async () => {
  await using terminal = await drill('outage', 'Nothing moves any more.');
  await terminal.sees(/refuses connections/);
  terminal.type('drill⏎');
  await terminal.sees('Nothing moves any more.');
  terminal.type('drill stop⏎');
  await terminal.sees('The drill is over, and the sandbox is healed.');
  await terminal.sees(/k8s ● live.*flink ● live/);
  terminal.type('drill⏎');
  await terminal.sees(/drill no-slots +A job that finds no room/);
});

test('sandbox oom, typed with Tab: the TaskManager dies, another one comes, the jobs run again', async () => {
  await using terminal = new Terminal(['attach', '--sandbox']);
  await terminal.sees(/orders-enrichment +▶ Running/);
  terminal.type('sandbox oo⇥⏎');
  await terminal.sees(/taskmanager-1-1 .*OOMKilled/);
  await terminal.sees(/taskmanager-1-3 .*Running/);
  await terminal.sees(/orders-enrichment +▶ Running/);
});

test('a second screen, attached by the kubeconfig of a sandbox, practises on it, and heals it when it is left', async () => {
  await using sandbox = await startSandbox();
  await using terminal = new Terminal(['attach', sandbox.clusterId], { env: { KUBECONFIG: sandbox.kubeconfig } });
  await terminal.sees(/orders-enrichment +▶ Running/);
  terminal.type('drill outage⏎');
  await terminal.sees(/refuses connections/);
  terminal.type('⌃c');
  expect(await terminal.exit).toBe(0);
  expect((await fetch(`${sandbox.url}/version`)).status).toBe(200);
});
