import { oneLine } from '../../support/foreign-text.ts';
import type { Flame, FlameFrame } from './flame.ts';
import { type Origin, originOf, shortMethod } from './names.ts';

const width = 1200;
const rowHeight = 17;
const margin = 10;
const header = 44;
/** Of a character of 11 px in a monospaced font. */
const characterWidth = 6.7;
/** Narrower frames cannot be seen. */
const leastWidth = 0.4;

/** Hues that differ in lightness as well, so that they can be told apart in grey. */
const colours: Readonly<Record<Origin, string>> = { user: '#ffb454', flink: '#8fc7ff', java: '#cdd9c2', native: '#e3a8c0' };
const words: Readonly<Record<Origin, string>> = { user: 'user code', flink: 'Flink', java: 'JDK and libraries', native: 'native code' };

/** One picture without scripts or references: a frame has its full name and its share as a tooltip. */
export function flameSvg(flame: Flame, { title, unit }: { readonly title: string; readonly unit: string }): string {
  const height = header + flame.depth * rowHeight + margin;
  const frames = flame.frames.map((frame) => frameSvg(frame, flame.total, unit)).join('');
  const legend = (Object.keys(colours) as Origin[])
    .map(
      (origin, nth) =>
        `<rect x="${margin + nth * 150}" y="26" width="10" height="10" fill="${colours[origin]}"/><text x="${margin + 14 + nth * 150}" y="35">${words[origin]}</text>`,
    )
    .join('');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-monospace, monospace" font-size="11">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${margin}" y="17" font-size="13">${escaped(title)} · ${flame.total} ${escaped(unit)}</text>`,
    legend,
    frames,
    '</svg>',
    '',
  ].join('\n');
}

function frameSvg({ name, depth, start, total, own }: FlameFrame, all: number, unit: string): string {
  const scale = (width - 2 * margin) / all;
  const wide = total * scale;
  if (wide < leastWidth) return '';
  const x = (margin + start * scale).toFixed(1);
  const y = header + depth * rowHeight;
  const room = Math.floor((wide - 4) / characterWidth);
  const short = shortMethod(name);
  const label = room < 3 ? '' : short.length <= room ? short : `${short.slice(0, room - 1)}…`;
  const share = ((100 * total) / all).toFixed(1);
  const tooltip = `${name}\n${total} ${unit} (${share} %), ${own} of its own`;
  return [
    `<g><title>${escaped(tooltip)}</title>`,
    `<rect x="${x}" y="${y}" width="${wide.toFixed(1)}" height="${rowHeight - 1}" rx="1" fill="${colours[originOf(name)]}"/>`,
    label === '' ? '' : `<text x="${(margin + start * scale + 3).toFixed(1)}" y="${y + 12}">${escaped(label)}</text>`,
    '</g>\n',
  ].join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Names are foreign text: no markup, and no character that XML forbids. Source: XML 1.0, 2.2. */
function escaped(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      oneLine(line, 1000)
        .toWellFormed()
        .replaceAll(/[\ufffe\uffff]/g, '')
        .replaceAll(/[&<>"']/g, (character) => entities[character] ?? ''),
    )
    .join('\n');
}
