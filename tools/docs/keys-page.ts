import { actionIds, defaultKeys, scopeOf, type KeyScope } from '../../src/tui/state/keys.ts';
import { keyLabel } from '../../src/tui/state/key-labels.ts';
import { code, escaped, page, table } from './markdown.ts';

const titles: Readonly<Record<KeyScope, string>> = {
  everywhere: 'Everywhere',
  command: 'Command line',
  edit: 'Text fields',
  prompt: 'Filter and search',
  picker: 'Choice of a cluster, context or namespace',
  dialog: 'Dialogs',
  decline: 'Dialogs that do not ask for the cluster id, while nothing is typed',
  agree: 'Dialogs in which nothing can be lost',
  panel: 'Every panel',
  list: 'Tables',
  pods: 'Pods',
  jobs: 'Jobs',
  operations: 'Operations',
  timeline: 'Timeline',
  log: 'Log',
  text: 'Text views',
  vertices: 'Vertices of a job',
  checkpoints: 'Checkpoints of a job',
  'checkpoint-facts': 'All checkpoints of a job',
  operators: 'Operators of a checkpoint',
  acknowledgements: 'Subtasks of a checkpoint',
  phases: 'What held up a checkpoint',
  exceptions: 'Failures of a job',
  'job-settings': 'Configuration of a job',
  stack: 'A failure of a job',
  flame: 'Flame graph of a vertex or a process',
  methods: 'Methods of a flame graph',
  graph: 'Graph of a job',
  top: 'Vertices of a job, ranked',
  subtasks: 'Subtasks of a vertex',
  attempts: 'Attempts of a subtask',
  'subtask-figures': 'Figures of a subtask',
  'subtask-metrics': 'Metrics of a subtask',
  'vertex-taskmanagers': 'TaskManagers of a vertex',
  watermarks: 'Watermarks of a vertex',
  accumulators: 'Accumulators of a vertex',
  metrics: 'Metrics of a vertex',
  chart: 'Charts of metrics',
  figures: 'Memory of a process',
  slots: 'Slots of a TaskManager',
  threads: 'Threads of a process',
  movements: 'Threads that moved between two dumps',
  files: 'Log files of a process',
  settings: 'Configuration of the JobManager',
  templates: 'Templates of logs',
  incident: 'Why',
  place: 'Every place within the cluster: a job, a vertex, a process',
};

/** docs/keys.md */
export function keysPage(): string {
  const scopes = [...new Set(actionIds.map(scopeOf))];
  return page(
    '# Keys',
    'Each action can be given other keys in the settings file, by its name: `"keys": {"log.wrap": ["W"]}`. Binding a key removes it from any other action in the same context.',
    ...scopes.flatMap((scope) => [
      `## ${titles[scope]}`,
      table(
        ['keys', '', 'action'],
        actionIds
          .filter((id) => scopeOf(id) === scope)
          .map((id) => [defaultKeys[id].keys.map((key) => code(keyLabel(key))).join(' '), escaped(defaultKeys[id].summary), code(id)]),
      ),
    ]),
  );
}
