import { expect, test } from 'vitest';
import { Problem } from '../../src/support/problem.ts';
import { isSensitiveKey, mask, maskAddresses, maskedData, maskText, maskValue } from '../../src/support/redact.ts';

test.each([
  's3.secret-key', 'S3.SECRET-KEY', 's3.access-key', 'security.ssl.rest.truststore-password', 'some.token', 'fs.azure.account.key.x', 'my.apikey', 'user.artifacts.http-headers', 'AWS_SECRET_ACCESS_KEY',
  'db.pw', 'DB_PASS', 'some.pwd', 'key-passphrase', 'AccountKey', 'javax.net.ssl.keyStorePassword', 'Authorization',
])('%s is not displayed', (key) => {
  expect(isSensitiveKey(key)).toBe(true);
  expect(maskValue(key, 'hunter2')).toBe(mask);
});

test.each(['kubernetes.cluster-id', 'rest.port', 'kubernetes.secrets', 'kubernetes.env.secretKeyRef', 'kubernetes.container.image.pull-secrets', 'secretName', 'bypass.cache', 'compass'])('%s is displayed', (key) => {
  expect(maskValue(key, 'text')).toBe('text');
});

test('an empty secret shows that it is empty', () => {
  expect(maskValue('some.password', '')).toBe('');
});

test.each([
  ['jdbc:mysql://db/x?user=u&password=CANARY&ssl=true', 'jdbc:mysql://db/x?user=u&password=******&ssl=true'],
  ['jdbc:postgresql://me:CANARY@db/x', 'jdbc:postgresql://me:******@db/x'],
  ['DefaultEndpointsProtocol=https;AccountName=a;AccountKey=CANARY==;EndpointSuffix=x', 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=******;EndpointSuffix=x'],
  ['-Dx=y -Djavax.net.ssl.keyStorePassword=CANARY -Xmx1g', '-Dx=y -Djavax.net.ssl.keyStorePassword=****** -Xmx1g'],
  ['-Denv.java.opts.all=-Djavax.net.ssl.trustStorePassword=CANARY', '-Denv.java.opts.all=-Djavax.net.ssl.trustStorePassword=******'],
  ['username=u,password=CANARY', 'username=u,password=******'],
  ['x.PlainLoginModule required username="u" password="CA NARY";', 'x.PlainLoginModule required username="u" password=******;'],
  ['get-token --oidc-client-id a --oidc-client-secret=CANARY --password CANARY -v', 'get-token --oidc-client-id a --oidc-client-secret=****** --password ****** -v'],
  ['Authorization: Bearer CANARY', 'Authorization: ******'], ['{"token":"CANARY","x":1}', '{"token":******,"x":1}'],
  ['apache/flink:2.3.0@sha256:abc', 'apache/flink:2.3.0@sha256:abc'], ['--input password.txt --verbose', '--input password.txt --verbose'], ['cancel token-refresher', 'cancel token-refresher'], ['s3://bucket/a=b/c', 's3://bucket/a=b/c'],
])('%s is shown as %s', (text, shown) => {
  expect(maskText(text)).toBe(shown);
});

test.each([
  ['The API server at bob:CANARY@127.0.0.1:1 refuses connections', 'The API server at bob:******@127.0.0.1:1 refuses connections'],
  ['Cluster c has no usable server address (http://bob:CA:NARY@h/p)', 'Cluster c has no usable server address (http://bob:******@h/p)'],
  ['https://h:6443/path', 'https://h:6443/path'], ['http://user@h', 'http://user@h'],
])('no password stands in the address of %s', (text, shown) => {
  expect(maskAddresses(text)).toBe(shown);
  expect(new Problem('unreachable', text, { hint: text })).toMatchObject({ message: shown, hint: shown });
});

test('in data, secrets are masked by the name of a member, of a variable, and by their shape', () => {
  expect(maskedData({ password: 'a', env: [{ name: 'DB_PASSWORD', value: 'a' }, { name: 'DB_URL', value: 'jdbc:x?password=a' }, { name: 'FROM', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }], count: 1 })).toEqual({
    password: mask, env: [{ name: 'DB_PASSWORD', value: mask }, { name: 'DB_URL', value: `jdbc:x?password=${mask}` }, { name: 'FROM', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }], count: 1,
  });
});

test.each(['=:', ',a:', 'a@', '=:@', 'a ', '--a ', 'pw="', 'a="'])('a hundred thousand times %j is masked at once', (part) => {
  const text = `${part.repeat(100_000)} @`;
  expect(maskText(text).length).toBeLessThanOrEqual(text.length * 4);
});
