import { createContext, use } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Instant } from '../../../support/clock.ts';
import type { Frame } from '../../state/ui.ts';

/** What the components read: the frame that is drawn now. The loop sets it, once for each frame. */
export type FrameStore = StoreApi<Frame>;

export const createFrameStore = (first: Frame): FrameStore => createStore<Frame>(() => first);

export const FrameContext = createContext<FrameStore | undefined>(undefined);

function useFrames(): FrameStore {
  const frames = use(FrameContext);
  if (frames === undefined) throw new Error('A component that reads the frame needs a FrameContext around it');
  return frames;
}

/**
 * What `select` finds in the frame. The component is drawn again when that is something else, so what is made anew for each frame, such as
 * a list, must not be selected: React would draw for ever.
 */
export const useFrame = <T>(select: (frame: Frame) => T): T => useStore(useFrames(), select);

/** The frame as it is, for a component that has selected all that it draws of it. */
export const useFrameNow = (): Frame => useFrames().getState();

/** For what is looked at again once a second. */
export const secondOf = ({ now }: Frame): number => Math.floor(now / 1_000);

/** The time, for ages: they are looked at again once a second. */
export function useNow(): Instant {
  useFrame(secondOf);
  return useFrameNow().now;
}

/** A selector that does its work once for each frame: React asks two or three times. */
export function perFrame<T>(make: (frame: Frame) => T): (frame: Frame) => T {
  let last: { readonly frame: Frame; readonly value: T } | undefined;
  return (frame) => {
    if (last?.frame !== frame) last = { frame, value: make(frame) };
    return last.value;
  };
}
