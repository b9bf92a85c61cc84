import type { OptionRow } from './command-line.ts';

/** The actions of `bin/flink`. Source: `CliFrontend`, Flink 2.3. */
export const actions = ['run', 'info', 'list', 'stop', 'cancel', 'savepoint', 'checkpoint'] as const;
export type Action = (typeof actions)[number];

export const isAction = (word: string): word is Action => (actions as readonly string[]).includes(word);

/** The options of an action, and its purpose. The help is generated from these. */
export interface ActionTable {
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly OptionRow[];
  /** The first word that is not an option ends the options. */
  readonly stopAtWord: boolean;
}

const clusterOptions: readonly OptionRow[] = [
  { opt: 'D', takes: 'property', value: 'property=value', summary: 'A configuration option; may be given many times' },
  { opt: 't', long: 'target', takes: 'one', value: 'target', summary: 'Where to: remote, kubernetes-session or kubernetes-application' },
  { opt: 'e', long: 'executor', takes: 'one', value: 'target', summary: 'The older name of -t', hidden: true },
  { opt: 'm', long: 'jobmanager', takes: 'one', value: 'address', summary: 'Address of the REST endpoint: host:port or a URL' },
  {
    opt: 'z',
    long: 'zookeeperNamespace',
    takes: 'one',
    value: 'path',
    summary: 'Root path of high availability in ZooKeeper',
    hidden: true,
  },
];

const ownRows: readonly OptionRow[] = [
  { opt: 'o', long: 'output', takes: 'one', value: 'format', summary: 'text (as Flink prints it) or json' },
  {
    long: 'timeout',
    takes: 'one',
    value: 'duration',
    summary: 'Give up waiting after this time (30 s, 5 min); what was started continues',
  },
  { long: 'trace', takes: 'one', value: 'file', summary: 'Write a line per request into a file: method, path, status, milliseconds' },
];

const own = (row: OptionRow): OptionRow => ({ ...row, own: true });

const ownOptions = ownRows.map(own);

const waitOption = own({ long: 'wait', summary: 'Wait until the job reaches its final state, not just until the request is accepted' });

const commonOptions: readonly OptionRow[] = [
  { opt: 'h', long: 'help', summary: 'This help' },
  { opt: 'v', long: 'verbose', summary: 'Has no effect any more', hidden: true },
];

const programOptions: readonly OptionRow[] = [
  { opt: 'c', long: 'class', takes: 'one', value: 'class', summary: 'Class with the main method, if the manifest does not name it' },
  { opt: 'j', long: 'jarfile', takes: 'one', value: 'jar', summary: 'The jar, instead of the first word', hidden: true },
  {
    opt: 'a',
    long: 'arguments',
    takes: 'rest',
    value: 'words',
    summary: 'Arguments of the program, instead of the words after the jar',
    hidden: true,
  },
  { opt: 'p', long: 'parallelism', takes: 'one', value: 'number', summary: 'Parallelism of the program, unless it sets its own' },
  {
    opt: 'C',
    long: 'classpath',
    takes: 'one',
    value: 'url',
    summary: 'A URL to add to the class path on all nodes; only for kubernetes-application',
  },
  { opt: 'py', long: 'python', takes: 'one', value: 'file', summary: 'A Python program; only for kubernetes-application' },
  { opt: 'pym', long: 'pyModule', takes: 'one', value: 'module', summary: 'Module with the entry point, together with -pyfs' },
  { opt: 'pyfs', long: 'pyFiles', takes: 'one', value: 'files', summary: 'Files for the Python path, with commas between them' },
  { opt: 'pyarch', long: 'pyArchives', takes: 'one', value: 'archives', summary: 'Archives that are unpacked beside a Python program' },
  { opt: 'pyreq', long: 'pyRequirements', takes: 'one', value: 'file', summary: 'A requirements.txt of a Python program' },
  { opt: 'pyexec', long: 'pyExecutable', takes: 'one', value: 'path', summary: 'Python interpreter of the workers' },
  { opt: 'pyclientexec', long: 'pyClientExecutable', takes: 'one', value: 'path', summary: 'Python interpreter that starts the program' },
  { opt: 'pypath', long: 'pyPythonPath', takes: 'one', value: 'path', summary: 'Path of the Python installation of the workers' },
];

const savepointFormat: OptionRow = {
  opt: 'type',
  long: 'type',
  takes: 'one',
  value: 'format',
  summary: 'canonical (the default) or native',
};

const common = [...ownOptions, ...clusterOptions, ...commonOptions];

export const actionTables: Readonly<Record<Action, ActionTable>> = {
  run: {
    usage: '<jar> <arguments>',
    summary: 'Runs a program on a session cluster, or as an application',
    options: [
      ...programOptions,
      { opt: 'd', long: 'detached', summary: 'Return when the job was submitted' },
      { opt: 's', long: 'fromSavepoint', takes: 'one', value: 'path', summary: 'Savepoint or retained checkpoint to start from' },
      { opt: 'n', long: 'allowNonRestoredState', summary: 'Drop state that no operator of the program claims' },
      {
        opt: 'cm',
        long: 'claimMode',
        takes: 'one',
        value: 'mode',
        summary: 'Who owns the savepoint from then on: claim, no_claim (the default) or legacy',
      },
      { opt: 'rm', long: 'restoreMode', takes: 'one', value: 'mode', summary: 'The older name of -cm', hidden: true },
      { opt: 'sae', long: 'shutdownOnAttachedExit', summary: 'Cancel the job when this command is interrupted' },
      own({ long: 'yes', summary: 'Deploy an application even if its REST endpoint can be reached from outside' }),
      waitOption,
      ...common,
    ],
    stopAtWord: true,
  },
  info: {
    usage: '<jar> <arguments>',
    summary: 'Shows the plan of a program without running it',
    options: [...programOptions, ...common],
    stopAtWord: true,
  },
  list: {
    usage: '',
    summary: 'Lists running and scheduled jobs',
    options: [
      { opt: 'a', long: 'all', summary: 'All jobs, including those that have ended' },
      { opt: 'r', long: 'running', summary: 'Only running jobs' },
      { opt: 's', long: 'scheduled', summary: 'Only scheduled jobs' },
      ...common,
    ],
    stopAtWord: false,
  },
  stop: {
    usage: '<job>',
    summary: 'Stops a job with a savepoint',
    options: [
      {
        opt: 'p',
        long: 'savepointPath',
        takes: 'optional',
        value: 'folder',
        summary: "Folder of the savepoint, in place of the cluster's default",
      },
      { opt: 'd', long: 'drain', summary: 'Send the last watermark first; such a savepoint is not meant for a restart' },
      savepointFormat,
      { opt: 'detached', summary: 'Return with the trigger id when the stop was accepted' },
      waitOption,
      ...common,
    ],
    stopAtWord: false,
  },
  cancel: {
    usage: '<job>',
    summary: 'Cancels a job',
    options: [
      { opt: 's', long: 'withSavepoint', takes: 'optional', value: 'folder', summary: 'Take a savepoint first. Deprecated: use stop' },
      savepointFormat,
      waitOption,
      ...common,
    ],
    stopAtWord: false,
  },
  savepoint: {
    usage: '<job> [<folder>]',
    summary: 'Takes a savepoint of a running job, or deletes one',
    options: [
      { opt: 'd', long: 'dispose', takes: 'one', value: 'path', summary: 'Delete this savepoint' },
      {
        opt: 'j',
        long: 'jarfile',
        takes: 'one',
        value: 'jar',
        summary: 'Not needed for any savepoint of Flink 1.3 or newer',
        hidden: true,
      },
      savepointFormat,
      { opt: 'detached', summary: 'Return with the trigger id when the savepoint was accepted' },
      ...common,
    ],
    stopAtWord: false,
  },
  checkpoint: {
    usage: '<job>',
    summary: 'Takes a checkpoint of a running job',
    options: [{ opt: 'full', long: 'full', summary: 'A full one, even if checkpoints are incremental' }, ...common],
    stopAtWord: false,
  },
};
