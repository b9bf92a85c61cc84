import { findVertex } from '../../inside/find-vertex.ts';
import { endsOf } from '../../inside/job/ends.ts';
import { noSubtask } from '../../inside/vertex/no-subtask.ts';
import { readSubtask } from '../../inside/vertex/read-subtask.ts';
import { type AttemptFacts, subtaskFigures, subtaskIn, type SubtaskInside } from '../../inside/vertex/subtask.ts';
import { attemptColumns, attemptRow } from '../../session/tables/attempts.ts';
import { subtaskFigureColumns } from '../../session/tables/subtask-figures.ts';
import { taskManagerName } from '../../session/tables/subtasks.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { isoTime } from '../../support/machine-text.ts';
import { arg, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { subtaskData } from '../procedures/subtask-data.ts';

export const subtask = command({
  name: 'subtask',
  summary: 'Show one subtask of a vertex: its attempts, why they failed, and how it compares with the others',
  details:
    'The first subtask is 0, as everywhere in Flink. MEDIAN is that of all subtasks of the vertex, TIMES how many times the median the value is. ' +
    'Flink keeps the last 16 attempts (jobmanager.execution.attempts-history-size); what it does not keep is -.',
  group: 'jobs',
  examples: ['subtask orders-enrichment Enrich 3'],
  args: {
    job: orHere(arg.job('Job id, unique prefix or name'), 'job'),
    vertex: orHere(arg.vertex('Id of a vertex, or a part of its name'), 'vertex'),
    subtask: orHere(arg.number('Its number'), 'subtask'),
  },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'flink',
  async run({ flink, front, store, clock, signal }, { job, vertex: word, subtask: number }) {
    const { vertices, edges } = await flink.job(job.id, { signal });
    const found = findVertex(word, vertices);
    if (number >= found.parallelism) throw noSubtask(found, number);
    if (front.enter !== undefined) return front.enter({ kind: 'subtask', job: job.id, vertex: found.id, subtask: number });
    const inside = await readSubtask(flink, { jobId: job.id, vertexId: found.id, subtask: number }, undefined, {
      signal,
      ends: endsOf(found.id, edges),
      most: Number.POSITIVE_INFINITY,
    });
    const { clusterId } = store.get().target;
    const form = { now: clock.now(), whole: false };
    return front.show({
      kind: 'facts',
      title: `Subtask ${number}`,
      text: [
        headline(inside, clusterId),
        '',
        ...textTable(
          attemptColumns,
          inside.attempts.map((one) => attemptRow(one, clusterId)),
          { ...form, whole: true },
        ),
        '',
        ...textTable(subtaskFigureColumns, subtaskFigures(inside), form),
      ],
      data: dataOf(inside),
    });
  },
});

/** `Subtask 3 of Enrich: RUNNING on taskmanager-1-2, skew 1.5x`. */
function headline(inside: SubtaskInside, clusterId: string): string {
  const own = subtaskIn(inside);
  const where = own?.taskManagerId === undefined ? '' : ` on ${taskManagerName(own.taskManagerId, clusterId)}`;
  const skew = own?.timesAverage === undefined ? '' : `, skew ${own.timesAverage.toFixed(1)}x`;
  return `Subtask ${inside.subtask} of ${oneLine(inside.vertex.name)}: ${oneLine(own?.state ?? '-')}${where}${skew}`;
}

/** The documented form for programs. */
function dataOf(inside: SubtaskInside): unknown {
  const own = subtaskIn(inside);
  return {
    vertex: { id: inside.vertex.id, name: inside.vertex.name },
    at: isoTime(inside.vertex.now),
    ...(own === undefined ? {} : subtaskData(own)),
    inputBuffersInUse: inside.buffers.input ?? null,
    outputBuffersInUse: inside.buffers.output ?? null,
    medians: Object.fromEntries(subtaskFigures(inside).map(({ key, median }) => [key, median ?? null])),
    attempts: inside.attempts.map(attemptData),
  };
}

const attemptData = ({ kind, attempt, run, failure }: AttemptFacts): unknown => ({
  attempt,
  kind,
  state: run?.state ?? null,
  taskManager: run?.taskManagerId ?? null,
  startTime: isoTime(run?.startTime) ?? null,
  endTime: isoTime(run?.endTime) ?? null,
  failure: failure === undefined ? null : { at: isoTime(failure.at), cause: failure.cause },
});
