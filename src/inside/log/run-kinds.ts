import { formatBytes, formatCount } from '../../support/format.ts';

/** Adds up what the lines of a run have in common, and says it in the words of Flink. */
export interface Tally {
  add(line: string): void;
  /** An id in it stands for its name. */
  words(): string;
}

/** Lines that Flink writes again and again while all is well. */
export interface RunKind {
  /** No line without this text is of the kind: most lines are looked at no further. */
  readonly sign: string;
  /** What tells one run of this kind from another: a job, a change of state; undefined: the line is not of this kind. */
  subject(line: string): string | undefined;
  /** Lines that are shown as they are if there are fewer. */
  readonly least: number;
  /** Right after a line of that kind, it is part of the same run. */
  readonly joins?: RunKind;
  /** `messageOf` reads the message of a line, which takes longer. Undefined: each of the lines says it all. */
  readonly tally: ((subject: string, messageOf: (line: string) => string) => Tally) | undefined;
}

const id = '[0-9a-f]{32}';

/** `24 tasks`, `1 task`. */
const counted = (count: number, one: string): string => `${formatCount(count)} ${count === 1 ? one : `${one}s`}`;

class Range {
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;

  add(value: number): void {
    this.#least = Math.min(this.#least, value);
    this.#most = Math.max(this.#most, value);
  }

  /** `82–125 kB`, `980 B – 1.2 kB`, `27 ms`. */
  words(format: (value: number) => string): string {
    const [least, most] = [format(this.#least), format(this.#most)];
    if (least === most) return most;
    const unit = most.slice(most.indexOf(' '));
    return least.endsWith(unit) ? `${least.slice(0, -unit.length)}–${most}` : `${least} – ${most}`;
  }
}

/** Source of all lines below: the classes of the same names in Flink 1.16 to 2.3. A savepoint was asked for, and is not routine. */
const triggered = new RegExp(
  String.raw`Triggering checkpoint \d{1,19} \(type=(?:CHECKPOINT|CheckpointType\{[^}]{0,200}\})\) @ \d{1,19} for job (${id})`,
);
const completed = new RegExp(
  String.raw`Completed checkpoint \d{1,19} for job (${id}) \((\d{1,19}) bytes, checkpointDuration=(\d{1,19}) ms`,
);

function checkpointTally(job: string): Tally {
  const bytes = new Range();
  const took = new Range();
  let begun = 0;
  let count = 0;
  return {
    add(line) {
      const done = completed.exec(line);
      if (done === null) {
        // Their number is shown only if none was completed.
        if (count === 0 && triggered.test(line)) begun += 1;
        return;
      }
      count += 1;
      bytes.add(Number(done[2]));
      took.add(Number(done[3]));
    },
    words: () =>
      count === 0
        ? `${counted(begun, 'checkpoint')} of ${job} triggered`
        : `${counted(count, 'checkpoint')} of ${job}, ${bytes.words(formatBytes)}, ${took.words((ms) => `${formatCount(ms)} ms`)}`,
  };
}

/** `CheckpointCoordinator`. One that failed, was declined or expired is logged in other words, and stays. */
const checkpoints: RunKind = {
  sign: ' checkpoint ',
  subject: (line) => (completed.exec(line) ?? triggered.exec(line))?.[1],
  least: 2,
  tally: checkpointTally,
};

/** `SourceCoordinator`: once for each source, without the job. */
const marked: RunKind = {
  sign: 'Marking checkpoint ',
  subject: (line) => (/Marking checkpoint \d{1,19} as completed for source/.test(line) ? '' : undefined),
  least: 3,
  joins: checkpoints,
  tally: undefined,
};

/** `ExecutionGraph` and `Task`; a task that failed stays, with its reason. */
const switched = new RegExp(String.raw`\((${id})_${id}_\d{1,9}_\d{1,9}\) switched from ([A-Z]+) to (?!FAILED)([A-Z]+)`);
const taskName = / \(\d{1,9}\/\d{1,9}\)/;

/** Counts tasks, and names their vertex if it is one. */
function taskTally(what: string, messageOf: (line: string) => string, lead = ''): Tally {
  const vertices = new Set<string>();
  let count = 0;
  return {
    add(line) {
      count += 1;
      // The tasks of hundreds of vertices are no more than of several.
      if (vertices.size < 2) vertices.add(messageOf(line).slice(lead.length).split(taskName, 1)[0] ?? '');
    },
    words() {
      const [only] = vertices;
      return `${counted(count, 'task')}${vertices.size === 1 && only !== '' ? ` of ${only}` : ''} ${what}`;
    },
  };
}

const transitions: RunKind = {
  sign: ' switched from ',
  subject(line) {
    const found = switched.exec(line);
    return found === null ? undefined : `${found[1]} ${found[2]} → ${found[3]}`;
  },
  least: 3,
  tally: (subject, messageOf) => taskTally(subject.slice(subject.indexOf(' ') + 1), messageOf),
};

/** Lines about one task each: `lead`, its name, and the id of the attempt. */
const tasks = (lead: string, what: string): RunKind => {
  const line = new RegExp(`${lead}.{1,1000}[ (](${id})_${id}_`);
  return {
    sign: lead,
    subject: (text) => line.exec(text)?.[1],
    least: 3,
    tally: (_, messageOf) => taskTally(what, messageOf, lead),
  };
};

/** Lines that each name one of several things: those are counted, a thing that comes twice once. */
const things = (sign: string, line: RegExp, words: (count: number, subject: string) => string): RunKind => ({
  sign,
  subject(text) {
    const found = line.exec(text);
    return found === null ? undefined : (found.groups?.['of'] ?? '');
  },
  least: 3,
  tally(subject) {
    const seen = new Set<string>();
    return {
      add: (text) => void seen.add(line.exec(text)?.groups?.['each'] ?? text),
      words: () => words(seen.size, subject),
    };
  },
});

/** Lines that say the same each time, with others between them. */
const repeated = (sign: string): RunKind => ({ sign, subject: () => '', least: 3, tally: undefined });

/** The kinds of runs. A line is of the first that fits. */
const runKinds: readonly RunKind[] = [
  marked,
  checkpoints,
  transitions,
  // ExecutionGraph, TaskExecutor, Task.
  tasks('Deploying ', 'deployed'),
  tasks('Received task ', 'received'),
  tasks('Loading JAR files for task ', 'loading their JAR files'),
  tasks('Attempting to cancel task ', 'being canceled'),
  tasks('Triggering cancellation of task code ', 'asked to cancel'),
  tasks('Freeing task resources for ', 'freed'),
  tasks('Un-registering task and sending final execution state CANCELED to JobManager for task ', 'reported as CANCELED'),
  tasks('Un-registering task and sending final execution state FINISHED to JobManager for task ', 'reported as FINISHED'),
  // StreamTask, StateBackendLoader.
  repeated('Checkpoint storage is set to '),
  repeated('State backend loader loads the state backend as '),
  // TaskExecutor, TaskSlotTableImpl.
  things(
    'Receive slot request ',
    new RegExp(`Receive slot request (?<each>${id}) for job (?<of>${id})`),
    (count, job) => `${counted(count, 'slot')} requested for ${job}`,
  ),
  things('Allocated slot for ', new RegExp(`Allocated slot for (?<each>${id})`), (count) => `${counted(count, 'slot')} allocated`),
  things('Activate slot ', new RegExp(`Activate slot (?<each>${id})`), (count) => `${counted(count, 'slot')} activated`),
  things(
    'Free slot TaskSlot',
    new RegExp(String.raw`Free slot TaskSlot\(.{1,1000}allocationId: (?<each>${id}), jobId: (?<of>${id})`),
    (count, job) => `${counted(count, 'slot')} of ${job} freed`,
  ),
  // DefaultSlotStatusSyncer, FineGrainedSlotManager; requirements have no id of their own, but a stamp.
  things(
    'Starting allocation of slot ',
    new RegExp(`Starting allocation of slot (?<each>${id}) from .{1,300} for job (?<of>${id})`),
    (count, job) => `${counted(count, 'slot')} being allocated for ${job}`,
  ),
  things(
    'Received resource requirements from job ',
    new RegExp(`Received resource requirements from job (?<of>${id})`),
    (count, job) => `resource requirements of ${job} received ${formatCount(count)} times`,
  ),
  // GlobalConfiguration.
  things(
    'Loading configuration property: ',
    /Loading configuration property: (?<each>[^,]{1,500}),/,
    (count) => `${formatCount(count)} configuration properties loaded`,
  ),
];

/** What of a line is the same in all lines of its shape: the sign of its kind, and whether it tells of trouble. */
export interface Habit {
  /** The kinds that the line may be of. */
  readonly kinds: readonly RunKind[];
  readonly isTrouble: boolean;
}

/** What tells of trouble is shown each time, whatever its level. */
const trouble = /fail|declin|expir|abort|exception|error|lost|unable|cannot|could not|tim(?:ed|e) ?out/i;

export const habitOf = (line: string): Habit => ({
  kinds: runKinds.filter(({ sign }) => line.includes(sign)),
  isTrouble: trouble.test(line),
});
