import { memo } from 'react';
import { perFrame, useFrame, useFrameNow } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { earlierNote, isFlooded, logBody, logFacts, logPods, noLines, unreadable } from '../rows/log.ts';
import { memoised } from '../../session/selectors/memo.ts';
import type { Frame } from '../state/ui.ts';
import { Panel, type PanelProps } from './base/panel.tsx';
import { Rows } from './base/rows.tsx';

/** The facts sum up a thousand logs. */
const facts = perFrame(logFacts);

/** Messages have the names of jobs. */
const namesIn = memoised(
  ({ jobs }) => [jobs] as const,
  (jobs) => jobs.map(({ id, name }) => `${id} ${name}`).join('\n'),
);
const namesOfJobs = ({ session }: Frame): string => namesIn(session);

const isOfOnePod = (frame: Frame): boolean => logPods(frame)?.length === 1;
const whyEmpty = (frame: Frame): string => (frame.logView?.count === 0 ? noLines(frame) : '');

/**
 * Everything that the lines depend on: they are drawn again when any of it changes. The view is a window: its version changes with new
 * lines.
 */
function useLines(): void {
  useLook();
  useFrame(({ logView }) => logView);
  useFrame(({ logView }) => logView?.version);
  useFrame(({ logView }) => logView?.pending);
  useFrame(isFlooded);
  useFrame(({ containerLog }) => containerLog?.state);
  useFrame(({ ui }) => ui.log);
  useFrame(isOfOnePod);
  useFrame(unreadable);
  useFrame(whyEmpty);
  useFrame(earlierNote);
  useFrame(({ session }) => session.logPatterns);
  useFrame(namesOfJobs);
  // The names of pods.
  useFrame(({ session }) => session.pods);
  useFrame(({ session }) => session.gone);
}

/** Lines of the pods, with the timeline between them. */
export const LogPanel = memo(function LogPanel({ area }: PanelProps) {
  useLines();
  const { lines, scroll } = logBody(useFrameNow(), area.width - 2, area.height - 2);
  return (
    <Panel name="log" area={area} title="Log" facts={useFrame(facts)} scroll={scroll}>
      <Rows lines={lines} />
    </Panel>
  );
});
