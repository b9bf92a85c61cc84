/** What the terminal reports besides keys. */
export type Report =
  | { readonly kind: 'focus'; readonly focused: boolean }
  | { readonly kind: 'wheel'; readonly x: number; readonly y: number; readonly down: boolean }
  | { readonly kind: 'click'; readonly x: number; readonly y: number };

const report = /\u001b\[(?:(I)|(O)|<(\d+);(\d+);(\d+)([Mm]))/g;
/** The longest beginning of a report that can be cut off at the end of a chunk. */
const cutReport = /\u001b(?:\[(?:<[\d;]*)?)?$/;

/** Reads reports from chunks as they come; what is cut at the end of one is kept for the next. */
export function createReportReader(): (chunk: string) => readonly Report[] {
  let rest = '';
  return (chunk) => {
    const text = rest + chunk;
    const reports: Report[] = [];
    for (const [, focusIn, focusOut, button, x, y, action] of text.matchAll(report)) {
      if (focusIn !== undefined || focusOut !== undefined) {
        reports.push({ kind: 'focus', focused: focusIn !== undefined });
        continue;
      }
      const place = { x: Number(x) - 1, y: Number(y) - 1 };
      const code = Number(button);
      if (code === 64 || code === 65) reports.push({ kind: 'wheel', ...place, down: code === 65 });
      else if (code === 0 && action === 'M') reports.push({ kind: 'click', ...place });
    }
    rest = cutReport.exec(text)?.[0] ?? '';
    return reports;
  };
}
