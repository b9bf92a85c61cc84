import { expect, test } from 'vitest';
import { isSensitiveKey, mask, maskValue } from '../../src/support/redact.ts';

test.each([
  's3.secret-key', 'S3.SECRET-KEY', 's3.access-key', 'security.ssl.rest.truststore-password', 'some.token', 'fs.azure.account.key.x', 'my.apikey', 'user.artifacts.http-headers', 'AWS_SECRET_ACCESS_KEY',
])('%s is not displayed', (key) => {
  expect(isSensitiveKey(key)).toBe(true);
  expect(maskValue(key, 'hunter2')).toBe(mask);
});

test.each(['kubernetes.cluster-id', 'rest.port', 'kubernetes.secrets', 'kubernetes.env.secretKeyRef', 'kubernetes.container.image.pull-secrets'])('%s is displayed', (key) => {
  expect(maskValue(key, 'text')).toBe('text');
});

test('an empty secret shows that it is empty', () => {
  expect(maskValue('some.password', '')).toBe('');
});
