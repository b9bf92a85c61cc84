import { spawn } from 'node:child_process';
import type { Clock } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import { maskText } from '../support/redact.ts';
import { list, record, text, type Json } from './json.ts';
import { readKubectlYaml } from './kubectl-yaml.ts';
import type { ClusterProfile, ExecSettings } from './profile.ts';
import { sharedRun } from './shared-run.ts';

/** What a plug-in gave. */
export interface ExecCredential {
  readonly token: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  /** Epoch milliseconds; undefined: until the server rejects it. */
  readonly expiresAt: number | undefined;
}

export interface ExecPluginOptions {
  readonly settings: ExecSettings;
  readonly cluster: ClusterProfile;
  /** PEM text of the cluster's authority, for plug-ins that want it. */
  readonly ca: () => Promise<string | undefined>;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** The terminal's stdin is free: a plug-in may ask on it. */
  readonly interactive: boolean;
  /** What the plug-in says while it runs (`open https://… and enter ABCD`), line by line. */
  readonly onNote: (line: string) => void;
  /** Ends a plug-in that still runs. */
  readonly signal: AbortSignal;
  /** Milliseconds a plug-in may take. A login in a browser needs minutes. */
  readonly timeoutMs?: number;
}

const RENEW_BEFORE_MS = 30_000;
const OUTPUT_LIMIT = 1 << 20;

/** A credential plug-in that runs once however many requests wait, again before its credential expires, and again when `forget` was called. */
export interface ExecPlugin {
  credential(): Promise<ExecCredential>;
  forget(): void;
}

export function execPlugin(options: ExecPluginOptions): ExecPlugin {
  let known: ExecCredential | undefined;
  const run = sharedRun(() => runPlugin(options), options.clock);
  const fresh = (credential: ExecCredential): boolean =>
    credential.expiresAt === undefined || credential.expiresAt - RENEW_BEFORE_MS > options.clock.now();
  return {
    async credential() {
      if (known && fresh(known)) return known;
      known = await run();
      return known;
    },
    forget() {
      known = undefined;
    },
  };
}

/** Runs the plug-in once. Source of the protocol: client-go `plugin/pkg/client/auth/exec`, v1 and v1beta1. */
async function runPlugin(options: ExecPluginOptions): Promise<ExecCredential> {
  const { settings, interactive } = options;
  if (settings.interactiveMode === 'Always' && !interactive) {
    throw new Problem('unauthorized', `The credential plug-in ${settings.command} must ask on a terminal, and none is free for it.`, {
      hint: `Log in with it in a shell first: ${commandLine(settings)}`,
    });
  }
  const asksStdin = interactive && settings.interactiveMode !== 'Never';
  const env: NodeJS.ProcessEnv = { ...options.env };
  for (const { name, value } of settings.env) env[name] = value;
  env['KUBERNETES_EXEC_INFO'] = JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: settings.apiVersion,
    spec: { interactive: asksStdin, ...(settings.provideClusterInfo ? { cluster: await clusterInfo(options) } : {}) },
  });
  const { code, stdout, stderr } = await run(options, env, asksStdin);
  if (code !== 0) {
    const said = lastLines(stderr);
    throw new Problem('unauthorized', `The credential plug-in ${settings.command} failed with exit code ${code}${said === '' ? '.' : `: ${said}`}`, {
      hint: `Try it in a shell: ${commandLine(settings)}`,
    });
  }
  return readCredential(stdout, settings);
}

async function clusterInfo({ cluster, ca }: ExecPluginOptions): Promise<unknown> {
  const authority = await ca();
  return {
    server: cluster.server,
    ...(cluster.tlsServerName === undefined ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.skipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(authority === undefined ? {} : { 'certificate-authority-data': Buffer.from(authority).toString('base64') }),
    ...(cluster.proxyUrl === undefined ? {} : { 'proxy-url': cluster.proxyUrl }),
    config: cluster.execConfig ?? null,
  };
}

interface Outcome {
  readonly code: number | string;
  readonly stdout: Buffer;
  readonly stderr: string;
}

async function run({ settings, clock, signal, onNote, timeoutMs = 180_000 }: ExecPluginOptions, env: NodeJS.ProcessEnv, asksStdin: boolean): Promise<Outcome> {
  // A session of its own (where the terminal is ours): the plug-in cannot open /dev/tty and write over the screen, and dies with its children.
  const child = spawn(settings.command, settings.args, { env, stdio: [asksStdin ? 'inherit' : 'ignore', 'pipe', 'pipe'], detached: !asksStdin, windowsHide: true });
  const kill = (how: NodeJS.Signals): void => {
    try {
      if (asksStdin || child.pid === undefined || process.platform === 'win32') child.kill(how);
      else process.kill(-child.pid, how);
    } catch {
      // It has ended between the decision and the signal.
    }
  };
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let size = 0;
  const keep = (into: Buffer[]) => (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= OUTPUT_LIMIT) into.push(chunk);
    else kill('SIGKILL');
  };
  child.stdout?.on('data', keep(stdout));
  child.stderr?.on('data', keep(stderr));
  child.stderr?.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString('utf8').split(/\r?\n/)) if (line.trim() !== '') onNote(line);
  });
  const timer = new AbortController();
  let late = false;
  clock.sleep(timeoutMs, timer.signal).then(() => {
    late = true;
    kill('SIGTERM');
    return clock.sleep(2_000, timer.signal).then(() => kill('SIGKILL'));
  }).catch(() => {
    // It ended in time: the timer was aborted.
  });
  const stop = (): void => kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit, killedBy) => resolve(exit ?? killedBy ?? 'unknown'));
    });
    signal.throwIfAborted();
    if (late) {
      const said = lastLines(Buffer.concat(stderr).toString('utf8'));
      throw new Problem('unauthorized', `The credential plug-in ${settings.command} gave no answer within ${Math.round(timeoutMs / 1_000)} s${said === '' ? '.' : `: ${said}`}`, {
        hint: `Try it in a shell: ${commandLine(settings)}`,
      });
    }
    return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EACCES') {
      const reason = code === 'ENOENT' ? 'was not found' : 'may not be executed';
      throw new Problem('unauthorized', `The credential plug-in ${settings.command} ${reason}.`, { hint: settings.installHint ?? 'Install it or check PATH.', cause: error });
    }
    throw error;
  } finally {
    timer.abort();
    signal.removeEventListener('abort', stop);
  }
}

/** JSON, or YAML, as kubectl takes both. */
function readCredential(output: Buffer, settings: ExecSettings): ExecCredential {
  const answer = credentialOf(output);
  if (answer === undefined) throw new Problem('unauthorized', `The credential plug-in ${settings.command} did not answer with JSON or YAML.`);
  if (answer['apiVersion'] !== settings.apiVersion) {
    throw new Problem('unauthorized', `The credential plug-in ${settings.command} answered as ${String(answer['apiVersion'])}, where the kubeconfig says ${settings.apiVersion}.`);
  }
  const status = record(answer['status']);
  const credential = {
    token: text(status['token']),
    clientCertificate: text(status['clientCertificateData']),
    clientKey: text(status['clientKeyData']),
    expiresAt: expiry(text(status['expirationTimestamp'])),
  };
  if (credential.token === undefined && (credential.clientCertificate === undefined || credential.clientKey === undefined)) {
    throw new Problem('unauthorized', `The credential plug-in ${settings.command} gave neither a token nor a certificate with its key.`);
  }
  return credential;
}

function credentialOf(output: Buffer): Json | undefined {
  try {
    const answer = readKubectlYaml(output);
    return typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? record(answer) : undefined;
  } catch {
    // What it is instead may be secret: only that it is not understood is said.
    return undefined;
  }
}

function expiry(stamp: string | undefined): number | undefined {
  const at = stamp === undefined ? Number.NaN : Date.parse(stamp);
  return Number.isNaN(at) ? undefined : at;
}

/** As it can be tried in a shell; what is secret in it is masked: this is printed into logs of others. */
function commandLine({ command, args }: ExecSettings): string {
  return maskText([command, ...list(args)].join(' '));
}

/** The end of what it said, where the reason usually is, on one line. */
function lastLines(said: string): string {
  return maskText(said.trim().split(/\r?\n/).slice(-3).map((line) => line.trim()).join(' ').slice(-500));
}
