import type { SampledFrame } from '../../flink/flame-types.ts';

/**
 * A frame in the page that the profiler of a process writes: `f(level,left,width,type,'title')`, with more numbers behind it for some.
 * Source: async-profiler 2.9, which Flink 1.19 to 2.3 brings along.
 */
const frameLine = /^f\((\d+),\d+,(\d+),(\d+),'((?:[^'\\]|\\.)*)'/;

/** Types of frames whose title is a name of Java; the others are native. 2 is inlined, or the class of an allocation. */
const javaTypes = new Set(['0', '1', '2', '6']);

/** The frames of the page, each after its caller; none if it is not such a page. */
export function framesOfPage(page: string): readonly SampledFrame[] {
  const frames: SampledFrame[] = [];
  for (const line of page.split('\n')) {
    const [, level, samples, type = '', title = ''] = frameLine.exec(line) ?? [];
    if (level === undefined || samples === undefined) continue;
    const name = title.replaceAll(/\\(.)/g, '$1');
    frames.push({ level: Number(level), name: javaTypes.has(type) ? dotted(name) : name, samples: Number(samples) });
  }
  return frames;
}

/** `java/lang/Thread.run` as Flink's own flame graphs and stack traces write it. */
const dotted = (name: string): string => (/^[^\s()]+$/.test(name) ? name.replaceAll('/', '.') : name);
