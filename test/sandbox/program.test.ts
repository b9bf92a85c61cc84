import { expect, test } from 'vitest';
import type { Jar } from '../../src/sandbox/flink/jars.ts';
import { triggerOf } from '../../src/sandbox/rest/operation-routes.ts';
import { entryClassOf, programRequest } from '../../src/sandbox/rest/program.ts';

const jar = (more: Partial<Jar>): Jar => ({
  id: 'x_a.jar',
  name: 'a.jar',
  uploadedAt: 0,
  size: 1,
  entryClasses: ['org.example.Main'],
  archive: true,
  entries: new Set(['org/example/Main.class', 'org/example/Other.class']),
  ...more,
});
const asked = (body: Readonly<Record<string, unknown>>, query = '') => programRequest(body, new URLSearchParams(query), 'Body');

test('what is asked for in the body wins over the query, and both over the configuration', () => {
  const flinkConfiguration = { 'parallelism.default': 3, 'execution.state-recovery.path': 's3://c' };
  expect(asked({ flinkConfiguration })).toMatchObject({ parallelism: 3, savepointPath: 's3://c' });
  expect(asked({ flinkConfiguration }, 'parallelism=2&savepointPath=s3://q&entry-class=Q')).toMatchObject({
    parallelism: 2,
    savepointPath: 's3://q',
    entryClass: 'Q',
  });
  expect(
    asked(
      { flinkConfiguration, parallelism: 1, savepointPath: 's3://b', entryClass: 'B' },
      'parallelism=2&savepointPath=s3://q&entry-class=Q',
    ),
  ).toMatchObject({ parallelism: 1, savepointPath: 's3://b', entryClass: 'B' });
  expect(asked({})).toMatchObject({ parallelism: 1, jobId: undefined, savepointPath: undefined });
});

test('a job id and a parallelism that cannot be read are refused before anything else', () => {
  expect(() => asked({ jobId: '1234' })).toThrow('Request did not match expected format Body.');
  expect(() => asked({ parallelism: 'two' })).toThrow('Request did not match expected format Body.');
  expect(asked({ jobId: 'AB'.repeat(16) }).jobId).toBe('ab'.repeat(16));
});

test('the class that runs is the one that is asked for, else the one that the manifest names; it must be in the jar', () => {
  expect(entryClassOf(jar({}), 'x', undefined)).toBe('org.example.Main');
  expect(entryClassOf(jar({}), 'x', 'org.example.Other')).toBe('org.example.Other');
  expect(() => entryClassOf(jar({}), 'x', 'org.example.Nobody')).toThrow("entry point class 'org.example.Nobody' was not found");
  expect(() => entryClassOf(jar({ entryClasses: [] }), 'x', undefined)).toThrow("Neither a 'Main-Class', nor a 'program-class' entry");
  expect(() => entryClassOf(jar({ archive: false }), 'x', undefined)).toThrow('Error while opening jar file');
  expect(() => entryClassOf(undefined, 'x', undefined)).toThrow('x does not exist');
});

test('a savepoint is triggered under the id that the client chose, in a format that Flink knows', () => {
  expect(triggerOf({}, 'Body')).toEqual({ id: undefined, format: 'CANONICAL' });
  expect(triggerOf({ triggerId: 'AB'.repeat(16), formatType: 'NATIVE' }, 'Body')).toEqual({ id: 'ab'.repeat(16), format: 'NATIVE' });
  expect(() => triggerOf({ triggerId: 7 }, 'Body')).toThrow('Request did not match expected format Body.');
  expect(() => triggerOf({ formatType: 'ZIP' }, 'Body')).toThrow('Request did not match expected format Body.');
});
