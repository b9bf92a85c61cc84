import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../../src/sandbox/base/random.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/start.ts';
import { exitCodes } from '../../../src/support/exit-codes.ts';
import { Terminal } from '../harness.ts';
import { allowedBy, type Loss, lossesOf } from './losses.ts';
import { EXAMPLES, type Move, nextMove } from './moves.ts';

/** Megabytes of all processes of a session. A quiet one needs 160, and 500 lines a second change nothing in that. */
const MOST_MEMORY = 600;

/** Milliseconds that leaving may take on a busy machine. */
const LEAVING = 20_000;

/** Parts of what terminals answer (see `moves.ts`), which nobody types. */
const REPLY = /rgb:|\$r0m|354;0c|;2\$y/;

/** Keys that are signals again on a terminal that was given back. */
const SIGNALS = /[\u0003\u001c]/;

/** What went wrong, with all that is needed to see it again. */
export class Mischief extends Error {
  constructor(what: string, seed: number, moves: readonly string[], screen: string) {
    super(
      `${what}\nDREY_MONKEY_SEED=${seed} does it again, as far as the input goes. The last moves:\n${moves.slice(-30).join('\n')}\nThe screen:\n${screen}`,
    );
  }
}

/** What a run did, for who wants to know that it did something. */
export interface Feats {
  readonly sessions: number;
  readonly agreed: number;
  /** Megabytes, at most. */
  readonly memory: number;
}

interface World {
  readonly sandbox: Sandbox;
  /** Folder of history, journal and defects. */
  readonly state: string;
  readonly allowed: Record<Loss, number>;
  /** What was typed last, newest first. */
  typed: readonly string[];
}

/** So many of the last writes may come when the screen is left already, which is seen a moment later. */
const LATE = 5;

/** Makes `count` moves with this seed; when it has left, it attaches again. Rejects with a `Mischief`. */
export async function monkey(seed: number, count: number): Promise<Feats> {
  const random = seededRandom(seed);
  const state = mkdtempSync(join(tmpdir(), 'drey-monkey-'));
  const done: string[] = [];
  let [sessions, agreed, memory] = [0, 0, 0];
  using folders = new DisposableStack();
  folders.defer(() => rmSync(state, { recursive: true, force: true }));
  while (done.length < count) {
    await using sandbox = await startSandbox({ seed });
    const world: World = { sandbox, state, allowed: { cluster: 0, jobs: 0, jars: 0, savepoints: 0 }, typed: [] };
    // A cluster that was stopped is not attached to again: the next one is another one.
    while (done.length < count && world.allowed.cluster === 0) {
      await using terminal = new Terminal(['attach', sandbox.clusterId], {
        // An editor or a pager is not left with Ctrl+C, and is not what is tried here.
        env: { VISUAL: 'true', EDITOR: 'true', PAGER: 'true', KUBECONFIG: sandbox.kubeconfig, XDG_STATE_HOME: state },
        patience: 30_000,
      });
      const fail = (what: string): never => {
        throw new Mischief(what, seed, done, terminal.text());
      };
      await sandbox.control({ kind: 'heal' });
      await terminal.sees(/\[Pods|╭ Pods/);
      sessions += 1;
      for (let end = false; !end && done.length < count;) {
        const move = nextMove(random);
        done.push(`${done.length} ${JSON.stringify(move)}`);
        const title = await make(move, terminal, world);
        if (title !== undefined) {
          agreed += 1;
          done.push(`${done.pop() ?? ''}, and agreed to "${title}"`);
        }
        memory = Math.max(memory, memoryOf(terminal.pid));
        if (memory > MOST_MEMORY) fail(`The session takes ${memory} MB.`);
        if (done.length % 10 === 0) await blameless(world, fail);
        if (answerIsTyped(terminal)) fail('What the terminal answered was typed.');
        end = await isLeft(terminal);
      }
      await leave(terminal, world, fail);
      await blameless(world, fail);
      await whole(terminal, world, fail);
    }
  }
  return { sessions, agreed, memory };
}

/** Once the screen is given back, it is the line discipline that echoes what still comes. */
const answerIsTyped = (terminal: Terminal): boolean => terminal.fullScreen && REPLY.test(terminal.text());

const hasEnded = (terminal: Terminal): Promise<boolean> =>
  Promise.race([terminal.exit.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))]);

/** The screen was given back, and not for a Ctrl+Z that is noticed only now: nobody reads keys any more. */
async function isLeft(terminal: Terminal): Promise<boolean> {
  if (terminal.fullScreen) return hasEnded(terminal);
  terminal.resume();
  await Promise.race([terminal.exit, terminal.settled(500)]);
  return !terminal.fullScreen;
}

/** What is typed once the screen is left would be for the shell. */
function type(terminal: Terminal, world: World, text: string): void {
  if (!terminal.fullScreen) return;
  terminal.send(text);
  world.typed = [text, ...world.typed].slice(0, LATE);
}

/** It ended as it should, and nothing of it is left in the terminal. */
async function whole(terminal: Terminal, { state, typed }: World, fail: (what: string) => never): Promise<void> {
  const defects = defectsIn(join(state, 'drey'));
  if (defects.length > 0) fail(`There is a defect:\n${defects.join('\n')}`);
  const code = await terminal.exit;
  if (code !== 0 && !(code === exitCodes.interrupted && SIGNALS.test(typed.join('')))) fail(`It ended with ${code}.`);
  const modes = modesLeft(terminal.written);
  if (terminal.fullScreen || modes.length > 0)
    fail(`The terminal is not as it was: ${terminal.fullScreen ? 'the alternate screen is shown' : `modes ${modes.join(', ')}`}.`);
}

/** Answers the title of the question that was agreed to, if there was one. */
async function make(move: Move, terminal: Terminal, world: World): Promise<string | undefined> {
  const { sandbox, allowed } = world;
  switch (move.kind) {
    case 'write':
      for (const piece of move.pieces) {
        type(terminal, world, piece.replaceAll(EXAMPLES, sandbox.examples));
        await breath();
      }
      return undefined;
    case 'resize':
      terminal.resize(move.columns, move.rows);
      await breath();
      return undefined;
    case 'fault':
      // What is asked for may be impossible now: the pod is gone, the job has ended.
      await sandbox.control(move.command).catch(() => undefined);
      return undefined;
    case 'look':
      await terminal.settled(150);
      return undefined;
    case 'suspend':
      type(terminal, world, '\u001a');
      await terminal.settled(200);
      terminal.resume();
      await breath();
      return undefined;
    case 'agree': {
      // Whatever is open is closed first.
      for (const text of ['\u001b', ':', '\u0015', `${move.line}\r`]) {
        await terminal.settled(60);
        type(terminal, world, text);
      }
      await terminal.settled(300);
      const question = questionOn(terminal);
      if (question === undefined) return undefined;
      for (const [loss, most] of Object.entries(allowedBy(question.title))) allowed[loss as Loss] += most;
      for (const text of ['\u0015', '\u001b[B'.repeat(move.choice), question.phrase, '\r']) {
        type(terminal, world, text);
        await breath();
      }
      await terminal.settled(150);
      return question.title;
    }
  }
}

/** A turn of a few milliseconds: what was written is read as one piece. */
const breath = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 8));

/** The question that is open, if all of it is seen: its title stands above what is to be typed, in the same border. */
function questionOn(terminal: Terminal): { readonly title: string; readonly phrase: string } | undefined {
  const rows = terminal.rows();
  const asked = rows.findIndex((row) => /│ Type \S+, then/.test(row));
  const typed = /│ Type (\S+), then/.exec(rows[asked] ?? '');
  if (typed === null) return undefined;
  const top = rows.slice(0, asked).findLast((row) => row[typed.index] === '╭');
  const [, title] = /^╭ ([A-Z][\w ]+?) ─+╮/.exec(top?.slice(typed.index) ?? '') ?? [];
  return title === undefined ? undefined : { title, phrase: typed[1] ?? '' };
}

/** Nothing went that was not agreed to. */
async function blameless({ sandbox, allowed }: World, fail: (what: string) => never): Promise<void> {
  const { writes } = (await sandbox.control({ kind: 'writes' })) as { readonly writes: readonly string[] };
  for (const [loss, number] of Object.entries(lossesOf(writes))) {
    if (number > allowed[loss as Loss])
      fail(`${number} of ${loss} went, and ${allowed[loss as Loss]} were agreed to:\n${writes.join('\n')}`);
  }
}

/** Ctrl+C clears what is typed and closes what is open, then leaves. */
async function leave(terminal: Terminal, world: World, fail: (what: string) => never): Promise<void> {
  terminal.resize(120, 40);
  for (let press = 0; press < 12 && !(await hasEnded(terminal)); press += 1) {
    type(terminal, world, '\u0003');
    // A Ctrl+Z that was noticed late stops it now.
    if (!terminal.fullScreen) terminal.resume();
    // Closing connections takes a moment once it has decided to leave.
    await Promise.race([terminal.exit, terminal.settled(500)]);
  }
  await Promise.race([terminal.exit, new Promise((resolve) => setTimeout(resolve, LEAVING).unref())]);
  if (!(await hasEnded(terminal))) fail('It could not be left with Ctrl+C.');
}

/** Megabytes of the processes that the terminal started. */
function memoryOf(pid: number): number {
  const rows = execFileSync('ps', ['-eo', 'pgid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  return Math.round(rows.reduce((sum, [group, size = 0]) => (group === pid ? sum + size : sum), 0) / 1_024);
}

/** Private modes that were switched on and not off again; of the cursor (25) and wrapping (7) it is the other way round. */
export function modesLeft(written: string): readonly string[] {
  const on = new Map<string, boolean>();
  for (const [, modes = '', switched] of written.matchAll(/\u001b\[\?([\d;]+)([hl])/g))
    for (const mode of modes.split(';')) on.set(mode, switched === 'h');
  return [...on].filter(([mode, is]) => is !== (mode === '25' || mode === '7')).map(([mode]) => mode);
}

function defectsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith('defect-'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}
