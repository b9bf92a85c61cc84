import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogView } from '../../session/types.ts';
import type { App } from './app.ts';

/** Acts once a view has checked all of its lines, or enough of them: immediately if it has, so that keys keep their order. */
export function onceLookedAt(
  app: App,
  view: LogView,
  { enough, wanted, act }: { readonly enough: () => boolean; readonly wanted: () => boolean; readonly act: () => void },
): void {
  const done = (): boolean => view.pending === 0 || enough();
  if (done()) return act();
  const lookOn = async (): Promise<void> => {
    while (!done()) {
      view.advance();
      await nextTurn();
      if (app.ended || !wanted()) return;
    }
    act();
  };
  app.background(lookOn());
}
