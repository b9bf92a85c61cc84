import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A run of Flink's own client: what went in. */
export interface Case {
  readonly name: string;
  readonly title: string;
  readonly flinkVersion: string;
  readonly script: string;
  readonly args: readonly string[];
  /** Text of `config.yaml`; null is the one of the folder `conf`. */
  readonly config: string | null;
  readonly conf: { readonly remove?: readonly string[]; readonly add?: Readonly<Record<string, string>> };
  readonly env: Readonly<Record<string, string | null>>;
  readonly files: Readonly<Record<string, string>>;
}

/** A request that it sent. */
export interface Recorded {
  readonly method: string;
  readonly path: string;
  readonly body: RecordedBody | null;
  readonly status: number | string;
}

export interface RecordedBody {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

export interface Capture {
  readonly case: Case;
  readonly requests: readonly Recorded[];
  readonly exit: string;
}

export const casesFolder = join(import.meta.dirname, 'cases');
export const confFolder = join(import.meta.dirname, 'conf');

const read = (...path: readonly string[]): string => readFileSync(join(casesFolder, ...path), 'utf8');

export function readCapture(name: string): Capture {
  return {
    case: JSON.parse(read(name, 'case.json')) as Case,
    requests: JSON.parse(read(name, 'requests.json')) as Recorded[],
    exit: read(name, 'exit.txt').trim(),
  };
}

export const captureNames: readonly string[] = readdirSync(casesFolder).sort();
