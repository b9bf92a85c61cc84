import { mainContainer } from '../../native/main-container.ts';
import { containersOf } from '../../native/other-container.ts';
import type { Session } from '../../session/types.ts';
import { logPods, shownContainer } from '../rows/log.ts';
import { shortNameOf } from '../state/brief-names.ts';
import { fromItsEnd } from '../state/way-back.ts';
import type { App } from './app.ts';
import { changeLog } from './log-lines.ts';

const say = (app: App, sentence: string): void => app.set({ result: { lines: [sentence], tone: 'info' } });

/** From the log of one container of the pod to that of the next one. */
export function nextContainer(app: App): void {
  const frame = app.frame();
  const { session } = frame;
  const [name, ...more] = logPods(frame) ?? [];
  if (name === undefined || more.length > 0) return say(app, 'The log is of several pods: a shows only the selected one.');
  const pod = session.pods.get(name);
  const containers = pod === undefined ? [] : containersOf(pod);
  if (pod === undefined || containers.length < 2) return say(app, onlyOne(session, name));
  const shown = shownContainer(frame)?.container ?? mainContainer(pod)?.name;
  const next = containers[(containers.findIndex((each) => each.name === shown) + 1) % containers.length];
  changeLog(app, (log) => ({ ...log, ...fromItsEnd, container: next?.name }));
}

const onlyOne = (session: Session, pod: string): string =>
  `${shortNameOf(session, pod)} ${session.pods.has(pod) ? 'has only one container' : 'is gone: only the log of Flink is kept'}.`;
