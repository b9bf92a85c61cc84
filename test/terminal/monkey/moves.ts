import type { ControlCommand } from '../../../src/sandbox/control/command.ts';
import type { Random } from '../../../src/sandbox/base/random.ts';

/** Something that a user, a terminal or the world does. It depends on the seed alone. */
export type Move =
  /** Written in pieces, as slow lines deliver it. */
  | { readonly kind: 'write'; readonly what: string; readonly pieces: readonly string[] }
  | { readonly kind: 'resize'; readonly columns: number; readonly rows: number }
  | { readonly kind: 'fault'; readonly command: ControlCommand }
  /** Types this, and answers the question that it opens as it asks for. */
  | { readonly kind: 'agree'; readonly line: string; readonly choice: number }
  /** Ctrl+Z, and back after a moment. */
  | { readonly kind: 'suspend' }
  /** Looks until nothing moves. */
  | { readonly kind: 'look' };

const ESC = '\u001b';
const NAMED = [
  '\r',
  '\t',
  ESC,
  '\u007f',
  '\b',
  `${ESC}[A`,
  `${ESC}[B`,
  `${ESC}[C`,
  `${ESC}[D`,
  `${ESC}[5~`,
  `${ESC}[6~`,
  `${ESC}[H`,
  `${ESC}[F`,
  `${ESC}[Z`,
  `${ESC}[3~`,
  `${ESC}OP`,
  `${ESC}[15~`,
  `${ESC}[1;5C`,
  `${ESC}b`,
  `${ESC}f`,
  `${ESC}\u007f`,
];
/** Ctrl+C leaves, and Ctrl+Z stops: both are moves of their own. */
const CONTROL = Array.from({ length: 31 }, (_, index) => index + 1)
  .filter((code) => code !== 3 && code !== 26 && code !== 27)
  .map((code) => String.fromCharCode(code));
/** Without `y`: a question is answered by a whole `yes` and by nothing that comes about by chance. */
const LETTERS = [...'abcdefghijklmnopqrstuvwxzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /:?!.,;-_=+*()[]{}<>|\\\'"`~@#$%^&'];
const ODD = ['ä', '漢字', '👩‍👩‍👧', '\u202e', '\u0301', '\u200b', '\ufeff', '\u0000', '\u009b', '￿'];

const JOBS = ['orders-enrichment', 'CarTopSpeedWindowing', '10', 'nosuch', "''", '"two words"'];
const PODS = ['jm', 'tm1-1', 'taskmanager', 'jobmanager', 'nosuch', 'tm9-9'];
const LINES: readonly ((random: Random) => string)[] = [
  () => 'help',
  () => 'list',
  () => 'pods',
  () => 'why',
  () => 'operations',
  () => 'refresh',
  () => 'clear',
  () => 'jars',
  () => 'web',
  () => 'mouse on',
  () => 'mouse off',
  (random) => `why ${random.pick(JOBS)}`,
  (random) => `describe ${random.pick([...JOBS, ...PODS])}`,
  (random) => `logs ${random.pick(PODS)}`,
  (random) => `savepoint ${random.pick(JOBS)}`,
  (random) => `checkpoint ${random.pick(JOBS)}`,
  (random) => `cancel ${random.pick(JOBS)}`,
  (random) => `stop-job ${random.pick(JOBS)}`,
  () => 'stop',
  () => 'jars delete',
  () => 'dispose s3://flink/savepoints/none',
  (random) => `theme ${random.pick(['dark', 'light', 'mono', 'high-contrast', 'nosuch'])}`,
  (random) => `help ${random.pick(['stop', 'submit', 'nosuch'])}`,
  () => 'web open 18099999',
  () => 'submit nosuch.jar',
  () => `submit ${EXAMPLES}/OrdersEnrichment.jar`,
  () => `submit ${EXAMPLES}/FailAfter.jar`,
  () => 'submit README.md',
  () => 'nosuch --option=1',
  () => "describe 'x",
  () => 'logs -f',
  () => '',
];

/** Written for the folder of jars, which is another one each time. */
export const EXAMPLES = '%examples%';

/** What is really meant now and then. */
const AGREED: typeof LINES = [
  ...Array.from({ length: 4 }, () => (random: Random) => `cancel ${random.pick(JOBS)}`),
  ...Array.from({ length: 4 }, () => (random: Random) => `stop-job ${random.pick(JOBS)}`),
  () => 'jars delete',
  () => 'stop',
];

const FAULTS: readonly ((random: Random) => ControlCommand)[] = [
  (random) => ({ kind: 'api-restart', forMs: random.between(50, 3_000) }),
  (random) => ({ kind: 'api-pause', forMs: random.between(50, 3_000) }),
  (random) => ({ kind: 'api-slow', delayMs: random.between(10, 1_500), forMs: 3_000 }),
  (random) => ({
    kind: 'api-answer',
    status: random.pick([400, 401, 403, 409, 410, 429, 500, 503] as const),
    times: random.between(1, 20),
    retryAfterSeconds: 1,
  }),
  () => ({ kind: 'streams-cut' }),
  () => ({ kind: 'watches-expire' }),
  (random) => ({ kind: 'logs-reset', midLine: random.next() < 0.5 }),
  () => ({ kind: 'logs-end' }),
  (random) => ({ kind: 'logs-repeat', lines: random.between(0, 9) }),
  (random) => ({ kind: 'port-forward', mode: random.pick(['close', 'stall', 'refuse', 'work'] as const) }),
  () => ({ kind: 'taskmanager-oom' }),
  () => ({ kind: 'jobmanager-kill' }),
  (random) => ({ kind: 'rest-election', forMs: random.between(50, 3_000) }),
  (random) => ({ kind: 'rest-slow', delayMs: random.between(10, 3_000), forMs: 3_000 }),
  () => ({ kind: 'rest-cut' }),
  (random) => ({ kind: 'rest-shape', body: random.pick(['', '{}', '[]', 'null', '<html>', '{"jobs":7}']), times: random.between(1, 4) }),
  () => ({ kind: 'job-fail', message: 'as the monkey said \u001b]0;title\u0007 \u202e' }),
  (random) => ({ kind: 'deny', right: { verb: random.pick(['list', 'watch', 'delete', '*']) } }),
  (random) => ({ kind: 'pods-create', count: random.between(1, 60) }),
  (random) => ({ kind: 'pods-churn', perSecond: random.between(1, 20), forMs: 2_000 }),
  () => ({ kind: 'checkpoints-stick' }),
  () => ({ kind: 'node-full' }),
  () => ({ kind: 'heal' }),
  () => ({ kind: 'heal' }),
  () => ({ kind: 'heal' }),
];

const REPLIES = [
  `${ESC}[?1;2c`,
  `${ESC}[>41;354;0c`,
  `${ESC}[12;40R`,
  `${ESC}]11;rgb:1e1e/1e1e/1e1e${ESC}\\`,
  `${ESC}]10;rgb:ffff/ffff/ffff\u0007`,
  `${ESC}[I`,
  `${ESC}[O`,
  `${ESC}P1$r0m${ESC}\\`,
  `${ESC}[?2026;2$y`,
  `${ESC}[<0;10;10M`,
  `${ESC}[<0;10;10m`,
  `${ESC}[<65;40;20M`,
  `${ESC}[<64;40;20M`,
  `${ESC}[M !!`,
];

/** A text cut where chance cuts it. */
function pieces(text: string, random: Random): readonly string[] {
  if (text.length < 2 || random.next() < 0.6) return [text];
  const at = random.between(1, text.length - 1);
  return [text.slice(0, at), ...pieces(text.slice(at), random)];
}

const several = (random: Random, most: number, one: () => string): string => Array.from({ length: random.between(1, most) }, one).join('');

function key(random: Random): string {
  const dice = random.next();
  if (dice < 0.45) return random.pick(LETTERS);
  if (dice < 0.85) return random.pick(NAMED);
  return dice < 0.95 ? random.pick(CONTROL) : random.pick(ODD);
}

function paste(random: Random): string {
  const text = several(random, 40, () =>
    random.pick([
      ...LINES.map((line) => line(random)),
      '\n',
      '\r\n',
      '\t',
      `${ESC}[31m`,
      `${ESC}[200~`,
      'x'.repeat(random.between(1, 400)),
      ...ODD,
    ]),
  );
  return `${ESC}[200~${text}${ESC}[201~`;
}

/** Mostly a size that people have; now and then one on which nothing can be drawn. */
function resize(random: Random): Move {
  if (random.next() < 0.1) return { kind: 'resize', columns: random.pick([1, 20, 40, 59, 300]), rows: random.pick([1, 5, 10, 14, 80]) };
  return { kind: 'resize', columns: random.pick([60, 80, 100, 120, 200, 300]), rows: random.pick([15, 24, 40, 50, 80]) };
}

export function nextMove(random: Random): Move {
  const write = (what: string, text: string): Move => ({ kind: 'write', what, pieces: pieces(text, random) });
  const dice = random.next();
  if (dice < 0.4)
    return write(
      'keys',
      several(random, 8, () => key(random)),
    );
  if (dice < 0.58) return write('line', `:\u0015${random.pick(LINES)(random)}${random.next() < 0.85 ? '\r' : '\t'}`);
  if (dice < 0.64) return write('paste', paste(random));
  if (dice < 0.72) return resize(random);
  if (dice < 0.78)
    return write(
      'reply',
      several(random, 4, () => random.pick(REPLIES)),
    );
  if (dice < 0.88) return { kind: 'fault', command: random.pick(FAULTS)(random) };
  if (dice < 0.95) return { kind: 'agree', line: random.pick(AGREED)(random), choice: random.between(0, 2) };
  return dice < 0.96 ? { kind: 'suspend' } : { kind: 'look' };
}
