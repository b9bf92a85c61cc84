type Progress = (sent: number, total: number) => void;

/**
 * Passes on only the first report in each of `parts` equal parts of an upload, including its beginning and its end: output printed line by
 * line must stay short.
 */
export function inParts(parts: number, tell: Progress): Progress {
  let told = -1;
  return (sent, total) => {
    const part = total === 0 ? parts : Math.floor((sent * parts) / total);
    if (part <= told) return;
    told = part;
    tell(sent, total);
  };
}
