import type { FlinkProcess } from '../../../flink/process-types.ts';
import { selectPodRows } from '../../../session/selectors/pods.ts';
import type { Pod, Session } from '../../../session/types.ts';
import type { ProcessPart, ProcessSubject } from '../../../session/inspections/process.ts';
import type { PlaceRules, Standing, Within } from '../place.ts';

type ProcessPanel = 'figures' | 'slots' | 'threads' | 'files' | 'settings' | 'log';

/** A TaskManager or the JobManager from the inside. */
export interface ProcessPlace extends Within<ProcessPanel>, ProcessSubject {}

/** The views, and what each of them reads. */
const views = [
  { title: 'Memory', panels: ['figures'], part: 'figures' },
  { title: 'Slots', panels: ['slots'], part: 'figures' },
  { title: 'Threads', panels: ['threads'], part: 'threads' },
  { title: 'Files', panels: ['files'], part: 'files' },
  { title: 'Configuration', panels: ['settings'], part: 'settings' },
] as const satisfies readonly { readonly title: string; readonly panels: readonly ProcessPanel[]; readonly part: ProcessPart }[];

export const processRules: PlaceRules<ProcessPanel> & { readonly views: readonly unknown[] } = {
  panels: [...views.flatMap(({ panels }) => panels), 'log'],
  main: 'log',
  passing: false,
  views,
};

/** The subject whose neighbours are other processes, whatever is read of it. */
export const processSubject = (process: FlinkProcess): ProcessSubject => ({ kind: 'process', process, part: 'figures' });

export function processPlace({ process, part }: ProcessSubject, { typing }: Standing): ProcessPlace {
  const view = Math.max(
    0,
    views.findIndex((each) => each.part === part),
  );
  return { ...processSubject(process), view, panel: views[view]?.panels[0] ?? 'figures', zoomed: false, typing };
}

/** What the view on the screen shows. */
export const partsIn = ({ process, view }: ProcessPlace): readonly ProcessSubject[] => [
  { kind: 'process', process, part: views[view]?.part ?? 'figures' },
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
