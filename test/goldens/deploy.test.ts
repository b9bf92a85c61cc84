import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Capture, captureNames, casesFolder, readCapture } from './captures.ts';
import { kubeconfigOf } from '../support/kubeconfig.ts';
import { normal, scrub } from './compare.ts';
import { Recorder, type RecordedRequest, type Seed } from './recorder.ts';
import { type Ended, runProgram } from './run-program.ts';
import { Stage } from './stage.ts';

/** Where a client should differ from Flink's on purpose; `why` says why. */
interface Deviation {
  readonly changes?: 'none' | 'no-delete';
  readonly exit?: 'ok' | 'fail';
  readonly output?: 'own';
  readonly why: string;
}

const deviations = JSON.parse(readFileSync(join(import.meta.dirname, 'deviations.json'), 'utf8')) as Readonly<Record<string, Deviation>>;

type Change = Pick<RecordedRequest, 'method' | 'path' | 'body'> & { readonly status: number | string };

/** What was changed on the server, in an order of its own. */
function changesOf(requests: readonly Change[]): readonly string[] {
  return requests
    .filter(({ method, status }) => method !== 'GET' && typeof status === 'number' && status < 300)
    .map(({ method, path, body }) =>
      JSON.stringify([
        scrub(`${method} ${path}`),
        method === 'DELETE'
          ? { propagationPolicy: (body as { propagationPolicy?: string } | null)?.propagationPolicy }
          : sorted(normal(body)),
      ]),
    );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}

const recorded = kubeconfigOf('${API}', { contexts: ['recorder'], user: { token: 'recorder-token' }, namespace: 'from-the-context' });

/** What drey is given for it: it is told of which version it is the client, and `run` deploys applications of all of them. */
function argumentsOf({ script, args, flinkVersion }: Capture['case']): readonly string[] {
  if (flinkVersion === '2.3.0') return args;
  const version = `-Ddrey.flink-version=${flinkVersion}`;
  return script.endsWith('kubernetes-session.sh') ? [version, ...args] : ['run', version, ...args.slice(1)];
}

interface Played extends Ended {
  readonly requests: readonly RecordedRequest[];
}

async function play({ case: given }: Capture): Promise<Played> {
  using stage = new Stage(given);
  const { seed, kubeconfig: own } = given as typeof given & { readonly seed?: Seed; readonly kubeconfig?: string | null };
  await using recorder = new Recorder(seed);
  const url = await recorder.listen();
  const fill = (text: string) => stage.fill(text).replaceAll('${API}', url);
  writeFileSync(join(stage.folder, 'kubeconfig'), fill(own ?? recorded));
  const env = Object.fromEntries(Object.entries(stage.env).map(([name, value]) => [name, fill(value)]));
  const ended = await runProgram(
    given.script.endsWith('kubernetes-session.sh') ? 'kubernetes-session.sh' : 'flink',
    argumentsOf(given).map(fill),
    { env, cwd: stage.folder, home: join(stage.folder, 'home') },
  );
  return { ...(stage.hide(ended) as Ended), requests: stage.hide(recorder.requests) as RecordedRequest[] };
}

/** A line of Flink's that is not printed, or not in its place. */
function missingLine(name: string, stdout: string): string | undefined {
  const got = scrub(stdout);
  let at = 0;
  for (const line of scrub(readFileSync(join(casesFolder, name, 'stdout.txt'), 'utf8'))
    .split('\n')
    .filter((each) => each.trim() !== '')) {
    const found = got.indexOf(line.trimEnd(), at);
    if (found < 0) return line;
    at = found;
  }
  return undefined;
}

const headless = captureNames.filter((name) => {
  const text = readFileSync(join(casesFolder, name, 'case.json'), 'utf8');
  // What is typed is for the front ends; what names a distribution needs one.
  return !text.includes('"stdin"') && !text.includes('${FLINK_HOME}');
});

describe("a run of Flink's own client, again", () => {
  test.each(headless)('%s', async (name) => {
    const capture = readCapture(name);
    const deviation = deviations[name];
    const played = await play(capture);
    const wanted = changesOf(capture.requests as readonly Change[]).filter(
      (change) => deviation?.changes === undefined || (deviation.changes === 'no-delete' && !change.startsWith('["DELETE')),
    );
    const got = changesOf(played.requests);
    expect(got.toSorted()).toEqual(wanted.toSorted());
    expect(got[0]).toBe(wanted[0]);
    const ok = (deviation?.exit ?? (capture.exit === '0' || capture.exit.startsWith('still') ? 'ok' : 'fail')) === 'ok';
    expect({ ok: played.code === 0, said: played.stderr }).toMatchObject({ ok });
    expect(ok && deviation?.output !== 'own' ? missingLine(name, played.stdout) : undefined).toBeUndefined();
    const printed = played.stdout + played.stderr;
    expect({ ok, silent: printed.trim() === '' }).not.toEqual({ ok: false, silent: true });
    expect(printed).not.toMatch(/^\s+at \S+/m);
  });
});

describe('what goes wrong on the way', () => {
  const deploy = async (seed: Seed, args: readonly string[] = []): Promise<Played & { readonly left: readonly string[] }> => {
    const capture = readCapture('session-minimal');
    using stage = new Stage(capture.case);
    await using recorder = new Recorder(seed);
    writeFileSync(join(stage.folder, 'kubeconfig'), recorded.replace('${API}', await recorder.listen()));
    const ended = await runProgram('kubernetes-session.sh', ['-Dkubernetes.cluster-id=c1', ...args], {
      env: stage.env,
      cwd: stage.folder,
      home: stage.folder,
    });
    return { ...ended, requests: recorder.requests, left: [...recorder.objects.keys()] };
  };

  test('an answer that is lost after the Deployment was created does not end in a conflict', async () => {
    const { code, left } = await deploy({ faults: [{ method: 'POST', path: '/deployments$', lost: true }] });
    expect({ code, left }).toEqual({
      code: 0,
      left: ['deployments/default/c1', 'services/default/c1', 'services/default/c1-rest', 'configmaps/default/flink-config-c1'],
    });
  });

  test('an answer that is lost after a Service was created does not replace it', async () => {
    const { code, requests } = await deploy({ faults: [{ method: 'POST', path: '/services$', lost: true }] });
    expect(code).toBe(0);
    expect(requests.some(({ method }) => method === 'PUT')).toBe(false);
  });

  test('a quota leaves nothing behind and says so', async () => {
    const { code, left, stderr } = await deploy({
      faults: [
        { method: 'POST', path: '/configmaps$', status: 403, reason: 'Forbidden', message: 'configmaps is forbidden: exceeded quota: q' },
      ],
    });
    expect({ code, left }).toEqual({ code: 1, left: [] });
    expect(stderr).toContain('exceeded quota: q');
    expect(stderr).toContain('What this run had created was removed again: Deployment c1, Service c1, Service c1-rest.');
  });

  test('a Service that was there is as before when the rest fails', async () => {
    const { left } = await deploy({
      objects: [{ kind: 'Service', metadata: { name: 'c1' }, spec: { clusterIP: '10.96.0.77', ports: [{ name: 'x', port: 1 }] } } as never],
      faults: [{ method: 'POST', path: '/configmaps$', status: 403, reason: 'Forbidden', message: 'no' }],
    });
    expect(left).toEqual(['services/default/c1']);
  });

  test("the retries are those that the environment of Flink's client sets", async () => {
    const capture = readCapture('session-minimal');
    using stage = new Stage(capture.case);
    await using recorder = new Recorder({
      faults: [{ method: 'POST', path: '/deployments$', status: 500, times: 99, message: 'etcd is away' }],
    });
    writeFileSync(join(stage.folder, 'kubeconfig'), recorded.replace('${API}', await recorder.listen()));
    const env = { ...stage.env, KUBERNETES_REQUEST_RETRY_BACKOFFLIMIT: '2', KUBERNETES_REQUEST_RETRY_BACKOFFINTERVAL: '1' };
    const { code, stderr } = await runProgram('kubernetes-session.sh', ['-Dkubernetes.cluster-id=c1'], {
      env,
      cwd: stage.folder,
      home: stage.folder,
    });
    expect(code).toBe(1);
    expect(recorder.requests.filter(({ method }) => method === 'POST')).toHaveLength(3);
    expect(stderr).toContain('etcd is away');
  });
});
