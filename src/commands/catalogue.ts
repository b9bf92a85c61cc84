import { bundle } from './catalogue/bundle.ts';
import { cancel } from './catalogue/cancel.ts';
import { checkpoint } from './catalogue/checkpoint.ts';
import { checkpoints } from './catalogue/checkpoints.ts';
import { clear } from './catalogue/clear.ts';
import { clusters, context, namespace } from './catalogue/clusters.ts';
import { debug } from './catalogue/debug.ts';
import { deletePod } from './catalogue/delete.ts';
import { config } from './catalogue/config.ts';
import { describe } from './catalogue/describe.ts';
import { dispose } from './catalogue/dispose.ts';
import { events } from './catalogue/events.ts';
import { exec } from './catalogue/exec.ts';
import { exceptions } from './catalogue/exceptions.ts';
import { flame } from './catalogue/flame.ts';
import { goTo, range } from './catalogue/goto.ts';
import { get } from './catalogue/get.ts';
import { help } from './catalogue/help.ts';
import { jars } from './catalogue/jars.ts';
import { job } from './catalogue/job.ts';
import { list } from './catalogue/list.ts';
import { logfiles } from './catalogue/logfiles.ts';
import { loglevel } from './catalogue/loglevel.ts';
import { logs } from './catalogue/logs.ts';
import { metrics } from './catalogue/metrics.ts';
import { mouse } from './catalogue/mouse.ts';
import { open } from './catalogue/open.ts';
import { operations } from './catalogue/operations.ts';
import { pods } from './catalogue/pods.ts';
import { jobmanager, taskmanager } from './catalogue/processes.ts';
import { put } from './catalogue/put.ts';
import { quit } from './catalogue/quit.ts';
import { refresh } from './catalogue/refresh.ts';
import { restart } from './catalogue/restart.ts';
import { resume } from './catalogue/resume.ts';
import { rescale } from './catalogue/rescale.ts';
import { save } from './catalogue/save.ts';
import { savepoint } from './catalogue/savepoint.ts';
import { savepoints } from './catalogue/savepoints.ts';
import { sort } from './catalogue/sort.ts';
import { stopJob } from './catalogue/stop-job.ts';
import { stop } from './catalogue/stop.ts';
import { submit } from './catalogue/submit.ts';
import { subtask } from './catalogue/subtask.ts';
import { templates } from './catalogue/templates.ts';
import { theme } from './catalogue/theme.ts';
import { threads } from './catalogue/threads.ts';
import { timeline } from './catalogue/timeline.ts';
import { top } from './catalogue/top.ts';
import { vertex } from './catalogue/vertex.ts';
import { upgrade } from './catalogue/upgrade.ts';
import { web } from './catalogue/web.ts';
import { why } from './catalogue/why.ts';
import { yaml } from './catalogue/yaml.ts';
import { forward, live, pause, play, rewind } from './catalogue/rewind.ts';
import type { Command } from './model/types.ts';

/** Every command, in the order in which help and completion show them. */
export const catalogue: readonly Command[] = [
  help,
  stop,
  quit,
  why,
  bundle,
  web,
  refresh,
  rewind,
  forward,
  live,
  play,
  pause,
  clusters,
  context,
  namespace,
  list,
  job,
  submit,
  cancel,
  stopJob,
  savepoint,
  savepoints,
  checkpoint,
  checkpoints,
  exceptions,
  rescale,
  restart,
  upgrade,
  resume,
  dispose,
  vertex,
  subtask,
  top,
  metrics,
  jars,
  operations,
  pods,
  logs,
  loglevel,
  templates,
  config,
  describe,
  events,
  exec,
  get,
  put,
  debug,
  yaml,
  deletePod,
  taskmanager,
  jobmanager,
  threads,
  flame,
  logfiles,
  timeline,
  goTo,
  range,
  save,
  open,
  sort,
  theme,
  clear,
  mouse,
];
