import { expect, test } from 'vitest';
import { jobConfigurationInspection } from '../../../src/session/inspections/job-configuration.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { fakeFlink, noLogs } from '../../support/fakes.ts';
import { jobConfiguration } from '../../support/job-detail.ts';

test('what a job was configured with is read once, and its secrets never reach the session', async () => {
  const asked: string[] = [];
  const flink = fakeFlink({
    async jobConfiguration() {
      asked.push('configuration');
      return jobConfiguration({ user: { '--topic': 'orders', '--kafka.password': 'hunter2' } });
    },
    async checkpointConfiguration() {
      asked.push('checkpoints');
      return undefined;
    },
  });
  const context = { flink, logs: noLogs, clock: new FakeClock(), signal: new AbortController().signal };
  const subject = { kind: 'job-configuration', job: 'a' } as const;
  const facts = await jobConfigurationInspection.read(subject, { ...context, before: undefined });
  expect(facts.configuration.user).toEqual({ '--topic': 'orders', '--kafka.password': '******' });
  expect(await jobConfigurationInspection.read(subject, { ...context, before: facts })).toBe(facts);
  expect(asked).toEqual(['configuration', 'checkpoints']);
});
