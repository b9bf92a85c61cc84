import { useFrame, useFrameNow } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { keysBox } from '../rows/key-list.ts';
import { Bordered } from './base/bordered.tsx';
import { Rows } from './base/rows.tsx';
import { showsKeys } from '../state/overlay.ts';
import { focusOf } from '../state/trail.ts';

/** The keys that work here, over the panels until the next key. */
export function KeyList() {
  useLook();
  useFrame(({ layout }) => layout);
  useFrame(({ ui }) => focusOf(ui.trail));
  const open = useFrame(({ ui }) => showsKeys(ui.overlay));
  const frame = useFrameNow();
  const box = open ? keysBox(frame) : undefined;
  if (box === undefined) return null;
  return (
    <Bordered area={box.area} title="Keys" facts="any key closes" focused>
      <Rows lines={box.lines} />
    </Bordered>
  );
}
