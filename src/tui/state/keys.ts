import { isTable, type PanelName } from './layout.ts';

/** Where a key has a meaning. `list` is every table, `panel` every panel, `edit` every text field; more specific scopes come first. */
export type KeyScope =
  | 'picker'
  | 'dialog'
  | 'decline'
  | 'agree'
  | 'prompt'
  | 'command'
  | 'edit'
  | PanelName
  | 'place'
  | 'list'
  | 'panel'
  | 'everywhere';

export interface Key {
  /** Names of keys: `j`, `G`, `ctrl+r`, `alt+b`, `shift+tab`, `up`, `pagedown`, `enter`, `esc`, `space`. */
  readonly keys: readonly string[];
  /** For the list of keys and the reference. */
  readonly summary: string;
  /** One word for the border of the panel; absent: not shown there. */
  readonly hint?: string;
}

const table = {
  'everywhere.interrupt': { keys: ['ctrl+c'], summary: 'Cancel, or clear the line; if empty, detach' },
  'everywhere.suspend': { keys: ['ctrl+z'], summary: 'Suspend to the shell (fg returns)' },
  'everywhere.repaint': { keys: ['ctrl+l'], summary: 'Redraw' },

  'command.run': { keys: ['enter'], summary: 'Run what is typed' },
  'command.complete': { keys: ['tab'], summary: 'Complete; on an empty line, go to the panels' },
  'command.complete-back': { keys: ['shift+tab'], summary: 'Previous candidate' },
  'command.older': { keys: ['up', 'ctrl+p'], summary: 'Older command' },
  'command.newer': { keys: ['down', 'ctrl+n'], summary: 'Newer command' },
  'command.search': { keys: ['ctrl+r'], summary: 'Search the history; again for an older match' },
  'command.end': { keys: ['ctrl+d'], summary: 'Delete to the right; on an empty line, detach' },
  'command.page-up': { keys: ['pageup'], summary: 'Text or log: a page up' },
  'command.page-down': { keys: ['pagedown'], summary: 'Text or log: a page down' },
  'command.leave': { keys: ['esc'], summary: 'Close the open text, otherwise go to the panels; never back' },

  'edit.left': { keys: ['left', 'ctrl+b'], summary: 'A character to the left' },
  'edit.right': { keys: ['right', 'ctrl+f'], summary: 'A character to the right; at the end take the completion' },
  'edit.word-left': { keys: ['alt+b', 'ctrl+left', 'alt+left'], summary: 'A word to the left' },
  'edit.word-right': { keys: ['alt+f', 'ctrl+right', 'alt+right'], summary: 'A word to the right' },
  'edit.line-start': { keys: ['ctrl+a', 'home'], summary: 'To the start' },
  'edit.line-end': { keys: ['ctrl+e', 'end'], summary: 'To the end' },
  'edit.delete-left': { keys: ['backspace', 'ctrl+h'], summary: 'Delete to the left' },
  'edit.delete-right': { keys: ['delete', 'ctrl+d'], summary: 'Delete to the right' },
  'edit.delete-word': { keys: ['ctrl+w'], summary: 'Delete to the previous space' },
  'edit.delete-word-left': { keys: ['alt+backspace', 'ctrl+backspace'], summary: 'Delete the word to the left' },
  'edit.delete-word-right': { keys: ['alt+d', 'ctrl+delete'], summary: 'Delete the word to the right' },
  'edit.delete-to-end': { keys: ['ctrl+k'], summary: 'Delete to the end' },
  'edit.delete-to-start': { keys: ['ctrl+u'], summary: 'Delete to the start' },

  'prompt.accept': { keys: ['enter'], summary: 'Apply' },
  'prompt.cancel': { keys: ['esc'], summary: 'Cancel' },
  'prompt.switch': { keys: ['tab'], summary: 'Switch between filter and search' },

  'dialog.accept': { keys: ['enter'], summary: 'Do what is selected, once the requested text is typed' },
  'dialog.next': { keys: ['down', 'tab', 'ctrl+n'], summary: 'Next choice' },
  'dialog.previous': { keys: ['up', 'shift+tab', 'ctrl+p'], summary: 'Previous choice' },
  'dialog.cancel': { keys: ['esc'], summary: 'Cancel: nothing is changed' },
  'decline.cancel': { keys: ['n', 'q'], summary: 'Cancel: nothing is changed' },
  'agree.accept': { keys: ['y'], summary: 'The same as Enter' },

  'picker.choose': { keys: ['enter'], summary: 'Choose the selected one' },
  'picker.next': { keys: ['down', 'tab', 'ctrl+n'], summary: 'Next choice' },
  'picker.previous': { keys: ['up', 'shift+tab', 'ctrl+p'], summary: 'Previous choice' },
  'picker.back': { keys: ['left'], summary: 'Back to the previous list' },
  'picker.leave': { keys: ['esc'], summary: 'Show all again if the list is filtered, otherwise leave' },

  'pods.enter': { keys: ['enter'], summary: 'Go into its process: memory, slots, threads, files', hint: 'open' },
  'pods.open': { keys: ['d'], summary: 'Describe the pod', hint: 'describe' },
  'pods.logs': { keys: ['l'], summary: 'Go to its log', hint: 'log' },
  'pods.shell': { keys: ['S'], summary: 'Open a shell in it', hint: 'shell' },
  'pods.why': { keys: ['w'], summary: 'Explain what is wrong with it', hint: 'why' },
  'pods.yaml': { keys: ['Y'], summary: 'Show it as YAML' },
  'pods.delete': { keys: ['x'], summary: 'Prefill delete POD' },
  'pods.copy': { keys: ['y'], summary: 'Copy its full name' },
  'jobs.enter': { keys: ['enter'], summary: 'Go into the job', hint: 'open' },
  'jobs.open': { keys: ['d'], summary: 'Describe the job', hint: 'describe' },
  'jobs.logs': {
    keys: ['l'],
    summary: 'Log of the TaskManager that failed last, at that moment; otherwise the logs of its TaskManagers',
    hint: 'log',
  },
  'jobs.why': { keys: ['w'], summary: 'Explain what is wrong with it', hint: 'why' },
  'jobs.mark': { keys: ['space'], summary: 'Mark or unmark it; cancel, savepoint and stop-job act on all marked jobs' },
  'jobs.cancel': { keys: ['c'], summary: 'Prefill cancel JOB', hint: 'cancel' },
  'jobs.savepoint': { keys: ['S'], summary: 'Prefill savepoint JOB', hint: 'savepoint' },
  'jobs.stop': { keys: ['x'], summary: 'Prefill stop-job JOB, which takes a savepoint' },
  'jobs.copy': { keys: ['y'], summary: 'Copy its full id' },
  'operations.open': { keys: ['enter'], summary: 'Show all of its result', hint: 'result' },
  'operations.copy': { keys: ['y'], summary: 'Copy its result: the path of a savepoint, the id of a job', hint: 'copy' },

  'timeline.open': { keys: ['enter', 'l'], summary: 'The log at that moment', hint: 'log' },
  'timeline.copy': { keys: ['y'], summary: 'Copy the line', hint: 'copy' },

  'list.down': { keys: ['j', 'down'], summary: 'Down' },
  'list.up': { keys: ['k', 'up'], summary: 'Up' },
  'list.page-down': { keys: ['pagedown', 'space', 'ctrl+f'], summary: 'Page down' },
  'list.page-up': { keys: ['pageup', 'ctrl+b'], summary: 'Page up' },
  'list.first': { keys: ['g', 'home'], summary: 'First row' },
  'list.last': { keys: ['G', 'end'], summary: 'Last row' },
  'list.search': { keys: ['f'], summary: 'Find: selects the next row that matches' },
  'list.next': { keys: ['n'], summary: 'Next match; after the last one, the first' },
  'list.previous': { keys: ['N'], summary: 'Previous match' },
  'list.sort': { keys: ['s', '>'], summary: 'Sort by the next column; after the last one in the usual order', hint: 'sort' },
  'list.sort-back': { keys: ['<'], summary: 'Sort by the previous column' },
  'list.reverse': { keys: ['R'], summary: 'Reverse the order of the sorted column' },

  'log.down': { keys: ['j', 'down'], summary: 'Line down' },
  'log.up': { keys: ['k', 'up'], summary: 'Line up; following pauses' },
  'log.page-down': { keys: ['pagedown', 'space', 'ctrl+f'], summary: 'Page down' },
  'log.page-up': { keys: ['pageup', 'ctrl+b'], summary: 'Page up' },
  'log.first': { keys: ['g', 'home'], summary: 'Oldest line, on disk as well' },
  'log.follow': { keys: ['G', 'end'], summary: 'Follow the newest line', hint: 'follow' },
  'log.go-to': { keys: ['@'], summary: 'Prefill goto TIME' },
  'log.left': { keys: ['left', 'h'], summary: 'Scroll long lines left' },
  'log.right': { keys: ['right', 'l'], summary: 'Scroll long lines right' },
  'log.all': { keys: ['a'], summary: 'All pods or the selected one', hint: 'all' },
  'log.container': { keys: ['c'], summary: 'Next container: sidecars, then init' },
  'log.search': { keys: ['f'], summary: 'Find', hint: 'find' },
  'log.next': { keys: ['n'], summary: 'Next match, in the direction that the title shows' },
  'log.previous': { keys: ['N'], summary: 'Next match in the other direction' },
  'log.error': { keys: ['e'], summary: 'Next error of any pod; the newest if following', hint: 'error' },
  'log.error-back': { keys: ['E'], summary: 'Previous error of any pod' },
  'log.level': { keys: ['L'], summary: 'Lowest level: all, INFO, WARN, ERROR', hint: 'level' },
  'log.wrap': { keys: ['w'], summary: 'Wrap long lines', hint: 'wrap' },
  'log.stamps': { keys: ['t'], summary: 'Time, time since the line before or a mark, or none', hint: 'time' },
  'log.zone': { keys: ['Z'], summary: 'Local time or UTC' },
  'log.unfold': { keys: ['enter'], summary: 'Unfold the found or the lowest line, or fold it again' },
  'log.fold': { keys: ['o'], summary: 'Fold or unfold all stack traces and repetition', hint: 'fold' },
  'log.raw': { keys: ['x'], summary: 'Raw lines', hint: 'raw' },
  'log.timeline': { keys: ['v'], summary: 'All events between the lines, or none', hint: 'events' },
  'log.k8s': { keys: ['K'], summary: 'Events of Kubernetes on or off' },
  'log.flink': { keys: ['F'], summary: 'Events of Flink on or off' },
  'log.drey': { keys: ['D'], summary: 'Commands given here on or off' },
  'log.templates': { keys: ['T'], summary: 'Templates: like messages, counted; new ones first', hint: 'templates' },
  'log.mark': { keys: ['m'], summary: 'Mark or unmark the found or the lowest line', hint: 'mark' },
  'log.next-mark': { keys: ["'"], summary: 'Next marked line' },
  'log.previous-mark': { keys: ['"'], summary: 'Previous marked line' },
  'log.copy': { keys: ['y'], summary: 'Copy the marked lines, or the found or lowest one', hint: 'copy' },
  'log.save': { keys: ['S'], summary: 'Prefill save FILE: shown, marked, held or all', hint: 'save' },
  'log.pager': { keys: ['p'], summary: 'Open in $PAGER at the line', hint: 'pager' },
  'log.editor': { keys: ['O'], summary: 'Open in $EDITOR at the line' },

  'text.down': { keys: ['j', 'down'], summary: 'Line down' },
  'text.up': { keys: ['k', 'up'], summary: 'Line up' },
  'text.page-down': { keys: ['pagedown', 'space', 'ctrl+f'], summary: 'Page down' },
  'text.page-up': { keys: ['pageup', 'ctrl+b'], summary: 'Page up' },
  'text.first': { keys: ['g', 'home'], summary: 'To the start' },
  'text.last': { keys: ['G', 'end'], summary: 'To the end' },
  'text.search': { keys: ['f'], summary: 'Find', hint: 'find' },
  'text.next': { keys: ['n'], summary: 'Next match' },
  'text.previous': { keys: ['N'], summary: 'Previous match' },
  'text.log': { keys: ['l'], summary: 'The log of what it is about, at the failure; of a file, that of its process', hint: 'log' },
  'text.copy': { keys: ['y'], summary: 'Copy the line that was found, otherwise all of it', hint: 'copy' },
  'text.save': { keys: ['S'], summary: 'Of a log file: prefill logfiles POD FILE --save PATH', hint: 'save' },
  'text.close': { keys: ['esc', 'q'], summary: 'Close it', hint: 'close' },

  'checkpoints.enter': { keys: ['enter'], summary: 'Go into the checkpoint: what held it up', hint: 'open' },
  'checkpoints.logs': { keys: ['l'], summary: 'Log of the JobManager when it was triggered', hint: 'log' },
  'acknowledgements.enter': { keys: ['enter'], summary: 'Go into the subtask', hint: 'open' },
  'operators.enter': { keys: ['enter'], summary: 'Show its subtasks', hint: 'subtasks' },
  'exceptions.enter': { keys: ['enter'], summary: 'Go into the failure: its causes and its stack', hint: 'open' },
  'exceptions.logs': { keys: ['l'], summary: 'Log of its TaskManager at that moment', hint: 'log' },
  'exceptions.vertex': { keys: ['v'], summary: 'Go into the vertex that failed', hint: 'vertex' },
  'exceptions.threads': { keys: ['t'], summary: 'What its thread is doing now, on its TaskManager', hint: 'threads' },
  'job-settings.open': { keys: ['enter'], summary: 'Show the whole value', hint: 'value' },
  'stack.fold': { keys: ['f', 'enter'], summary: 'List the frames of Flink and the JDK, or count them', hint: 'frames' },
  'stack.logs': { keys: ['l'], summary: 'Log of its TaskManager at that moment', hint: 'log' },
  'stack.vertex': { keys: ['v'], summary: 'Go into the vertex that failed', hint: 'vertex' },
  'stack.threads': { keys: ['t'], summary: 'What its thread is doing now, on its TaskManager', hint: 'threads' },
  'graph.enter': { keys: ['enter'], summary: 'Go into the vertex: its subtasks', hint: 'open' },
  'graph.logs': { keys: ['l'], summary: 'The logs of the TaskManagers of the vertex, merged' },
  'graph.top': { keys: ['t'], summary: 'All vertices ranked: busiest, most skewed, furthest behind' },
  'graph.left': { keys: ['left', 'h'], summary: 'To a vertex that this one reads from' },
  'graph.right': { keys: ['right'], summary: 'To a vertex that reads from this one' },
  'graph.up': { keys: ['up', 'k'], summary: 'To the vertex above' },
  'graph.down': { keys: ['down', 'j'], summary: 'To the vertex below' },
  'graph.in': { keys: ['+', '='], summary: 'Show more of each vertex, and the part of the graph that has room', hint: 'zoom in' },
  'graph.out': { keys: ['-'], summary: 'Show less of each vertex; after the least, as much as fits', hint: 'out' },
  'vertices.enter': { keys: ['enter'], summary: 'Go into the vertex: its subtasks', hint: 'open' },
  'vertices.top': { keys: ['t'], summary: 'All vertices ranked: busiest, most skewed, furthest behind', hint: 'top' },
  'subtasks.enter': { keys: ['enter'], summary: 'Go into the subtask: its attempts and its figures', hint: 'open' },
  'subtasks.describe': { keys: ['d'], summary: 'Describe the pod of its TaskManager', hint: 'describe' },
  'subtasks.log': { keys: ['l'], summary: 'The log of its TaskManager; if it has ended, at that moment', hint: 'log' },
  'watermarks.enter': { keys: ['enter'], summary: 'Go into the subtask: its attempts and its figures', hint: 'open' },
  'watermarks.log': { keys: ['l'], summary: 'The log of its TaskManager; if it has ended, at that moment', hint: 'log' },
  'attempts.enter': { keys: ['enter'], summary: 'Go into its TaskManager: memory, slots, threads, files', hint: 'taskmanager' },
  'attempts.failure': { keys: ['e'], summary: 'Go into its failure: the causes and the stack', hint: 'failure' },
  'attempts.describe': { keys: ['d'], summary: 'Describe the pod of its TaskManager', hint: 'describe' },
  'attempts.log': { keys: ['l'], summary: 'The log of its TaskManager; if it has ended, at that moment', hint: 'log' },
  'subtask-figures.enter': { keys: ['enter'], summary: 'Go into the TaskManager of the subtask', hint: 'taskmanager' },
  'subtask-figures.log': { keys: ['l'], summary: 'The log of the TaskManager of the subtask', hint: 'log' },
  'vertex-taskmanagers.enter': { keys: ['enter'], summary: 'Go into the TaskManager: memory, slots, threads, files', hint: 'open' },
  'vertex-taskmanagers.describe': { keys: ['d'], summary: 'Describe its pod', hint: 'describe' },
  'vertex-taskmanagers.log': { keys: ['l'], summary: 'The log of the TaskManager', hint: 'log' },
  'metrics.by-subtask': { keys: ['b'], summary: 'Charts of the selected metric for each subtask, or over all of them', hint: 'by subtask' },
  'chart.by-subtask': { keys: ['b'], summary: 'Charts of the selected metric for each subtask, or over all of them', hint: 'by subtask' },
  'top.enter': { keys: ['enter'], summary: 'Go into the vertex', hint: 'open' },
  'top.logs': { keys: ['l'], summary: 'The logs of the TaskManagers of the vertex, merged', hint: 'log' },
  'slots.enter': { keys: ['enter'], summary: 'Go into the job of the slot', hint: 'job' },
  'slots.log': { keys: ['l'], summary: 'Log of the last failure of its job; otherwise of its TaskManagers', hint: 'log' },
  'threads.open': { keys: ['enter'], summary: 'Show the stack, and the locks of its threads', hint: 'stack' },
  'threads.again': { keys: ['a'], summary: 'Take another dump now, and show what moved since this one', hint: 'again' },
  'movements.open': { keys: ['enter'], summary: 'Show its stack, before and now', hint: 'stack' },
  'movements.again': { keys: ['a'], summary: 'Take another dump now, and compare it with this one', hint: 'again' },
  'files.open': { keys: ['enter'], summary: 'Show the end of the file, and follow it', hint: 'open' },
  'files.save': { keys: ['S'], summary: 'Prefill logfiles POD FILE --save PATH', hint: 'save' },
  'flame.enter': { keys: ['enter'], summary: 'Zoom into the frame; Esc zooms out', hint: 'zoom in' },
  'flame.left': { keys: ['left', 'h'], summary: 'To the frame on the left' },
  'flame.right': { keys: ['right', 'l'], summary: 'To the frame on the right' },
  'flame.up': { keys: ['up', 'k'], summary: 'To the frame that called this one' },
  'flame.down': { keys: ['down', 'j'], summary: 'To the widest frame that this one called' },
  'flame.first': { keys: ['g', 'home'], summary: 'To the first frame' },
  'flame.search': { keys: ['/', 'f'], summary: 'Find: marks the frames that match, and shows their share of the samples', hint: 'find' },
  'flame.next': { keys: ['n'], summary: 'Next frame that matches' },
  'flame.previous': { keys: ['N'], summary: 'Previous frame that matches' },
  'flame.profile': { keys: ['p'], summary: 'Profile the process for 10 s, with the mode of the view', hint: 'profile' },
  'methods.enter': { keys: ['enter'], summary: 'Select the widest frame of the method in the flame graph', hint: 'show' },
  'templates.enter': { keys: ['enter'], summary: 'Show its lines in the log; Esc there leads back', hint: 'lines' },
  'incident.open': {
    keys: ['enter'],
    summary: 'Go to what the line is about: the log at that moment, the failure, the checkpoint, the job, the pod',
    hint: 'open',
  },
  'incident.log': { keys: ['l'], summary: 'The log of what the line is about, at that moment', hint: 'log' },
  'incident.next': { keys: ['n'], summary: 'Next incident, after the last one the first; of a search, the next match', hint: 'next' },
  'incident.previous': { keys: ['N'], summary: 'Previous incident; of a search, the previous match' },
  'incident.copy': { keys: ['y'], summary: 'Copy all of it as Markdown, as why -o markdown prints it', hint: 'copy' },
  'settings.open': { keys: ['enter'], summary: 'Show the whole value', hint: 'value' },

  'vertices.logs': { keys: ['l'], summary: 'The logs of the TaskManagers of the vertex, merged', hint: 'log' },
  'vertices.why': { keys: ['w'], summary: 'Explain what is wrong with the job', hint: 'why' },

  'place.previous': { keys: ['<'], summary: 'The same view of the previous job, vertex, subtask, checkpoint or process' },
  'place.next': { keys: ['>'], summary: 'The same view of the next one' },
  'place.log': { keys: ['l'], summary: 'Go to the log; in a process to its own, in a subtask to that of its TaskManager' },
  'place.flame': {
    keys: ['F'],
    summary: 'Flame graph of the selected vertex, or of the vertex, subtask or process of this place',
    hint: 'flame',
  },
  'place.view-1': { keys: ['1'], summary: 'The first view of this place' },
  'place.view-2': { keys: ['2'], summary: 'The second view' },
  'place.view-3': { keys: ['3'], summary: 'The third view' },
  'place.view-4': { keys: ['4'], summary: 'The fourth view' },
  'place.view-5': { keys: ['5'], summary: 'The fifth view' },
  'place.view-6': { keys: ['6'], summary: 'The sixth view' },
  'place.view-7': { keys: ['7'], summary: 'The seventh view' },
  'place.view-8': { keys: ['8'], summary: 'The eighth view' },
  'place.view-9': { keys: ['9'], summary: 'The ninth view' },

  'panel.filter': { keys: ['/'], summary: 'Filter by regular expression: a && !b', hint: 'filter' },
  'panel.why': { keys: ['!'], summary: 'Explain the worst problem' },
  'panel.next': { keys: ['tab'], summary: 'Next panel; after the last, the command line' },
  'panel.previous': { keys: ['shift+tab'], summary: 'Previous panel, or the command line' },
  'panel.command': { keys: [':'], summary: 'Type one command, then come back here' },
  'panel.type': { keys: ['i'], summary: 'Go to the command line, and stay there' },
  'panel.keys': { keys: ['?'], summary: 'The keys that work here' },
  'panel.zoom': { keys: ['z'], summary: 'Zoom this panel, and back', hint: 'zoom' },
  'panel.rewind': { keys: ['['], summary: 'Back to when something went wrong before' },
  'panel.forward': { keys: [']'], summary: 'In the past: on to the next trouble, or to now' },
  'panel.play': { keys: ['P'], summary: 'In the past: go on from here, and stand still again' },
  'panel.retry': { keys: ['r'], summary: 'Refresh now, and retry lost connections' },
  'panel.back': { keys: ['esc'], summary: 'Back: out of a filter, search, marks, zoom' },
  'panel.leave': { keys: ['q'], summary: 'Back; if nothing is open, ask to detach' },
  'panel.pods': { keys: ['1'], summary: 'Pods' },
  'panel.jobs': { keys: ['2'], summary: 'Jobs' },
  'panel.operations': { keys: ['3'], summary: 'Operations' },
  'panel.timeline': { keys: ['4'], summary: 'Timeline' },
  'panel.log': { keys: ['5', '0'], summary: 'Log' },
} as const satisfies Record<`${KeyScope}.${string}`, Key>;

export type ActionId = keyof typeof table;

export type KeyTable = Readonly<Record<ActionId, Key>>;

export const defaultKeys: KeyTable = table;

export const actionIds = Object.keys(table) as ActionId[];

/** A key that can also be typed as text. */
export const isTyped = (key: string): boolean => key === 'space' || Array.from(key).length === 1;

export const scopeOf = (id: ActionId): KeyScope => id.slice(0, id.indexOf('.')) as KeyScope;

/** The table with the user's own keys; binding a key removes it from any other action in the same scope. */
export function withOverrides(overrides: Readonly<Partial<Record<ActionId, readonly string[]>>>): KeyTable {
  const taken = new Map<string, ActionId>();
  for (const [id, keys] of Object.entries(overrides) as [ActionId, readonly string[]][])
    for (const key of keys) taken.set(`${scopeOf(id)} ${key}`, id);
  const entries = actionIds.map((id): [ActionId, Key] => {
    const own = overrides[id];
    if (own !== undefined) return [id, { ...table[id], keys: own }];
    return [id, { ...table[id], keys: table[id].keys.filter((key) => !taken.has(`${scopeOf(id)} ${key}`)) }];
  });
  return Object.fromEntries(entries) as KeyTable;
}

/** The scopes in which to look for a key of a focused panel, the most specific first. `within`: it is a panel of a place within. */
export function scopesOf(panel: PanelName, within = false): readonly KeyScope[] {
  if (within) return scopesOf(panel).flatMap((scope) => (scope === panel ? [scope, 'place'] : [scope]));
  return isTable(panel) ? [panel, 'list', 'panel', 'everywhere'] : [panel, 'panel', 'everywhere'];
}

/** The action of a key in the first scope that has it. */
export function actionOf(keys: KeyTable, key: string, scopes: readonly KeyScope[]): ActionId | undefined {
  for (const scope of scopes) {
    for (const id of actionIds) if (scopeOf(id) === scope && keys[id].keys.includes(key)) return id;
  }
  return undefined;
}

/** The actions of these scopes with the keys that reach them: a more specific scope keeps a key for itself, unless they are `apart`. */
export function keysOf(
  keys: KeyTable,
  scopes: readonly KeyScope[],
  apart = false,
): readonly { readonly id: ActionId; readonly own: readonly string[] }[] {
  const taken = new Set<string>();
  return scopes.flatMap((scope) => {
    const here = actionIds.filter((id) => scopeOf(id) === scope).map((id) => ({ id, own: keys[id].keys.filter((key) => !taken.has(key)) }));
    if (!apart) for (const { own } of here) for (const key of own) taken.add(key);
    return here;
  });
}
