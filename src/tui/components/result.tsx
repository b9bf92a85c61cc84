import { useFrame } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { shortResult } from '../rows/bottom.ts';
import { resultBox } from '../rows/result.ts';
import type { Frame } from '../state/ui.ts';
import { Bordered } from './base/bordered.tsx';
import { Rows } from './base/rows.tsx';

const isShort = (frame: Frame): boolean => shortResult(frame, frame.layout.problem.width) !== undefined;

/** The answer of a command, if it has more than one row: above the command line until the next key. */
export function Result() {
  const look = useLook();
  const layout = useFrame((frame) => frame.layout);
  const result = useFrame(({ ui }) => ui.result);
  const short = useFrame(isShort);
  if (result === undefined || result.lines.length === 0 || short) return null;
  const { area, lines } = resultBox(result, layout, look);
  return (
    <Bordered area={area} title="Result" focused={false}>
      <Rows lines={lines} />
    </Bordered>
  );
}
