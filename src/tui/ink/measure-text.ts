import { width } from '../../support/text-width.ts';
import { FrameCache } from './frame-cache.ts';

const measured = new FrameCache<{ readonly width: number; readonly height: number }>();

/**
 * Replaces Ink's `measureText` (ink/build/measure-text.js): the cells of the widest line, and the number of lines. Ink's own keeps the last
 * 4,096 texts, most of which are passing log lines.
 */
export function measureText(text: string): { readonly width: number; readonly height: number } {
  if (text === '') return { width: 0, height: 0 };
  const known = measured.get(text);
  if (known !== undefined) return known;
  const lines = text.split('\n');
  return measured.set(text, { width: lines.reduce((widest, line) => Math.max(widest, width(line)), 0), height: lines.length });
}
