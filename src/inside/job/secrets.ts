import { maskValue } from '../../config/secrets/redact.ts';
import type { JobConfiguration } from '../../flink/types.ts';

/** What a program registers may be secret, and Flink answers with it as it is. */
export const withoutSecrets = (job: JobConfiguration): JobConfiguration => ({
  ...job,
  user: Object.fromEntries(Object.entries(job.user).map(([key, value]) => [key, maskValue(key, value)])),
});
