import type { FlinkProcess } from '../../../flink/process-types.ts';
import { selectPodRows } from '../../../session/selectors/pods.ts';
import type { Pod, Session } from '../../../session/types.ts';
import type { ProcessPart, ProcessSubject } from '../../../session/inspections/process.ts';
import type { PlaceView } from '../layout.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

type ProcessPanel = 'figures' | 'slots' | 'threads' | 'movements' | 'files' | 'settings' | 'log';

/** A TaskManager or the JobManager from the inside. */
export interface ProcessPlace extends Within<ProcessPanel>, ProcessSubject {}

/** A view, and what it reads. */
interface ProcessView extends PlaceView<ProcessPanel> {
  readonly part: ProcessPart;
}

const threads: ProcessView = { title: 'Threads', panels: ['threads', 'movements'], part: 'threads' };
const files: ProcessView = { title: 'Files', panels: ['files'], part: 'files' };

/** Tasks run on TaskManagers only, and Flink shows the configuration of the JobManager only. */
const views: Readonly<Record<FlinkProcess['kind'], readonly ProcessView[]>> = {
  taskmanager: [{ title: 'Memory', panels: ['figures', 'slots'], beside: true, part: 'figures' }, threads, files],
  jobmanager: [
    { title: 'Memory', panels: ['figures'], part: 'figures' },
    threads,
    files,
    { title: 'Configuration', panels: ['settings'], part: 'settings' },
  ],
};

const rulesWith = (own: readonly ProcessView[]): PlaceRules<ProcessPanel> => ({
  panels: [...own.flatMap(({ panels }) => panels), 'log'],
  main: 'log',
  passing: false,
  views: own,
});

const rules: Readonly<Record<FlinkProcess['kind'], PlaceRules<ProcessPanel>>> = {
  taskmanager: rulesWith(views.taskmanager),
  jobmanager: rulesWith(views.jobmanager),
};

export const processRules = ({ process }: Pick<ProcessPlace, 'process'>): PlaceRules<ProcessPanel> => rules[process.kind];

/** The subject whose neighbours are other processes, whatever is read of it. */
export const processSubject = (process: FlinkProcess): ProcessSubject => ({ kind: 'process', process, part: 'figures' });

export function processPlace({ process, part }: ProcessSubject, { typing }: Standing): ProcessPlace {
  const view = Math.max(
    0,
    views[process.kind].findIndex((each) => each.part === part),
  );
  return { ...processSubject(process), view, panel: views[process.kind][view]?.panels[0] ?? 'figures', zoomed: false, typing };
}

/** What the view on the screen shows. */
export const partsIn = ({ process, view }: ProcessPlace): readonly ProcessSubject[] => [
  { kind: 'process', process, part: views[process.kind][view]?.part ?? 'figures' },
];

/** The process of a pod; undefined: a JobManager that does not lead, which Flink cannot be asked about. */
export const processOfPod = ({ name, role }: Pick<Pod, 'name' | 'role'>, { leader }: Session): FlinkProcess | undefined =>
  role === 'taskmanager' ? { kind: 'taskmanager', id: name } : leader === undefined || leader === name ? { kind: 'jobmanager' } : undefined;

/** All processes, in the order of the table of pods. */
export function processesOf(session: Session): readonly FlinkProcess[] {
  const found = new Map<string, FlinkProcess>();
  for (const { key } of selectPodRows(session)) {
    const pod = session.pods.get(key);
    const process = pod === undefined ? undefined : processOfPod(pod, session);
    // Until a leader is known every JobManager stands for the one process that answers.
    if (process !== undefined) found.set(process.kind === 'jobmanager' ? '' : process.id, process);
  }
  return [...found.values()];
}

/** The pod of a process; undefined: it is gone. */
export const podOf = (process: FlinkProcess, session: Session): Pod | undefined =>
  process.kind === 'taskmanager'
    ? session.pods.get(process.id)
    : [...session.pods.values()].find((pod) => pod.role === 'jobmanager' && (session.leader === undefined || session.leader === pod.name));

/** The pod whose log is that of a process, also if it is gone; undefined: no JobManager leads. */
export const logPodOf = (process: FlinkProcess, session: Session): string | undefined =>
  process.kind === 'taskmanager' ? process.id : (podOf(process, session)?.name ?? session.leader);
