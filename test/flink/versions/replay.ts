import { readFileSync } from 'node:fs';
import { json, restServer, type RestServer } from '../rest-server.ts';

/** The versions that were recorded (`tools/record-flink.ts`). */
export const versions = ['1.20.5', '2.0.2'] as const;

/** What a Flink answered about three jobs and its processes. */
export interface Recording {
  readonly version: string;
  /** Their ids: one that counts and takes checkpoints, one whose second operator is slow, one that failed. */
  readonly jobs: Readonly<Record<'counter' | 'slow' | 'failed', string>>;
  /** By path, with the query of a flame graph. Of metrics, the values for all names. */
  readonly answers: Readonly<Record<string, unknown>>;
}

export const recordingOf = (version: string): Recording =>
  JSON.parse(readFileSync(new URL(`${version}.json`, import.meta.url), 'utf8')) as Recording;

interface Metric {
  readonly id: string;
  readonly [aggregate: string]: unknown;
}

/** Answers as that Flink did. */
export function replay({ answers }: Recording): Promise<RestServer> {
  return restServer(({ path }) => {
    const { pathname, searchParams } = new URL(decodeURIComponent(path), 'http://flink');
    const answer = answers[path] ?? answers[pathname];
    if (answer === undefined) return json({ errors: [`not recorded: ${path}`] }, 404);
    return json(pathname.endsWith('/metrics') ? metrics(answer as readonly Metric[], searchParams) : answer);
  });
}

/** As Flink does: names alone if none is asked for. */
function metrics(values: readonly Metric[], asked: URLSearchParams): readonly object[] {
  const names = asked.get('get')?.split(',');
  if (names === undefined) return values.map(({ id }) => ({ id }));
  const aggregates = asked.get('agg')?.split(',');
  return values
    .filter(({ id }) => names.includes(id))
    .map((value) =>
      aggregates === undefined ? value : { id: value.id, ...Object.fromEntries(aggregates.map((name) => [name, value[name]])) },
    );
}
