import { type Habit, habitOf, type RunKind } from './run-kinds.ts';
import { shapeOf } from './shape.ts';

/** A line of a log, as far as runs need to know it. */
export interface RunLine {
  /** Undefined: it is an event between the lines of the pods. */
  readonly pod: string | undefined;
  readonly text: string;
  readonly at: number;
  readonly level: string | undefined;
  /** It begins an entry. */
  readonly begins?: boolean;
}

/** Lines that say the same. */
export interface LogRun {
  /** Stays as long as its first line is there. */
  readonly id: string;
  /** The numbers of its lines, in their order. */
  readonly members: readonly number[];
  readonly pods: ReadonlySet<string>;
  /** What its lines say together; undefined: each of them says the same, with other numbers. */
  words(reading: RunReading): string | undefined;
}

export interface RunReading {
  /** The line of a number. */
  readonly textOf: (number: number) => string;
  /** The message of a line. */
  readonly messageOf: (line: string) => string;
}

/** A longer line is shown as it is: it is not routine, and comparing it takes long. */
const longestLine = 4_096;
/** Fewer lines that differ in their numbers only are shown as they are. */
const leastAlike = 3;

const quietLevels: ReadonlySet<string | undefined> = new Set(['TRACE', 'DEBUG', 'INFO']);

/** Logs repeat themselves: what is known of so many shapes is not looked for again. */
const mostHabits = 4_096;
const habits = new Map<number, Habit>();

function habitOfShape(shape: number, line: string): Habit {
  let habit = habits.get(shape);
  if (habit === undefined) {
    if (habits.size >= mostHabits) habits.clear();
    habit = habitOf(line);
    habits.set(shape, habit);
  }
  return habit;
}

/** A run of a kind, and which one of them it is. */
interface KindOfRun {
  readonly kind: RunKind;
  readonly subject: string;
}

const keyOf = ({ kind, subject }: KindOfRun): string => `${kind.sign}${subject}`;

/** Many begin and are never one: what only a run needs is made when it is asked for. */
class OpenRun implements LogRun {
  /** The shape of its lines, if they are of no kind. */
  readonly shape: number;
  readonly of: KindOfRun | undefined;
  readonly #at: number;
  /** Of its first line. */
  readonly #pod: string;
  #pods: Set<string> | undefined;
  readonly #members: number[] = [];
  /** What its lines of now say; undefined: nobody asked yet. */
  #said: string | undefined;

  constructor(at: number, pod: string, shape: number, of?: KindOfRun) {
    this.#at = at;
    this.#pod = pod;
    this.shape = shape;
    this.of = of;
  }

  get id(): string {
    return `${this.#at} ${this.of === undefined ? `${this.#pod} ${this.shape}` : keyOf(this.of)}`;
  }

  get pods(): ReadonlySet<string> {
    this.#pods ??= new Set([this.#pod]);
    return this.#pods;
  }

  get members(): readonly number[] {
    return this.#members;
  }

  /** It has enough lines to be shown as one. */
  get isRun(): boolean {
    return this.#members.length >= (this.of?.kind.least ?? leastAlike);
  }

  add(number: number, pod: string): void {
    this.#members.push(number);
    if (pod !== this.#pod) (this.#pods ??= new Set([this.#pod])).add(pod);
    this.#said = undefined;
  }

  remove(number: number): void {
    this.#members.splice(this.#members.lastIndexOf(number), 1);
    this.#said = undefined;
  }

  words({ textOf, messageOf }: RunReading): string | undefined {
    if (this.of?.kind.tally === undefined) return undefined;
    if (this.#said === undefined) {
      const tally = this.of.kind.tally(this.of.subject, messageOf);
      for (const number of this.#members) tally.add(textOf(number));
      this.#said = tally.words();
    }
    return this.#said;
  }
}

/** The runs that a pod writes into. */
interface RunsOfPod {
  /** That of lines of one shape: no other goes on past its end. */
  alike: OpenRun | undefined;
  readonly ofKinds: Set<OpenRun>;
}

/**
 * Finds the runs among lines that are added in their order. A run goes on while its pods write nothing but lines of runs, so that two jobs
 * that take checkpoints at the same time are two runs. A warning, an error and an event end all runs: nothing is moved past them.
 */
export class RunFinder {
  readonly #first: number;
  /** The run of each line. */
  readonly #runs: (OpenRun | undefined)[] = [];
  /** The runs that go on: those of a kind by their keys, and all by the pods that have written into them. */
  readonly #open = new Map<string, OpenRun>();
  readonly #openOf = new Map<string, RunsOfPod>();
  /** The number of the last entry of each pod. */
  readonly #entries = new Map<string, number>();

  /** `first`: the number of the first line. */
  constructor(first: number) {
    this.#first = first;
  }

  /** The number of the next line. */
  get next(): number {
    return this.#first + this.#runs.length;
  }

  /** The run that a line is in; undefined: it stands for itself. */
  runOf(number: number): LogRun | undefined {
    const run = this.#runs[number - this.#first];
    return run?.isRun === true ? run : undefined;
  }

  add(line: RunLine): void {
    const number = this.next;
    const place = this.#runs.push(undefined) - 1;
    const { pod } = line;
    if (pod === undefined) return this.#endAll();
    if (line.begins !== true) return this.#leave(pod);
    const before = this.#entries.get(pod);
    this.#entries.set(pod, number);
    if (!quietLevels.has(line.level)) return this.#endAll();
    const run = line.text.length > longestLine ? undefined : this.#runFor(pod, line, before);
    if (run === undefined) return this.#end(pod);
    this.#runs[place] = run;
    run.add(number, pod);
  }

  /** The run that a line goes on with or begins; undefined: the line is in none. `before`: the number of the entry before, of the same pod. */
  #runFor(pod: string, { text, at }: RunLine, before: number | undefined): OpenRun | undefined {
    const shape = shapeOf(text);
    const { kinds, isTrouble } = habitOfShape(shape, text);
    for (const kind of kinds) {
      const subject = kind.subject(text);
      if (subject === undefined) continue;
      const of = { kind, subject };
      const run = this.#joined(kind, before) ?? this.#open.get(keyOf(of)) ?? new OpenRun(at, pod, shape, of);
      if (run.of === of) this.#open.set(keyOf(of), run);
      this.#runsOf(pod).ofKinds.add(run);
      return run;
    }
    if (isTrouble) return undefined;
    const runs = this.#runsOf(pod);
    if (runs.alike?.shape === shape) return runs.alike;
    // A line that is the first of its shape may be the only one: no run goes on past it.
    this.#end(pod);
    runs.alike = new OpenRun(at, pod, shape);
    return runs.alike;
  }

  #runsOf(pod: string): RunsOfPod {
    let runs = this.#openOf.get(pod);
    if (runs === undefined) {
      runs = { alike: undefined, ofKinds: new Set() };
      this.#openOf.set(pod, runs);
    }
    return runs;
  }

  /** The run of the entry before, if it goes on and lines of this kind are part of it. */
  #joined({ joins }: RunKind, before: number | undefined): OpenRun | undefined {
    const of = joins === undefined || before === undefined ? undefined : this.#runs[before - this.#first]?.of;
    if (of === undefined || of.kind !== joins) return undefined;
    const run = this.#open.get(keyOf(of));
    return run?.of === of ? run : undefined;
  }

  /** An entry of several lines is in no run: its first line leaves the one it was in, which ends. */
  #leave(pod: string): void {
    const number = this.#entries.get(pod);
    this.#end(pod);
    if (number === undefined) return;
    this.#entries.delete(pod);
    const run = this.#runs[number - this.#first];
    run?.remove(number);
    this.#runs[number - this.#first] = undefined;
  }

  /** Ends the runs of a pod. */
  #end(pod: string): void {
    const runs = this.#openOf.get(pod);
    if (runs === undefined) return;
    runs.alike = undefined;
    if (runs.ofKinds.size === 0) return;
    for (const { of } of runs.ofKinds) if (of !== undefined && this.#open.get(keyOf(of))?.of === of) this.#open.delete(keyOf(of));
    runs.ofKinds.clear();
  }

  #endAll(): void {
    this.#open.clear();
    this.#openOf.clear();
  }
}
