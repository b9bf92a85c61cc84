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

class OpenRun implements LogRun {
  readonly id: string;
  readonly key: string;
  readonly pods = new Set<string>();
  readonly #members: number[] = [];
  readonly kind: RunKind | undefined;
  readonly #subject: string;
  /** What its lines of now say; undefined: nobody asked yet. */
  #said: string | undefined;

  constructor(key: string, at: number, kind: RunKind | undefined, subject: string) {
    this.key = key;
    this.id = `${at} ${key}`;
    this.kind = kind;
    this.#subject = subject;
  }

  get members(): readonly number[] {
    return this.#members;
  }

  /** It has enough lines to be shown as one. */
  get isRun(): boolean {
    return this.#members.length >= (this.kind?.least ?? leastAlike);
  }

  add(number: number): void {
    this.#members.push(number);
    this.#said = undefined;
  }

  remove(number: number): void {
    this.#members.splice(this.#members.lastIndexOf(number), 1);
    this.#said = undefined;
  }

  words({ textOf, messageOf }: RunReading): string | undefined {
    if (this.kind?.tally === undefined) return undefined;
    if (this.#said === undefined) {
      const tally = this.kind.tally(this.#subject, messageOf);
      for (const number of this.#members) tally.add(textOf(number));
      this.#said = tally.words();
    }
    return this.#said;
  }
}

/**
 * Finds the runs among lines that are added in their order. A run goes on while its pods write nothing but lines of runs, so that two jobs
 * that take checkpoints at the same time are two runs. A warning, an error and an event end all runs: nothing is moved past them.
 */
export class RunFinder {
  readonly #first: number;
  /** The run of each line. */
  readonly #runs: (OpenRun | undefined)[] = [];
  /** The runs that go on, by their keys and by the pods that have written into them. */
  readonly #open = new Map<string, OpenRun>();
  readonly #openOf = new Map<string, Set<OpenRun>>();
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
    const before = this.#runOfEntry(pod);
    this.#entries.set(pod, number);
    if (!quietLevels.has(line.level)) return this.#endAll();
    const run = line.text.length > longestLine ? undefined : this.#runFor(pod, line, before);
    if (run === undefined) return this.#end(pod);
    this.#runs[place] = run;
    run.add(number);
    run.pods.add(pod);
    const open = this.#openOf.get(pod);
    if (open === undefined) this.#openOf.set(pod, new Set([run]));
    else open.add(run);
  }

  /** The run that a line goes on with or begins; undefined: the line is in none. `before`: the run of the line before, of the same pod. */
  #runFor(pod: string, { text, at }: RunLine, before: OpenRun | undefined): OpenRun | undefined {
    const shape = shapeOf(text);
    const { kinds, isTrouble } = habitOfShape(shape, text);
    for (const kind of kinds) {
      const subject = kind.subject(text);
      if (subject === undefined) continue;
      if (kind.joins !== undefined && before?.kind === kind.joins) return before;
      const key = `${kind.sign}${subject}`;
      return this.#open.get(key) ?? this.#begin(new OpenRun(key, at, kind, subject));
    }
    if (isTrouble) return undefined;
    const key = `${pod} ${shape}`;
    const known = this.#open.get(key);
    if (known !== undefined) return known;
    // A line that is the first of its shape may be the only one: no run goes on past it.
    this.#end(pod);
    return this.#begin(new OpenRun(key, at, undefined, ''));
  }

  #begin(run: OpenRun): OpenRun {
    this.#open.set(run.key, run);
    return run;
  }

  /** The run of the last entry of a pod, if it goes on. */
  #runOfEntry(pod: string): OpenRun | undefined {
    const number = this.#entries.get(pod);
    const run = number === undefined ? undefined : this.#runs[number - this.#first];
    return run !== undefined && this.#open.get(run.key) === run ? run : undefined;
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
    for (const run of this.#openOf.get(pod) ?? []) if (this.#open.get(run.key) === run) this.#open.delete(run.key);
    this.#openOf.delete(pod);
  }

  #endAll(): void {
    this.#open.clear();
    this.#openOf.clear();
  }
}
