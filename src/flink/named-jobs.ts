import type { JobOverview } from './types.ts';

/** The properties of a job by which a user refers to it. */
export type NamedJob = Pick<JobOverview, 'id' | 'name' | 'state'>;

/** The jobs that a word can mean: the one with this id, otherwise all with this name or with an id that starts with the word. */
export function jobsMeant<J extends NamedJob>(word: string, jobs: readonly J[]): readonly J[] {
  const exact = jobs.filter(({ id }) => id === word.toLowerCase());
  if (exact.length > 0) return exact;
  const isPrefix = /^[0-9a-f]+$/i.test(word);
  return jobs.filter(({ id, name }) => name === word || (isPrefix && id.startsWith(word.toLowerCase())));
}
