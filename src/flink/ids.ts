import { randomBytes } from 'node:crypto';

/** A job id or trigger id: 32 lower-case hex digits. The client chooses it, so that it can ask again after a lost answer. */
export const newId = (random: (size: number) => Uint8Array = randomBytes): string => Buffer.from(random(16)).toString('hex');

/** What Flink accepts as a job id. Source: `JobID.fromHexString`, Flink 2.3. */
export const isJobId = (text: string): boolean => /^[0-9a-fA-F]{32}$/.test(text);
