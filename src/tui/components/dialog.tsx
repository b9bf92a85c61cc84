import { useFrame, useNow } from './base/frame.ts';
import { useLook } from './base/look.ts';
import { dialogHints } from '../rows/bottom.ts';
import { dialogBox } from '../rows/dialog.ts';
import { Bordered } from './base/bordered.tsx';
import { Rows } from './base/rows.tsx';
import { dialogOf } from '../state/overlay.ts';

/** The open question. */
export function Dialog() {
  const look = useLook();
  const now = useNow();
  const size = useFrame(({ layout }) => layout.size);
  const keys = useFrame((frame) => frame.keys);
  const dialog = useFrame(({ ui }) => dialogOf(ui.overlay));
  const jobs = useFrame(({ session }) => session.jobs);
  if (dialog === undefined) return null;
  const { area, lines } = dialogBox(dialog, jobs, size, now, look);
  return (
    <Bordered area={area} title={dialog.question.title} keys={dialogHints(keys, dialog)} focused>
      <Rows lines={lines} />
    </Bordered>
  );
}
