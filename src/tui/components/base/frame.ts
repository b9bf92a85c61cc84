import { createContext, use } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Instant } from '../../../support/clock.ts';
import type { Frame } from '../../state/ui.ts';

/** The current frame, which the components read. The loop sets it, once for each frame. */
export type FrameStore = StoreApi<Frame>;

export const createFrameStore = (first: Frame): FrameStore => createStore<Frame>(() => first);

export const FrameContext = createContext<FrameStore | undefined>(undefined);

function useFrames(): FrameStore {
  const frames = use(FrameContext);
  if (frames === undefined) throw new Error('A component that reads the frame needs a FrameContext around it');
  return frames;
}

/**
 * The value of `select` for the frame. The component is drawn again if it is another value, so something created anew for each frame, such
 * as a list, must not be selected: React would draw forever.
 */
export const useFrame = <T>(select: (frame: Frame) => T): T => useStore(useFrames(), select);

/** The whole frame, for a component that has selected everything it draws. */
export const useFrameNow = (): Frame => useFrames().getState();

/** For content that is checked once a second. */
export const secondOf = ({ now }: Frame): number => Math.floor(now / 1_000);

/** The time, for ages: checked once a second. */
export function useNow(): Instant {
  useFrame(secondOf);
  return useFrameNow().now;
}

/** A selector that computes once per frame: React asks two or three times. */
export function perFrame<T>(make: (frame: Frame) => T): (frame: Frame) => T {
  let last: { readonly frame: Frame; readonly value: T } | undefined;
  return (frame) => {
    if (last?.frame !== frame) last = { frame, value: make(frame) };
    return last.value;
  };
}
