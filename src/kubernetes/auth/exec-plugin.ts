import { spawn } from 'node:child_process';
import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';
import { maskText, maskWords } from '../../config/secrets/redact.ts';
import { deadline } from '../../support/waiting.ts';
import { list, record, text, type Json } from '../model/json.ts';
import { readKubectlYaml } from '../config/kubectl-yaml.ts';
import type { ClusterProfile, ExecSettings } from '../config/profile.ts';
import { sharedRun } from '../model/shared-run.ts';

/** The credential that a plug-in returned. */
export interface ExecCredential {
  readonly token: string | undefined;
  readonly clientCertificate: string | undefined;
  readonly clientKey: string | undefined;
  /** Epoch milliseconds; undefined: valid until the server rejects it. */
  readonly expiresAt: number | undefined;
}

export interface ExecPluginOptions {
  readonly settings: ExecSettings;
  readonly cluster: ClusterProfile;
  /** PEM text of the cluster's authority, for plug-ins that ask for it. */
  readonly ca: () => Promise<string | undefined>;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** The terminal is free: a plug-in may ask on stdin. */
  readonly interactive: boolean;
  /** Lends the terminal if it is in use. */
  readonly lendTerminal: LendTerminal | undefined;
  /** Called with each line that the plug-in prints while it runs (`open https://… and enter ABCD`). */
  readonly onNote: (line: string) => void;
  /** Ends a plug-in that is still running. */
  readonly signal: AbortSignal;
  /** Time limit of a plug-in in milliseconds. A login in a browser needs minutes. */
  readonly timeoutMs?: number;
}

/** The extension of a kubeconfig's cluster that is passed to the plug-in unchanged. */
const EXTENSION = 'client.authentication.k8s.io/exec';
const RENEW_BEFORE_MS = 30_000;
const OUTPUT_LIMIT = 1 << 20;

/**
 * Lends the terminal while `ask` runs, then takes it back: nothing that is typed meanwhile goes anywhere else. If the terminal cannot be
 * lent now, resolves with false without calling `ask`.
 */
export type LendTerminal = (ask: () => Promise<void>) => Promise<boolean>;

/** A credential plug-in. It runs once for all waiting requests, again before its credential expires, and again after `forget`. */
export interface ExecPlugin {
  credential(): Promise<ExecCredential>;
  forget(): void;
  /** Called when the user asks to try again now: the plug-in may then ask the user, too. */
  retry(): void;
}

export function execPlugin(options: ExecPluginOptions): ExecPlugin {
  let known: ExecCredential | undefined;
  // Only once: a screen whose terminal is taken away again and again cannot be used.
  let mayAsk = true;
  const work = async (): Promise<ExecCredential> => {
    const credential = await runPlugin(options, async (ask) => {
      if (!mayAsk || options.lendTerminal === undefined) return false;
      mayAsk = false;
      return options.lendTerminal(ask);
    });
    mayAsk = true;
    return credential;
  };
  const shared = sharedRun(work, options.clock);
  const fresh = (credential: ExecCredential): boolean =>
    credential.expiresAt === undefined || credential.expiresAt - RENEW_BEFORE_MS > options.clock.now();
  return {
    async credential() {
      if (known && fresh(known)) return known;
      known = await shared.run();
      return known;
    },
    forget() {
      known = undefined;
    },
    retry() {
      mayAsk = true;
      shared.retry();
    },
  };
}

/** How a plug-in runs: on a free terminal, apart from one that is in use, or on that one while it is lent. */
type Place = 'free' | 'apart' | 'lent';

/**
 * Runs the plug-in once. If the terminal is in use, runs it apart from it first; if that fails, on the terminal. Source of the protocol:
 * client-go `plugin/pkg/client/auth/exec`, v1 and v1beta1.
 */
async function runPlugin(options: ExecPluginOptions, lend: LendTerminal): Promise<ExecCredential> {
  const { settings, interactive } = options;
  const { interactiveMode: mode } = settings;
  if (interactive && mode !== 'Never') return outcomeOf(await runAt('free', options), settings);
  const apart = mode === 'Always' ? undefined : await runAt('apart', options);
  if (apart !== undefined && (apart.code === 0 || mode === 'Never')) return outcomeOf(apart, settings);
  let lent: Outcome | undefined;
  let failure: unknown;
  await lend(async () => {
    try {
      lent = await runAt('lent', options);
    } catch (error) {
      // Reported once the terminal is back.
      failure = error;
    }
  });
  if (failure !== undefined) throw failure;
  const outcome = lent ?? apart;
  if (outcome !== undefined) return outcomeOf(outcome, settings);
  throw new Problem('unauthorized', `The credential plug-in ${settings.command} must ask on a terminal, and none is free for it.`, {
    hint: options.lendTerminal === undefined ? `Log in with it in a shell first: ${commandLine(settings)}` : 'refresh lets it ask.',
  });
}

async function runAt(place: Place, options: ExecPluginOptions): Promise<Outcome> {
  const { settings } = options;
  const env: NodeJS.ProcessEnv = { ...options.env };
  for (const { name, value } of settings.env) env[name] = value;
  env.KUBERNETES_EXEC_INFO = JSON.stringify({
    kind: 'ExecCredential',
    apiVersion: settings.apiVersion,
    spec: { interactive: place !== 'apart', ...(settings.provideClusterInfo ? { cluster: await clusterInfo(options) } : {}) },
  });
  return run(options, env, place);
}

function outcomeOf({ code, stdout, stderr }: Outcome, settings: ExecSettings): ExecCredential {
  if (code === 0) return readCredential(stdout, settings);
  const said = lastLines(stderr);
  throw new Problem(
    'unauthorized',
    `The credential plug-in ${settings.command} failed with exit code ${code}${said === '' ? '.' : `: ${said}`}`,
    {
      hint: `Try it in a shell: ${commandLine(settings)}`,
    },
  );
}

async function clusterInfo({ cluster, ca }: ExecPluginOptions): Promise<unknown> {
  const authority = await ca();
  return {
    server: cluster.server,
    ...(cluster.tlsServerName === undefined ? {} : { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.skipTlsVerify ? { 'insecure-skip-tls-verify': true } : {}),
    ...(authority === undefined ? {} : { 'certificate-authority-data': Buffer.from(authority).toString('base64') }),
    ...(cluster.proxyUrl === undefined ? {} : { 'proxy-url': cluster.proxyUrl }),
    config: cluster.extensions.get(EXTENSION) ?? null,
  };
}

interface Outcome {
  readonly code: number | string;
  readonly stdout: Buffer;
  readonly stderr: string;
}

async function run(
  { settings, clock, signal, onNote, timeoutMs = 180_000 }: ExecPluginOptions,
  env: NodeJS.ProcessEnv,
  place: Place,
): Promise<Outcome> {
  const asksStdin = place !== 'apart';
  // In its own session while drey uses the terminal: the plug-in then cannot open /dev/tty and write over the screen, and it dies with its
  // children.
  const child = spawn(settings.command, settings.args, {
    env,
    stdio: [asksStdin ? 'inherit' : 'ignore', 'pipe', place === 'lent' ? 'inherit' : 'pipe'],
    detached: !asksStdin,
    windowsHide: true,
  });
  const kill = (how: NodeJS.Signals): void => {
    try {
      if (asksStdin || child.pid === undefined || process.platform === 'win32') child.kill(how);
      else process.kill(-child.pid, how);
    } catch {
      // It ended between the decision and the signal.
    }
  };
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let size = 0;
  const keep =
    (into: Buffer[]) =>
    (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= OUTPUT_LIMIT) into.push(chunk);
      else kill('SIGKILL');
    };
  child.stdout?.on('data', keep(stdout));
  child.stderr?.on('data', keep(stderr));
  child.stderr?.on('data', (chunk: Buffer) => {
    for (const line of chunk.toString('utf8').split(/\r?\n/)) if (line.trim() !== '') onNote(line);
  });
  let isLate = false;
  let callOff = deadline(clock, timeoutMs, () => {
    isLate = true;
    kill('SIGTERM');
    callOff = deadline(clock, 2_000, () => kill('SIGKILL'));
  });
  const stop = (): void => kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const code = await new Promise<number | string>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit, killedBy) => resolve(exit ?? killedBy ?? 'unknown'));
    });
    signal.throwIfAborted();
    if (isLate) {
      const said = lastLines(Buffer.concat(stderr).toString('utf8'));
      throw new Problem(
        'unauthorized',
        `The credential plug-in ${settings.command} gave no answer within ${Math.round(timeoutMs / 1_000)} s${said === '' ? '.' : `: ${said}`}`,
        {
          hint: `Try it in a shell: ${commandLine(settings)}`,
        },
      );
    }
    return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EACCES') {
      const reason = code === 'ENOENT' ? 'was not found' : 'may not be executed';
      throw new Problem('unauthorized', `The credential plug-in ${settings.command} ${reason}.`, {
        hint: settings.installHint ?? 'Install it or check PATH.',
        cause: error,
      });
    }
    throw error;
  } finally {
    callOff();
    signal.removeEventListener('abort', stop);
  }
}

/** JSON or YAML: kubectl accepts both. */
function readCredential(output: Buffer, settings: ExecSettings): ExecCredential {
  const answer = credentialOf(output);
  if (answer === undefined)
    throw new Problem('unauthorized', `The credential plug-in ${settings.command} did not answer with JSON or YAML.`);
  if (answer.apiVersion !== settings.apiVersion) {
    throw new Problem(
      'unauthorized',
      `The credential plug-in ${settings.command} answered as ${String(answer.apiVersion)}, but the kubeconfig says ${settings.apiVersion}.`,
    );
  }
  const status = record(answer.status);
  const credential = {
    token: text(status.token),
    clientCertificate: text(status.clientCertificateData),
    clientKey: text(status.clientKeyData),
    expiresAt: expiry(text(status.expirationTimestamp)),
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
    // The output may be secret: report only that it was not understood.
    return undefined;
  }
}

function expiry(stamp: string | undefined): number | undefined {
  const at = stamp === undefined ? Number.NaN : Date.parse(stamp);
  return Number.isNaN(at) ? undefined : at;
}

/** As a user can try it in a shell. Secrets are masked, because this is printed into logs that others read. */
function commandLine({ command, args }: ExecSettings): string {
  return maskWords([command, ...list(args).map(String)], true).join(' ');
}

/** The end of the output, where the reason usually is, as one line. */
function lastLines(said: string): string {
  return maskText(
    said
      .trim()
      .split(/\r?\n/)
      .slice(-3)
      .map((line) => line.trim())
      .join(' ')
      .slice(-500),
  );
}
