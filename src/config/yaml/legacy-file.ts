/**
 * The entries of a `flink-conf.yaml`: one `key: value` per line, all of them text; a `#` begins a comment. Other lines are skipped and
 * named. Source: `GlobalConfiguration.loadLegacyYAMLResource`, Flink 1.20.
 */
export function readLegacyFile(text: string): {
  readonly entries: readonly (readonly [string, string])[];
  readonly notices: readonly string[];
} {
  const entries: (readonly [string, string])[] = [];
  const notices: string[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = (line.split('#', 1)[0] ?? '').trim();
    if (content === '') continue;
    const at = content.indexOf(': ');
    const key = at < 0 ? '' : content.slice(0, at).trim();
    const value = at < 0 ? '' : content.slice(at + 2).trim();
    if (key === '' || value === '') notices.push(`Line ${index + 1} is not a 'key: value' pair and was ignored.`);
    else entries.push([key, value]);
  }
  return { entries, notices };
}
