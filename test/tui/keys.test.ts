import { test } from 'vitest';
import { actionIds, defaultKeys, type ActionId } from '../../src/tui/state/keys.ts';
import { anIncident, cardOf, whyOf } from '../support/cards.ts';
import { now, richSession } from './fixtures.ts';
import { fakeRunner, ScreenUnderTest } from './harness.ts';
import { has, type PartOnScreen } from './parts.ts';

/** Keys as a terminal sends them, by their names in the key table. */
const bytes: Readonly<Record<string, string>> = {
  enter: '\r',
  esc: '\u001b',
  tab: '\t',
  'shift+tab': '\u001b[Z',
  space: ' ',
  backspace: '\u007f',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  pageup: '\u001b[5~',
  pagedown: '\u001b[6~',
  delete: '\u001b[3~',
  'ctrl+left': '\u001b[1;5D',
  'ctrl+right': '\u001b[1;5C',
  'alt+left': '\u001b[1;3D',
  'alt+right': '\u001b[1;3C',
  'alt+backspace': '\u001b\u007f',
  'ctrl+delete': '\u001b[3;5~',
  'ctrl+backspace': '\u001b[127;5u',
  'ctrl+h': '\b',
};

function bytesOf(key: string): string {
  const known = bytes[key];
  if (known !== undefined) return known;
  if (key.startsWith('ctrl+')) return String.fromCharCode(key.toUpperCase().charCodeAt('ctrl+'.length) & 31);
  return key.startsWith('alt+') ? `\u001b${key.slice('alt+'.length)}` : key;
}

/** How one comes to the place of a key, and what is seen when it was pressed. */
interface Case {
  /** Typed one after the other, each followed by what it shows. */
  readonly before?: readonly (readonly [keys: string, sees: Sees])[];
  readonly sees: Sees;
}

type Sees = (screen: ScreenUnderTest) => boolean;

/** Something else is seen than before. */
const changed = (): boolean => true;
/** In the place of keys: a text is opened, or a card. */
const aText = 'a text';
const aCard = 'a card';

const line =
  (text: string) =>
  (screen: ScreenUnderTest): boolean =>
    screen.cursorRow().startsWith(` › ${text}`);
const ran =
  (pattern: RegExp) =>
  (screen: ScreenUnderTest): boolean =>
    screen.runner.ran.some((each) => pattern.test(each));
const wrote =
  (sequence: string) =>
  (screen: ScreenUnderTest): boolean =>
    screen.stdout.written.includes(sequence);
const onPart =
  (part: (screen: ScreenUnderTest) => PartOnScreen) =>
  (wanted: string | RegExp) =>
  (screen: ScreenUnderTest): boolean =>
    has(part(screen).text(), wanted);
const inPanel = (title: string) => onPart((screen) => screen.panel(title));
const inPods = inPanel('Pods');
const inGraph = inPanel('Graph');
const inJobs = inPanel('Jobs');
const inOperations = inPanel('Operations');
const inTimeline = inPanel('Timeline');
const inLog = inPanel('Log');
const inText = inPanel('Pod taskmanager-1-1');
const inResult = onPart(({ result }) => result);
const onLine = onPart(({ commandLine }) => commandLine);
const inHints = onPart(({ hints }) => hints);
const inPlace = onPart(({ place }) => place);
const not =
  (condition: (screen: ScreenUnderTest) => boolean) =>
  (screen: ScreenUnderTest): boolean =>
    !condition(screen);
const copied = inResult('Copied ');

const panels = [['⎋', inPods('d describe')]] as const;
const jobs = [...panels, ['2', inJobs('c cancel')]] as const;
const inJob = [...jobs, ['⏎', inPlace('[1 Overview]')]] as const;
const graph = [...inJob, ['\u001b[Z', inGraph('- out')], ['←', inGraph('▸Source: Orders')]] as const;
const inVertex = [...inJob, ['⏎', inPlace('[1 Subtasks]')]] as const;
const inTaskManagers = [...inVertex, ['2', inPlace('[2 TaskManagers]')]] as const;
const inWatermarks = [...inVertex, ['3', inPlace('[3 Watermarks]')]] as const;
const inMetrics = [...inVertex, ['5', inPanel('Metrics')('▸ busyTimeMsPerSecond')]] as const;
const inSubtask = [...inVertex, ['⏎', inPlace('› Subtask 0')]] as const;
const inAttempts = inPanel('Attempts');
const inFigures = [...inSubtask, ['⇥', inPanel('Figures')('▸ busy')]] as const;
const inTop = [...inJob, ['t', inPlace('[1 Top]')]] as const;
const inCheckpoints = [...inJob, ['2', inPlace('[2 Checkpoints]')]] as const;
const inExceptions = [...inJob, ['3', inPlace('[3 Exceptions]')]] as const;
const inJobSettings = [...inJob, ['4', inPanel('Configuration')('▸ restart strategy')]] as const;
const inFailure = [...inExceptions, ['⏎', inPanel('Failure')('Root cause: IOException')]] as const;
const inProcess = [...panels, ['⏎', inPlace('[1 Memory]')]] as const;
const inThreads = [...inProcess, ['2', inPlace('[2 Threads]')], ['g', inPanel('Threads')('▸       2 DEADLOCK')]] as const;
const inMovements = [...inThreads, ['⇥', inPanel('What moved')('a again')], ['g', inPanel('What moved')('▸ moved')]] as const;
const inFiles = [...inProcess, ['3', inPlace('[3 Files]')], ['g', inPanel('Files')('▸ flink.log')]] as const;
const inSlots = [
  ...inProcess,
  ['>', inPlace('TaskManager')],
  ['⇥', inPanel('Slots')('⏎ job')],
  ['g', inPanel('Slots')('▸    1 orders')],
] as const;
const inFlame = inPanel('Flame graph');
const flame = [...inVertex, ['F', inFlame('▸Thread.run')]] as const;
const intoEnrich = [...flame, ['↓', inFlame('▸Enrich.map')]] as const;
const flameSearch = [...flame, ['/', onLine('find ')], ['Enrich|Json⏎', inFlame('▸Enrich.map')]] as const;
const log = [...panels, ['5', inLog('G follow')]] as const;
const templates = [...log, ['T', inPanel('Templates')('⏎ lines')]] as const;
const rawLog = [...log, ['x', inLog('runtime.Thing [] - ')]] as const;
const timeline = [...panels, ['4', inTimeline('WHAT HAPPENED')], ['g', inTimeline('│ ▸ 11:34:20')]] as const;
const operations = [...panels, ['3', inOperations('✓ succeeded')], ['g', inOperations('▸ Savepoint')]] as const;
const typed = [['one two three', onLine('three')]] as const;
const atStart = [...typed, ['⌃a', onLine('one')]] as const;
const text = [...panels, [aText, inText('text line 0.')]] as const;
const inCard = inPanel('Why');
const card = [...panels, [aCard, inCard('⏎ open')]] as const;
const secondIncident = [...card, ['n', inCard('▸ 11:34:20 2 of 2')]] as const;
const textSearch = [...text, ['f', onLine('find ')], ['7\\.⏎', inText('▸text line 7.')]] as const;
const found = [...panels, ['f', onLine('find ')], ['1-[12]⏎', inPods('▸ taskmanager-1-1')]] as const;
const logSearch = [...log, ['f', onLine('find ')], ['Checkpoint⏎', inLog('find Checkpoint')]] as const;
const cancelOne = 'cancel one⏎';
const asked = [['stop⏎', inPanel('stop')('▸ Savepoints first')]] as const;

/** The keys of the choice of a cluster are tried where it is: in picker.test.ts. */
type OnScreen = Exclude<ActionId, `picker.${string}`>;
const onScreen = actionIds.filter((id): id is OnScreen => !id.startsWith('picker.'));

const cases: Readonly<Record<OnScreen, Case>> = {
  'everywhere.interrupt': { before: [['draft', onLine('› draft')]], sees: line('█') },
  // Stops the process: tried on a real terminal, in test/terminal/suspend.test.ts.
  'everywhere.suspend': { sees: () => true },
  'everywhere.repaint': { sees: wrote('\u001b[2J') },

  'command.run': { before: [['help', onLine('› help')]], sees: ran(/^help$/) },
  'command.complete': { before: [['hel', onLine('› hel')]], sees: line('help █') },
  'command.complete-back': {
    before: [
      ['st', onLine('› st')],
      ['⇥', onLine('› sto')],
    ],
    sees: inHints('about story'),
  },
  'command.older': { sees: onLine('› pods') },
  'command.newer': {
    before: [
      ['↑', onLine('› pods')],
      ['↑', onLine('› list')],
    ],
    sees: onLine('› pods'),
  },
  'command.search': { sees: onLine(' history ') },
  'command.end': { before: [['ab⌃a', onLine('› ab')]], sees: line('█b') },
  'command.page-up': { sees: inLog('paused') },
  'command.page-down': { before: [['\u001b[5~', inLog('paused')]], sees: changed },
  'command.leave': { sees: inPods('d describe') },

  'edit.left': { before: typed, sees: line('one two thre█e') },
  'edit.right': { before: atStart, sees: line('o█ne two') },
  'edit.word-left': { before: typed, sees: line('one two █three') },
  'edit.word-right': { before: atStart, sees: line('one█ two') },
  'edit.line-start': { before: typed, sees: line('█one') },
  'edit.line-end': { before: atStart, sees: line('one two three█') },
  'edit.delete-left': { before: typed, sees: line('one two thre█') },
  'edit.delete-right': { before: atStart, sees: line('█ne two') },
  'edit.delete-word': { before: typed, sees: line('one two █') },
  'edit.delete-word-left': { before: typed, sees: line('one two █') },
  'edit.delete-word-right': { before: atStart, sees: line('█ two three') },
  'edit.delete-to-end': {
    before: [...atStart, ['→', onLine('one')]],
    sees: (screen) => /^ › o█(?: |$)/.test(screen.cursorRow()),
  },
  'edit.delete-to-start': { before: [...typed, ['←', onLine('one')]], sees: line('█e') },

  'prompt.accept': { before: [...panels, ['/task', onLine('/task')]], sees: inPods('Pods /task') },
  'prompt.cancel': { before: [...panels, ['/task', inPods('Pods /task')]], sees: inPods('Pods ─') },
  'prompt.switch': { before: [...log, ['/Check', onLine('/Check')]], sees: inLog('find Check') },

  'dialog.accept': { before: [...asked, ['it', inPanel('stop')('then ⏎:  it')]], sees: ran(/^stop --savepoint$/) },
  'dialog.next': { before: asked, sees: inPanel('stop')('▸ Stop now') },
  'dialog.previous': { before: asked, sees: inPanel('stop')('▸ Stop now') },
  'dialog.cancel': { before: asked, sees: inResult('stop: nothing was changed.') },
  'decline.cancel': { before: [[cancelOne, inPanel('cancel one')('This cancels one.')]], sees: inResult('cancel: nothing was changed.') },
  'agree.accept': { before: [...panels, ['q', inPanel('Detach')('Nothing is stopped')]], sees: wrote('\u001b[?1049l') },

  'pods.enter': { before: panels, sees: inPlace('JobManager jobmanager-f647b') },
  'pods.open': { before: panels, sees: ran(/^describe my-first-flink-cluster-jobmanager-f647b$/) },
  'pods.logs': { before: panels, sees: inLog('G follow') },
  'pods.why': { before: panels, sees: ran(/^why my-first-flink-cluster-jobmanager-f647b$/) },
  'pods.shell': { before: panels, sees: ran(/^exec my-first-flink-cluster-jobmanager-f647b$/) },
  'pods.yaml': { before: panels, sees: ran(/^yaml my-first-flink-cluster-jobmanager-f647b$/) },
  'pods.delete': { before: panels, sees: onLine(/› delete my-first-flink-cluster-jobmanager-f647b/) },
  'pods.copy': { before: panels, sees: copied },
  'jobs.enter': { before: jobs, sees: inPlace('[1 Overview]') },
  'jobs.open': { before: jobs, sees: ran(/^describe [0-9a-f]{32}$/) },
  'jobs.logs': { before: jobs, sees: inLog('▸11:34:16.224 ERROR') },
  'jobs.why': { before: jobs, sees: ran(/^why [0-9a-f]{32}$/) },
  'jobs.mark': { before: jobs, sees: inJobs('1 marked') },
  'jobs.cancel': { before: jobs, sees: onLine(/› cancel [0-9a-f]{32}/) },
  'jobs.savepoint': { before: jobs, sees: onLine(/› savepoint [0-9a-f]{32}/) },
  'jobs.stop': { before: jobs, sees: onLine(/› stop-job [0-9a-f]{32}/) },
  'jobs.copy': { before: jobs, sees: copied },
  'operations.open': { before: operations, sees: inResult('s3://flink/savepoint-1') },
  'operations.copy': { before: operations, sees: copied },
  'timeline.open': { before: timeline, sees: inLog('G follow') },
  'timeline.copy': { before: timeline, sees: copied },

  'list.down': { before: panels, sees: inPods('▸ taskmanager-1-1') },
  'list.up': { before: [...panels, ['G', inPods('▸ taskmanager-1-3')]], sees: inPods('▸ taskmanager-1-2') },
  'list.page-down': { before: panels, sees: inPods('▸ taskmanager-1-3') },
  'list.page-up': { before: [...panels, ['G', inPods('▸ taskmanager-1-3')]], sees: inPods('▸ taskmanager-1-4') },
  'list.first': { before: [...panels, ['G', inPods('▸ taskmanager-1-3')]], sees: inPods('▸ taskmanager-1-4') },
  'list.last': { before: panels, sees: inPods('▸ taskmanager-1-3') },
  'list.search': { before: panels, sees: onLine('find ') },
  'list.next': { before: found, sees: inPods('▸ taskmanager-1-2') },
  'list.previous': { before: [...found, ['n', inPods('▸ taskmanager-1-2')]], sees: inPods('▸ taskmanager-1-1') },
  'list.sort': { before: panels, sees: inPods(/NAME[↑↓]/) },
  'list.sort-back': { before: [...panels, ['s', inPods(/NAME[↑↓]/)]], sees: not(inPods(/NAME[↑↓]/)) },
  'list.reverse': { before: [...panels, ['s', inPods('NAME↑')]], sees: inPods('NAME↓') },

  'log.down': { before: [...log, ['kkk', inLog('paused, 3 new')]], sees: inLog('paused, 2 new') },
  'log.up': { before: log, sees: inLog('paused, 1 new') },
  'log.page-down': { before: [...log, ['g', inLog('Checkpoint 0 ')]], sees: not(inLog('Checkpoint 0 ')) },
  'log.page-up': { before: log, sees: inLog('paused') },
  'log.first': { before: log, sees: inLog('Checkpoint 0 ') },
  'log.follow': { before: [...log, ['k', inLog('paused')]], sees: inLog('following') },
  'log.left': { before: [...rawLog, ['→', not(inLog('│ 2026-11-22 11:33:50'))]], sees: inLog('│ 2026-11-22 11:33:50') },
  'log.right': { before: rawLog, sees: not(inLog('│ 2026-11-22 11:33:50')) },
  'log.all': { before: log, sees: inLog('all 4 logs') },
  // One with several containers is in log-containers.test.ts.
  'log.container': { before: log, sees: inResult('jobmanager-f647b has only one container.') },
  'log.search': { before: log, sees: onLine('find ') },
  'log.next': { before: logSearch, sees: changed },
  'log.previous': { before: [...logSearch, ['n', changed]], sees: changed },
  'log.error': { before: log, sees: changed },
  'log.error-back': { before: log, sees: changed },
  'log.level': { before: log, sees: changed },
  'log.wrap': { before: rawLog, sees: changed },
  'log.zone': { before: log, sees: inLog('UTC') },
  'log.go-to': { before: log, sees: line('goto ') },
  'log.stamps': { before: log, sees: not(inLog(/│ \d\d:\d\d:\d\d\.\d{3} INFO/)) },
  'log.unfold': { before: log, sees: inResult('Nothing is folded at the lowest line.') },
  'log.fold': { before: log, sees: inLog('frame13') },
  'log.raw': { before: log, sees: inLog('org.apache.flink.runtime.Thing [] - ') },
  'log.timeline': { before: log, sees: inLog('events off') },
  'log.k8s': { before: log, sees: inLog('k8s off') },
  'log.flink': { before: log, sees: inLog('flink off') },
  'log.drey': { before: log, sees: inLog('drey off') },
  'log.mark': { before: log, sees: inLog('1 marked') },
  'log.next-mark': { before: [...log, ['m', inLog('1 marked')]], sees: inResult('Marked line 1 of 1') },
  'log.previous-mark': { before: [...log, ['m', inLog('1 marked')]], sees: inResult('Marked line 1 of 1') },
  'log.templates': { before: log, sees: inPlace('Templates of jobmanager-f647b') },
  'log.copy': { before: log, sees: copied },
  'log.save': { before: log, sees: line('save ') },
  'log.pager': { before: log, sees: ran(/^open pager$/) },
  'log.editor': { before: log, sees: ran(/^open editor$/) },

  'text.down': { before: text, sees: not(inText('text line 0.')) },
  'text.up': { before: [...text, ['j', inText('text line 20.')]], sees: inText('text line 0.') },
  'text.page-down': { before: text, sees: inText('text line 40.') },
  'text.page-up': { before: [...text, ['G', inText('text line 89.')]], sees: not(inText('text line 89.')) },
  'text.first': { before: [...text, ['G', inText('text line 89.')]], sees: inText('text line 0.') },
  'text.last': { before: text, sees: inText('text line 89.') },
  'text.search': { before: text, sees: onLine('find ') },
  'text.next': { before: textSearch, sees: inText('▸text line 17.') },
  'text.previous': { before: [...textSearch, ['n', inText('▸text line 17.')]], sees: inText('▸text line 7.') },
  'text.log': { before: text, sees: inLog('G follow') },
  'text.copy': { before: text, sees: copied },
  'text.save': {
    before: [...inFiles, ['⏎', inPanel('flink.log')('Reading the file.')]],
    sees: line('logfiles my-first-flink-cluster-jobmanager-f647b flink.log --save flink.log█'),
  },
  'text.close': { before: text, sees: inPods('d describe') },

  'checkpoints.enter': { before: [...inCheckpoints, ['j', inPanel('Checkpoints')('▸   42')]], sees: inPlace('checkpoint 42') },
  'checkpoints.logs': { before: inCheckpoints, sees: inLog('G follow') },
  'acknowledgements.enter': {
    before: [
      ...inCheckpoints,
      ['j', inPanel('Checkpoints')('▸   42')],
      ['⏎', inPanel('Operators')('▸ Source: Orders')],
      ['⇥', inPanel('Subtasks')(/▸ +2 ack/)],
      ['j', inPanel('Subtasks')(/▸ +0 ack/)],
    ],
    sees: inPlace('› Subtask 0'),
  },
  'operators.enter': {
    before: [
      ...inCheckpoints,
      ['j', inPanel('Checkpoints')('▸   42')],
      ['⏎', inPanel('Operators')('▸ Source: Orders')],
      ['j', inPanel('Operators')('▸ Sink: Print')],
    ],
    sees: inPanel('Subtasks')('Reading the subtasks.'),
  },
  'exceptions.enter': { before: inExceptions, sees: inPanel('Failure')('Root cause: IOException: disk quota exceeded') },
  'exceptions.logs': { before: inExceptions, sees: inLog('G follow') },
  'exceptions.vertex': { before: inExceptions, sees: ran(/^vertex 9f13c20+ 'Sink: Print'$/) },
  'exceptions.threads': { before: inExceptions, sees: inResult('taskmanager-1-3 is gone, and its threads with it.') },
  'stack.fold': { before: inFailure, sees: inPanel('Failure')('java.lang.Thread.run') },
  'stack.logs': { before: inFailure, sees: inLog('G follow') },
  'stack.vertex': { before: inFailure, sees: ran(/^vertex 9f13c20+ 'Sink: Print'$/) },
  'stack.threads': { before: inFailure, sees: inResult('taskmanager-1-3 is gone, and its threads with it.') },

  'job-settings.open': { before: inJobSettings, sees: inPanel('restart strategy')('Exponential delay') },

  'graph.enter': { before: graph, sees: inPlace('[1 Subtasks]') },
  'graph.logs': { before: graph, sees: ran(/^logs 9f13c20+ v1$/) },
  'graph.top': { before: graph, sees: inPlace('[1 Top]') },
  'graph.left': { before: [...graph, ['→', inGraph('▸Sink: Print')]], sees: inGraph('▸Source: Orders') },
  'graph.right': { before: graph, sees: inGraph('▸Sink: Print') },
  'graph.up': { before: graph, sees: inGraph('▸Source: Orders') },
  'graph.down': { before: graph, sees: inGraph('▸Source: Orders') },
  'graph.in': { before: [...graph, ['-', changed]], sees: changed },
  'graph.out': { before: graph, sees: changed },
  'vertices.enter': { before: inJob, sees: inPlace('[1 Subtasks]') },
  'vertices.top': { before: inJob, sees: inPlace('[1 Top]') },
  'subtasks.enter': { before: inVertex, sees: inPlace('› Subtask 0') },
  'subtasks.describe': { before: inVertex, sees: ran(/^describe my-first-flink-cluster-taskmanager-1-1$/) },
  'subtasks.log': { before: inVertex, sees: inLog('G follow') },
  'watermarks.enter': { before: inWatermarks, sees: inPlace('› Subtask 0') },
  'watermarks.log': { before: inWatermarks, sees: inLog('G follow') },
  'attempts.enter': { before: inSubtask, sees: inPlace('[1 Memory]') },
  'attempts.failure': {
    before: [...inSubtask, ['j', inAttempts('▸   1')]],
    sees: inPanel('Failure')('Root cause: IOException: disk quota exceeded'),
  },
  'attempts.describe': { before: inSubtask, sees: ran(/^describe my-first-flink-cluster-taskmanager-1-1$/) },
  'attempts.log': { before: inSubtask, sees: inLog('G follow') },
  'subtask-figures.enter': { before: inFigures, sees: inPlace('[1 Memory]') },
  'subtask-figures.log': { before: inFigures, sees: inLog('G follow') },
  'vertex-taskmanagers.enter': { before: inTaskManagers, sees: inPlace('[1 Memory]') },
  'vertex-taskmanagers.describe': { before: inTaskManagers, sees: ran(/^describe my-first-flink-cluster-taskmanager-1-1$/) },
  'vertex-taskmanagers.log': { before: inTaskManagers, sees: inLog('G follow') },
  'metrics.by-subtask': { before: inMetrics, sees: inPanel('Charts')('busyTimeMsPerSecond by subtask') },
  'chart.by-subtask': {
    before: [...inMetrics, ['⇥', inPanel('Charts')('b by subtask')]],
    sees: inPanel('Charts')('busyTimeMsPerSecond by subtask'),
  },
  'top.enter': { before: inTop, sees: inPlace('[1 Subtasks]') },
  'top.logs': { before: inTop, sees: ran(/^logs 9f13c20+ v1$/) },
  'slots.enter': { before: inSlots, sees: inPlace('[1 Overview]') },
  'slots.log': { before: inSlots, sees: inLog('▸11:34:16.224 ERROR') },
  'threads.open': { before: inThreads, sees: inPanel('2 × BLOCKED')('at com.shop.A.go(A.java:3)') },
  'threads.again': { before: inThreads, sees: inResult('Taking another dump of the threads.') },
  'movements.open': { before: inMovements, sees: inPanel('left')('at com.shop.A.prepare(A.java:1)') },
  'movements.again': { before: inMovements, sees: (screen) => screen.refreshes === 1 },
  'files.open': { before: inFiles, sees: inPanel('flink.log')('Reading the file.') },
  'files.save': {
    before: inFiles,
    sees: line('logfiles my-first-flink-cluster-jobmanager-f647b flink.log --save flink.log█'),
  },
  'settings.open': {
    before: [...inProcess, ['4', inPlace('[4 Configuration]')], ['g', inPanel('Configuration')('▸ parallelism.default')]],
    sees: inPanel('parallelism.default')('Parallelism of a job that names none.'),
  },

  'flame.enter': { before: intoEnrich, sees: inFlame('zoomed to 80%') },
  'flame.left': { before: [...intoEnrich, ['→', inFlame('▸Sink.write')]], sees: inFlame('▸Enrich.map') },
  'flame.right': { before: intoEnrich, sees: inFlame('▸Sink.write') },
  'flame.up': { before: intoEnrich, sees: inFlame('▸Thread.run') },
  'flame.down': { before: intoEnrich, sees: inFlame('▸Http.call') },
  'flame.first': { before: flame, sees: inFlame('▸root') },
  'flame.search': { before: flame, sees: onLine('find ') },
  'flame.next': { before: flameSearch, sees: inFlame('▸Json.parse') },
  'flame.previous': { before: flameSearch, sees: inFlame('▸Json.parse') },
  'flame.profile': {
    before: [...inProcess, ['F', inFlame('▸Thread.run')]],
    sees: ran(/^flame my-first-flink-cluster-jobmanager-f647b --mode cpu$/),
  },
  'methods.enter': { before: [...flame, ['⇥', inPanel('Methods')('show')]], sees: inFlame('▸Http.call') },

  'templates.enter': { before: templates, sees: inLog('Lost connection to TaskManager * ·') },

  'vertices.logs': { before: inJob, sees: ran(/^logs 9f13c20+ v1$/) },
  'incident.open': { before: card, sees: inPlace('[1 Overview]') },
  'incident.log': { before: card, sees: inHints('n N incidents') },
  'incident.next': { before: card, sees: inCard('▸ 11:34:20 2 of 2') },
  'incident.previous': { before: secondIncident, sees: inCard('▸ 11:34:20 1 of 2') },
  'incident.copy': { before: card, sees: copied },
  'vertices.why': { before: inJob, sees: ran(/^why [0-9a-f]{32}$/) },
  'place.previous': { before: [...inJob, ['>', inPlace('fraud-scoring beef01')]], sees: inPlace('orders-enrichment 9f13c2') },
  'place.next': { before: inJob, sees: inPlace('fraud-scoring beef01') },
  'place.log': { before: inProcess, sees: inLog('G follow') },
  'place.flame': { before: inVertex, sees: inFlame('▸Thread.run') },
  'place.view-1': { before: [...inJob, ['0', inLog('G follow')]], sees: inPanel('Vertices')('▸ Source: Orders') },
  'place.view-2': { before: inJob, sees: inPlace('[2 Checkpoints]') },
  'place.view-3': { before: inJob, sees: inPlace('[3 Exceptions]') },
  'place.view-4': { before: inJob, sees: inPlace('[4 Configuration]') },
  'place.view-5': { before: inJob, sees: inResult('The views here are: 1 Overview') },
  'place.view-6': { before: inJob, sees: inResult('The views here are: 1 Overview') },
  'place.view-7': { before: inJob, sees: inResult('The views here are: 1 Overview') },
  'place.view-8': { before: inJob, sees: inResult('The views here are: 1 Overview') },
  'place.view-9': { before: inJob, sees: inResult('The views here are: 1 Overview') },

  'panel.filter': { before: panels, sees: onLine('regular expression') },
  'panel.why': { before: panels, sees: ran(/^why/) },
  'panel.next': { before: panels, sees: inJobs('c cancel') },
  'panel.previous': { before: jobs, sees: inPods('d describe  l log  S shell  w why') },
  'panel.command': { before: panels, sees: inHints('⏎ run') },
  'panel.type': { before: panels, sees: inHints('⏎ run') },
  'panel.keys': { before: panels, sees: inPanel('Keys')('any key closes') },
  'panel.zoom': { before: panels, sees: not(inLog('Log')) },
  'panel.rewind': { before: panels, sees: ran(/^rewind$/) },
  'panel.forward': { before: panels, sees: ran(/^forward$/) },
  'panel.play': { before: panels, sees: ran(/^play$/) },
  'panel.retry': { before: panels, sees: (screen) => screen.refreshes === 1 },
  'panel.back': { before: [...panels, ['z', not(inLog('Log'))]], sees: inLog('Log') },
  'panel.leave': { before: panels, sees: inPanel('Detach')('Nothing is stopped') },
  'panel.pods': { before: jobs, sees: inPods('d describe') },
  'panel.jobs': { before: panels, sees: inJobs('c cancel') },
  'panel.operations': { before: panels, sees: inOperations('Operations') },
  'panel.timeline': { before: panels, sees: inTimeline('Timeline') },
  'panel.log': { before: panels, sees: inLog('G follow') },
};

const [orders] = richSession().jobs;
const twoIncidents = cardOf(
  [
    anIncident({ at: now }),
    anIncident({ at: now, subject: { kind: 'pod', name: 'my-first-flink-cluster-taskmanager-1-3' }, what: 'Pod taskmanager-1-3 is gone.' }),
  ],
  {
    places: ({ subject }) => ({
      subject: subject.kind === 'job' ? { kind: 'job', job: orders?.id ?? '' } : undefined,
      of: () => undefined,
    }),
  },
);

const operation = {
  id: '1',
  title: 'Savepoint of orders',
  kind: 'savepoint' as const,
  jobId: undefined,
  startedAt: now - 9_000,
  endedAt: now - 5_000,
  state: 'succeeded' as const,
  progress: undefined,
  result: 's3://flink/savepoint-1',
};
const confirm = (name: string, over: object): object => ({
  kind: 'confirm',
  line: name,
  command: { name: name.split(' ')[0] },
  given: {},
  confirmation: { title: name, jobs: [], action: 'Stop now', ...over },
});
const plans = {
  stop: confirm('stop', {
    lines: ['This stops it.'],
    phrase: 'it',
    alternatives: [{ label: 'Savepoints first', commandLine: 'stop --savepoint', recommended: true }],
  }),
  'cancel one': confirm('cancel one', { lines: ['This cancels one.'] }),
} as never;

test.each(onScreen.flatMap((id) => defaultKeys[id].keys.map((key) => [id, key, defaultKeys[id].summary] as const)))(
  '%s: %s does what is reported of it: %s',
  async (id, key) => {
    await using screen = new ScreenUnderTest({
      session: { ...richSession(), operations: [operation] },
      history: ['list', 'pods'],
      runner: fakeRunner(plans, ['help', 'stop', 'story', 'submit']),
      // Nothing stops the process of the tests.
      tui: { platform: 'win32' },
    });
    await screen.panel('Pods').sees('jobmanager');
    const { before = [], sees } = cases[id];
    for (const [keys, shown] of before) {
      if (keys === aText)
        screen.front?.show({
          kind: 'pod',
          name: 'my-first-flink-cluster-taskmanager-1-1',
          text: Array.from({ length: 90 }, (_, index) => `text line ${index}.`),
        }) as void;
      else if (keys === aCard) screen.front?.show(whyOf(twoIncidents)) as void;
      else screen.type(keys);
      await shows(screen, shown);
    }
    const unpressed = screen.whole.text();
    screen.type(bytesOf(key));
    await shows(screen, sees, unpressed);
  },
);

/** What is to be seen, or that something else is seen than before. */
async function shows(screen: ScreenUnderTest, wanted: Sees, before = ''): Promise<void> {
  if (wanted === changed) await screen.when('shows something else', () => screen.whole.text() !== before);
  else await screen.when('shows it', () => wanted(screen));
}
