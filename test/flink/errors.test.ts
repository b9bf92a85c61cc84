import { expect, test } from 'vitest';
import type { Problem } from '../../src/support/problem.ts';
import { problemOfAnswer } from '../../src/flink/error-answer.ts';
import { failureSentence } from '../../src/flink/failure-text.ts';
import { captureText } from './rest-server.ts';

const route = { description: 'http://10.0.0.1:8081', url: 'http://10.0.0.1:8081' };

const said = (name: string, status: number, method: string, path: string): Problem =>
  problemOfAnswer({ status, text: captureText(name), headers: {} }, method, path, route);

const run = ['POST', '/jars/a.jar/run'] as const;

test.each<readonly [string, readonly [number, string, string], string, unknown]>([
  ['error-jars-run-fails-in-main', [400, ...run], 'invalid', "disk quota exceeded on /data/volume-7 (in the program's main method)."],
  [
    'error-jars-plan-fails-in-main',
    [500, 'POST', '/jars/a.jar/plan'],
    'failed',
    expect.stringContaining('disk quota exceeded on /data/volume-7'),
  ],
  [
    'error-jars-run-class-missing',
    [500, ...run],
    'failed',
    "The program's entry point class 'no.such.Class' was not found in the jar file.",
  ],
  [
    'error-jars-run-broken-jar',
    [500, ...run],
    'failed',
    expect.stringMatching(/^Error while opening jar file '.*': zip END header not found\.$/),
  ],
  ['error-jars-run-unknown-jar', [500, ...run], 'not-found', expect.stringMatching(/^Jar file .*_nothing\.jar does not exist\.$/)],
  [
    'error-jars-run-bad-savepoint',
    [400, ...run],
    'invalid',
    "Cannot find checkpoint or savepoint file/directory 'file:///no/such/savepoint' on file system 'file'.",
  ],
  [
    'error-jars-run-parallelism-zero',
    [400, ...run],
    'invalid',
    'Parallelism must be at least one, or ExecutionConfig.PARALLELISM_DEFAULT (use system default).',
  ],
  ['error-jars-upload-not-a-jar', [400, 'POST', '/jars/upload'], 'invalid', 'Only Jar files are allowed.'],
  ['error-jars-delete-again', [400, 'DELETE', '/jars/a.jar'], 'not-found', expect.stringMatching(/^File .* does not exist in .*\.$/)],
  [
    'error-cancel-unknown',
    [404, 'PATCH', '/jobs/0?mode=cancel'],
    'not-found',
    'Job 00000000000000000000000000000000 is not known to this cluster.',
  ],
  [
    'error-cancel-finished',
    [409, 'PATCH', '/jobs/0?mode=cancel'],
    'conflict',
    'Job cancellation failed because the job has already reached another terminal state (FINISHED).',
  ],
  ['error-job-unknown', [404, 'GET', '/jobs/0'], 'not-found', 'Job 00000000000000000000000000000000 is not known to this cluster.'],
  [
    'error-job-unknown-status',
    [500, 'GET', '/jobs/0/status'],
    'not-found',
    'Job 00000000000000000000000000000000 is not known to this cluster.',
  ],
  [
    'error-job-id-malformed',
    [400, 'GET', '/jobs/xyz'],
    'invalid',
    'Bad request, could not parse parameters: Cannot resolve path parameter (jobid) from value "xyz".',
  ],
  [
    'error-savepoint-unknown-trigger',
    [404, 'GET', '/jobs/0/savepoints/1'],
    'not-found',
    expect.stringContaining('no savepoint operation with triggerId='),
  ],
  [
    'error-taskmanager-unknown',
    [500, 'GET', '/taskmanagers/x'],
    'not-found',
    'TaskManager 127.0.0.1:1-abcdef is not registered with the JobManager.',
  ],
  ['error-route', [404, 'GET', '/nothing/here'], 'not-found', expect.any(String)],
  [
    'adaptive-error-savepoint-no-directory',
    [400, 'POST', '/jobs/0/savepoints'],
    'invalid',
    expect.stringContaining('Config key [execution.checkpointing.savepoint-dir] is not set.'),
  ],
])('%s is one sentence', (name, [status, method, path], kind, message) => {
  const problem = said(name, status, method, path);
  expect(problem).toMatchObject({ kind, message, status });
  expect(problem.message).not.toMatch(/\n|Exception:|\tat /);
});

test('a TaskManager that Flink does not know may have just started: the hint says to try again', () => {
  expect(said('error-taskmanager-unknown', 500, 'GET', '/taskmanagers/x').hint).toBe(
    'If its pod has just started, try again in a few seconds: it registers once its process runs.',
  );
});

test.each([
  ['adaptive-error-jars', 404, 'GET', '/jars'],
  ['adaptive-error-jars-upload', 400, 'POST', '/jars/upload'],
])('%s says that the cluster takes no jars', (name, status, method, path) => {
  expect(said(name, status, method, path)).toMatchObject({
    kind: 'forbidden',
    message: 'This cluster accepts no jars over REST: web.submit.enable is false there.',
  });
});

test('an election means that there is no leader at the moment', () => {
  const text = JSON.stringify({ errors: ['Service temporarily unavailable due to an ongoing leader election. Please refresh.'] });
  expect(problemOfAnswer({ status: 503, text, headers: {} }, 'GET', '/jobs/overview', route)).toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('election'),
  });
});

const answer = (status: number, text = '<html>', headers = {}) => problemOfAnswer({ status, text, headers }, 'GET', '/overview', route);

test('what stands before Flink is named by what it answers', () => {
  expect(answer(401)).toMatchObject({ kind: 'unauthorized', hint: expect.stringContaining('FLINK_REST_CLIENT_HEADERS') });
  expect(answer(403, '').kind).toBe('forbidden');
  expect(answer(403, '{"errors":["forbidden: create services/proxy"]}')).toMatchObject({
    kind: 'forbidden',
    message: 'forbidden: create services/proxy.',
  });
  expect(answer(401, '{"errors":["unauthorized: the token expired"]}')).toMatchObject({
    kind: 'unauthorized',
    message: 'unauthorized: the token expired.',
  });
  expect(answer(403, '<html><title>Access denied</title>')).toMatchObject({
    kind: 'protocol',
    message: 'http://10.0.0.1:8081 answered GET /overview with a page ("Access denied") and not as Flink does (403).',
  });
  expect(answer(404, '<html>')).toMatchObject({
    kind: 'protocol',
    message: 'http://10.0.0.1:8081 answered GET /overview with a page and not as Flink does (404).',
  });
  expect(answer(413).message).toContain('proxy');
  expect(answer(502)).toMatchObject({
    kind: 'unavailable',
    message: 'http://10.0.0.1:8081 answered GET /overview with a page and not as Flink does (502).',
  });
  expect(answer(503, '', { 'retry-after': '7' }).retryAfterMs).toBe(7000);
  expect(answer(503, '', { 'retry-after': '' }).retryAfterMs).toBeUndefined();
  expect(answer(302, '', { location: '/login?ticket=secret' })).toMatchObject({
    kind: 'protocol',
    message: 'The REST endpoint at http://10.0.0.1:8081 sends GET /overview on to http://10.0.0.1:8081/login (302), which is not followed.',
  });
  expect(answer(301, '', { location: 'https://10.0.0.1:8081/overview' }).message).toContain('speaks HTTPS');
});

test('the server text stays with the problem, for the log file', () => {
  expect(said('error-jars-run-fails-in-main', 400, ...run).cause).toContain('Caused by: java.io.IOException');
});

test.each([
  ['java.util.concurrent.CompletionException: java.lang.OutOfMemoryError', 'OutOfMemoryError.'],
  ['java.lang.OutOfMemoryError', 'OutOfMemoryError.'],
  ['java.net.UnknownHostException: kafka-0', 'UnknownHostException: kafka-0.'],
  [
    'org.apache.flink.client.program.ProgramInvocationException: The main method caused an error: org/example/Udf\nCaused by: java.lang.NoClassDefFoundError: org/example/Udf\n\tat a.B.c(B.java)\nCaused by: java.lang.ClassNotFoundException: org.example.Udf',
    'ClassNotFoundException: org.example.Udf.',
  ],
  [
    'java.lang.NoClassDefFoundError: org/example/Udf\nCaused by: java.lang.ClassNotFoundException: org.example.Udf',
    'NoClassDefFoundError: org/example/Udf.',
  ],
  ['java.lang.ClassNotFoundException: org.example.BadException', 'ClassNotFoundException: org.example.BadException.'],
  ['java.nio.file.NoSuchFileException: /data/in', 'NoSuchFileException: /data/in.'],
  ['java.io.IOException: disk full', 'disk full.'],
])('%j is reported as %j', (trace, sentence) => expect(failureSentence(trace)).toBe(sentence));
