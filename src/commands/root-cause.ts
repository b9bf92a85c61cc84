/** The deepest `Caused by:` of a Java stack trace, `class: message` in one line; its first line where there is none. */
export function rootCause(stackTrace: string): string {
  const lines = stackTrace.split('\n');
  const deepest = lines.findLast((line) => line.trimStart().startsWith('Caused by: ')) ?? lines.find((line) => line.trim() !== '') ?? '';
  return deepest.trim().replace(/^Caused by: /, '');
}
