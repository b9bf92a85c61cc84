import { readFileSync } from 'node:fs';

/** By the name of a scenario: milliseconds that `why` took in a session of 1,000 pods and 50 jobs. `npm run bench -- --keep causes` writes it. */
export type Measured = Readonly<Record<string, number>>;

export const measuredFile = new URL('measured.json', import.meta.url);

export const measured = (): Measured => JSON.parse(readFileSync(measuredFile, 'utf8')) as Measured;
