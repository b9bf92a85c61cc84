import { randomBytes } from 'node:crypto';

/** A job id or trigger id: 32 lower-case hex digits. Chosen here, so that a request whose answer was lost can be asked for again. */
export const newId = (random: (size: number) => Uint8Array = randomBytes): string => Buffer.from(random(16)).toString('hex');

/** What Flink takes as a job id. Source: `JobID.fromHexString`, Flink 2.3. */
export const isJobId = (text: string): boolean => /^[0-9a-fA-F]{32}$/.test(text);
