import { causeWords, type Cause, type StackFrame } from './stack.ts';

/** A line of a stack as it is shown. */
export type StackLine =
  | { readonly kind: 'root' | 'wrapper'; readonly text: string }
  | { readonly kind: 'frame'; readonly text: string; readonly own: boolean }
  | { readonly kind: 'fold'; readonly text: string };

const plural = (count: number): string => (count === 1 ? '1 frame' : `${count} frames`);

/** `3 frames of Flink and the JDK`. */
function foldWords(frames: readonly StackFrame[]): string {
  const flink = frames.some(({ origin }) => origin === 'flink');
  const jdk = frames.some(({ origin }) => origin === 'jdk');
  return `${plural(frames.length)} of ${flink && jdk ? 'Flink and the JDK' : flink ? 'Flink' : 'the JDK'}`;
}

/** One frame says more than a line that stands for it. */
const fewest = 2;

function frameLines(frames: readonly StackFrame[], folded: boolean): readonly StackLine[] {
  const lines: StackLine[] = [];
  let foreign: StackFrame[] = [];
  const close = (): void => {
    if (folded && foreign.length >= fewest) lines.push({ kind: 'fold', text: foldWords(foreign) });
    else lines.push(...foreign.map(({ text }): StackLine => ({ kind: 'frame', text, own: false })));
    foreign = [];
  };
  for (const frame of frames) {
    if (frame.origin !== 'user') {
      foreign.push(frame);
      continue;
    }
    close();
    lines.push({ kind: 'frame', text: frame.text, own: true });
  }
  close();
  return lines;
}

/** A chain from what happened first to what was made of it. `folded`: frames of Flink and the JDK are counted, not listed. */
export function stackLines(causes: readonly Cause[], folded: boolean): readonly StackLine[] {
  return causes.toReversed().flatMap((cause, place): readonly StackLine[] => [
    { kind: place === 0 ? 'root' : 'wrapper', text: causeWords(cause) },
    ...frameLines(cause.frames, folded),
    ...(cause.shared === 0 ? [] : [{ kind: 'fold', text: `${plural(cause.shared)} in common with the next exception` } as const]),
    ...(cause.suppressed === 0
      ? []
      : [
          {
            kind: 'fold',
            text: `${cause.suppressed === 1 ? '1 suppressed exception' : `${cause.suppressed} suppressed exceptions`}`,
          } as const,
        ]),
  ]);
}
