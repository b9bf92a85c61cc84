/** Up to this many bytes, copying them one by one is faster. */
const longestLoop = 512;

/** For lines: faster than the engine's own copy, which needs a view. */
export function copyBytes(source: Uint8Array, from: number, to: number, target: Uint8Array, at: number): void {
  if (to - from > longestLoop) target.set(source.subarray(from, to), at);
  else for (let index = from; index < to; index += 1) target[at + index - from] = source[index] as number;
}
