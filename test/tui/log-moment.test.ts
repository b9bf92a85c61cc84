import { expect, test } from 'vitest';
import { pod, richSession } from './fixtures.ts';
import { ScreenUnderTest, selectedPod, type ScreenOptions } from './harness.ts';

/** The job that restarts is the first of the table; its last failure was on a TaskManager whose pod is gone. */
async function inJob(options: ScreenOptions = {}): Promise<ScreenUnderTest> {
  const screen = new ScreenUnderTest(options);
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.hints.seesNo('⏎ run');
  screen.type('2⏎');
  await screen.place.sees('[1 Overview]');
  return screen;
}

test('beside a failure stands the log of its TaskManager at that moment, although its pod is gone; back at home the selected pod is followed', async () => {
  await using screen = await inJob();
  screen.type('3⏎');
  await screen.panel('Log').sees(/^╭ Log ─+ taskmanager-1-3 · paused[^]*Exception in task Enrich/);
  await screen.panel('Failure').sees('Root cause: IOException');
  screen.type('⎋');
  await screen.panel('Exceptions').sees('IOException');
  screen.type('⎋');
  await screen.panel('Log').sees('jobmanager-f647b · following');
  expect(selectedPod(screen)).toBe('jobmanager-f647b');
});

test('beside a checkpoint stands what the JobManager wrote when it was triggered', async () => {
  await using screen = await inJob();
  screen.type('2');
  await screen.panel('Checkpoints').sees('▸   43');
  screen.type('j⏎');
  await screen.panel('Log').sees(/jobmanager-f647b · paused[^]*11:33:50.000/);
});

test('beside a job that restarts stands its last failure, beside one that runs well the log as it was', async () => {
  await using screen = await inJob();
  await screen.panel('Log').sees(/jobmanager-f647b · paused[^]*▸11:34:16.224 ERROR/);
  screen.type('>>');
  await screen.place.sees('CarTopSpeedWindowing');
  await screen.panel('Log').sees('jobmanager-f647b · following');
});

test('on a small screen 0 leads to that log as well', async () => {
  await using screen = await inJob({ columns: 80, rows: 24 });
  screen.type('3⏎');
  await screen.panel('Failure').sees('Root cause: IOException');
  screen.type('0');
  await screen.panel('Log').sees('taskmanager-1-3');
  await screen.panel('Log').sees('Exception in task Enrich');
});

test('all logs stay all logs, at that moment', async () => {
  await using screen = await inJob();
  screen.type('0a');
  await screen.panel('Log').sees('all 4 logs');
  screen.type('3');
  await screen.panel('Exceptions').sees('IOException');
  screen.type('⏎');
  await screen.panel('Log').sees(/all 4 logs · paused/);
});

test('t in a failure shows the thread of the subtask; if the pod is gone, it says so', async () => {
  const session = richSession();
  const lost = pod('taskmanager-1-3');
  await using gone = await inJob({ session });
  gone.type('3');
  await gone.panel('Exceptions').sees('▸ 11:34:06');
  gone.type('t');
  await gone.result.sees('taskmanager-1-3 is gone, and its threads with it. Its log is kept');
  await using screen = await inJob({ session: { ...session, pods: new Map([...session.pods, [lost.name, lost]]), gone: [] } });
  screen.type('3');
  await screen.panel('Exceptions').sees('▸ 11:34:06');
  screen.type('t');
  await screen.panel('Threads /Sink: Print \\(3/4\\)').sees('No stack and no name matches Sink: Print');
});
