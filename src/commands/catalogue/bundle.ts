import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { aligned } from '../../session/tables/text-table.ts';
import { exitCodes } from '../../support/exit-codes.ts';
import { formatBytes, formatDateTime, formatSpan } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import type { Instant } from '../../support/clock.ts';
import { userPath } from '../line/jar-files.ts';
import { arg, option, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import type { CommandContext } from '../model/types.ts';
import { isTaken } from '../procedures/new-file.ts';
import { mayOverwrite } from '../procedures/pod-path.ts';
import { tellAside } from '../procedures/tell-aside.ts';
import type { WrittenBundle } from '../bundle/write-bundle.ts';

const usualMs = 2 * 60 * 60_000;

export const bundle = command({
  name: 'bundle',
  summary: 'Write all that is known of the cluster into one file, for somebody who helps',
  details:
    'A zip with what is wrong, the objects of the cluster and their events, the answers of Flink about its configuration, processes and jobs, logs, and what was recorded; secrets are masked, and those of Kubernetes are not read. ' +
    'README.md in it says what is inside, and what was left out and why. drey replay FILE shows the recording. What cannot be had is left out, because the JobManager is away or you may not read it; in a shell, the exit code is 3 then.',
  group: 'session',
  examples: ['bundle', 'bundle --last 30m', 'bundle ~/incident.zip --last 1d'],
  args: { file: optional({ ...arg.text('The file; default: drey-CLUSTER-TIME.zip in the current folder'), kind: 'file' }) },
  options: {
    last: option.duration('DURATION', 'How much of the logs and the recording: 30m, 2h, 1d; default: 2h'),
    force: option.flag('Overwrite the file'),
  },
  shell: { kind: 'run', outlives: true },
  danger: 'safe',
  available: ({ past, target: { replayed } }) =>
    past === undefined ||
    (replayed === true
      ? 'A bundle is made of a cluster, and this is a recording.'
      : 'A bundle is made of what is so now: live returns there, and --last says how far back it goes.'),
  async run(context, { file, last = usualMs, force }) {
    const { clock, cwd, front, home, mode, operations, store, signal } = context;
    const { clusterId } = store.get().target;
    const to = clock.now();
    const path = file === undefined ? join(cwd, usualName(clusterId, to)) : userPath(file, { cwd, home });
    await mayWrite(context, path, force);
    const { writeBundle } = await import('../bundle/write-bundle.ts');
    const written = await operations.track(
      { title: `Bundle of ${clusterId}`, kind: 'other', jobId: undefined },
      async ({ progress }, session) => {
        const value = await writeBundle(
          { ...context, signal: AbortSignal.any([session, signal]) },
          {
            path,
            overwrite: force,
            from: to - last,
            to,
            tell: (what, bytes) => progress(`${what}, ${formatBytes(bytes)}`),
            // The screen has a panel that says how far it is.
            begin: (part) => (mode === 'tui' ? undefined : tellAside(context, `${part} …`)),
          },
        );
        return { value, result: path };
      },
    );
    if (written.facts.leftOut.some(({ because }) => because !== 'none')) front.exited?.(exitCodes.unknown);
    return front.show({
      kind: 'facts',
      title: 'Bundle',
      text: await bundleLines(path, last, written),
      data: { path, bytes: written.bytes, ...written.facts },
    });
  },
});

const usualName = (clusterId: string, at: Instant): string =>
  `drey-${clusterId}-${new Date(at).toISOString().replace(/\.\d+/, '').replaceAll(':', '-')}.zip`;

async function mayWrite(context: CommandContext, path: string, force: boolean): Promise<void> {
  if (!(await isTaken(path))) return;
  if (!(await stat(path)).isFile()) throw new Problem('conflict', `${path} is not a file.`, { hint: 'Name another file.' });
  await mayOverwrite(context, path, force);
}

async function bundleLines(path: string, last: number, { facts, bytes }: WrittenBundle): Promise<readonly string[]> {
  const { kindsInside, leftOutLines } = await import('../bundle/readme.ts');
  const missing = facts.leftOut;
  return [
    `Saved ${path}: ${formatBytes(bytes)}, up to ${formatDateTime(Date.parse(facts.to))}, logs and recording of ${formatSpan(last)}.`,
    '',
    ...aligned(kindsInside(facts.inside), [{}, { align: 'right' }, { align: 'right' }, {}], '  '),
    ...(missing.length === 0 ? [] : ['', 'Left out:', ...leftOutLines(missing).map((line) => `  ${line}`)]),
    '',
    'Secrets are masked by their names and shapes. Look through the logs before you pass it on: README.md in it says what is inside.',
  ];
}
