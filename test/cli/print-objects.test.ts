import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { maskedObject, printedObjects } from '../../src/cli/deploy/print-objects.ts';
import { build } from '../manifests/build.ts';

const made = build({
  'kubernetes.jobmanager.annotations': "a:'on',b:'012',c:'12:30',d:'1e3'",
  'containerized.master.env.PASSWORD': 'hunter2',
  'containerized.master.env.PLAIN': 'yes',
});
const objects = [made.deployment, ...made.owned.map(({ body }) => body)];

test.each(['1.1', '1.2'] as const)('a dry run says the same to who reads YAML %s', async (version) => {
  const documents = parseAllDocuments(await printedObjects(objects, 'yaml'), { version }).map((document) => document.toJS() as unknown);
  expect(documents).toEqual(JSON.parse(JSON.stringify(objects)));
});

test('as JSON it is one list', async () => {
  expect(JSON.parse(await printedObjects(objects, 'json'))).toMatchObject({
    kind: 'List',
    items: [{ kind: 'Deployment' }, { kind: 'Service' }, { kind: 'Service' }, { kind: 'ConfigMap' }],
  });
});

test('secrets are masked, whatever they are in', () => {
  const text = JSON.stringify(maskedObject(made.deployment));
  expect(text).not.toContain('hunter2');
  expect(text).toContain('"yes"');
  expect(maskedObject({ apiVersion: 'v1', kind: 'Secret', data: { key: 'aHVudGVyMg==' } } as never)).toMatchObject({
    data: { key: '******' },
  });
});
