import type { ShownLog } from '../../commands/model/shown-log.ts';
import { logName, logPods } from '../rows/log.ts';
import { briefNames } from '../state/brief-names.ts';
import type { App } from './app.ts';
import { currentNumber } from './current-line.ts';

/** The log on the screen as commands see it; undefined while there is no connection. */
export function shownLog(app: App): ShownLog | undefined {
  const frame = app.frame();
  const { containerLog, logView: shown, ui } = frame;
  const logs = app.attached?.feeds.logs;
  if (shown === undefined || logs === undefined) return undefined;
  const pods = logPods(frame);
  const { kept } = logs;
  return {
    name: logName(frame),
    shown,
    held: () => logs.view(pods ?? 'all', { timeline: false }),
    all: kept === undefined || containerLog !== undefined ? undefined : (signal) => kept.all({ pods: pods ?? 'all', signal }),
    marked: ui.log.marked,
    current: currentNumber(frame),
    nameOf: pods?.length === 1 ? undefined : briefNames(app.options.store.get),
  };
}
