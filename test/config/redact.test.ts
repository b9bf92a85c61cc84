import { describe, expect, test } from 'vitest';
import { Problem } from '../../src/support/problem.ts';
import { maskedData, maskedDocument } from '../../src/config/secrets/documents.ts';
import { isSensitiveKey, mask, maskAddresses, maskText, maskValue, maskWords } from '../../src/config/secrets/redact.ts';

test.each([
  's3.secret-key',
  'S3.SECRET-KEY',
  's3.access-key',
  'security.ssl.rest.truststore-password',
  'some.token',
  'fs.azure.account.key.x',
  'my.apikey',
  'user.artifacts.http-headers',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'aws_session_token',
  'AWS_BEARER_TOKEN',
  'GOOGLE_APPLICATION_CREDENTIALS',
  'gcp.private_key',
  'private_key_id',
  'AZURE_STORAGE_KEY',
  'azure.account.key',
  'SharedKey',
  'signing-key',
  'MASTER_KEY',
  'client_secret',
  'x.api.key',
  'X-Amz-Signature',
  'sig',
  'db.pw',
  'DB_PASS',
  'some.pwd',
  'key-passphrase',
  'AccountKey',
  'javax.net.ssl.keyStorePassword',
  'Authorization',
])('%s is not displayed', (key) => {
  expect(isSensitiveKey(key)).toBe(true);
  expect(maskValue(key, 'hunter2')).toBe(mask);
});

test.each([
  'kubernetes.cluster-id',
  'rest.port',
  'kubernetes.secrets',
  'kubernetes.env.secretKeyRef',
  'kubernetes.container.image.pull-secrets',
  'secretName',
  'bypass.cache',
  'compass',
  'key.fields',
  'topologyKey',
  'monkey',
  'signal',
  'design',
])('%s is displayed', (key) => {
  expect(maskValue(key, 'text')).toBe('text');
});

test('an empty secret shows that it is empty', () => {
  expect(maskValue('some.password', '')).toBe('');
});

test.each([
  ['jdbc:mysql://db/x?user=u&password=CANARY&ssl=true', 'jdbc:mysql://db/x?user=u&password=******&ssl=true'],
  ['jdbc:postgresql://me:CANARY@db/x', 'jdbc:postgresql://me:******@db/x'],
  [
    'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=CANARY==;EndpointSuffix=x',
    'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=******;EndpointSuffix=x',
  ],
  ['-Dx=y -Djavax.net.ssl.keyStorePassword=CANARY -Xmx1g', '-Dx=y -Djavax.net.ssl.keyStorePassword=****** -Xmx1g'],
  ['-Denv.java.opts.all=-Djavax.net.ssl.trustStorePassword=CANARY', '-Denv.java.opts.all=-Djavax.net.ssl.trustStorePassword=******'],
  ['username=u,password=CANARY', 'username=u,password=******'],
  ['Loading configuration property: my.db.pw, CANARY, and more', 'Loading configuration property: my.db.pw, ******'],
  ['Loading configuration property: rest.port, 8081', 'Loading configuration property: rest.port, 8081'],
  ['x.PlainLoginModule required username="u" password="CA NARY";', 'x.PlainLoginModule required username="u" password=******;'],
  [
    'get-token --oidc-client-id a --oidc-client-secret=CANARY --password CANARY -v',
    'get-token --oidc-client-id a --oidc-client-secret=****** --password ****** -v',
  ],
  ['Authorization: Bearer CANARY', 'Authorization: ******'],
  ['{"token":"CANARY","x":1}', '{"token":******,"x":1}'],
  ['apache/flink:2.3.0@sha256:abc', 'apache/flink:2.3.0@sha256:abc'],
  ['--input password.txt --verbose', '--input password.txt --verbose'],
  ['cancel token-refresher', 'cancel token-refresher'],
  ['s3://bucket/a=b/c', 's3://bucket/a=b/c'],
])('%s is shown as %s', (text, shown) => {
  expect(maskText(text)).toBe(shown);
});

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJDQU5BUlkifQ.c2lnbmF0dXJlCANARY';
test.each([
  ['curl -u me:CANARY https://h', 'curl -u me:****** https://h'],
  ['curl -ume:CANARY https://h', 'curl -ume:****** https://h'],
  ['curl --user me:CANARY h', 'curl --user me:****** h'],
  ['curl -U proxy:CANARY h', 'curl -U proxy:****** h'],
  ['mysql -pCANARY db', 'mysql -p****** db'],
  ['mysql -h db -p canary', 'mysql -h db -p ******'],
  ['/usr/bin/mysqldump -u me -pcanary x', '/usr/bin/mysqldump -u me -p****** x'],
  ['sshpass -p canary ssh h', 'sshpass -p ****** ssh h'],
  ['docker login -u me -p CANARY', 'docker login -u me -p ******'],
  ['app -u me -p CANARY', 'app -u me -p ******'],
  ['redis-cli -a CANARY ping', 'redis-cli -a ****** ping'],
  ['sqlcmd -U sa -P CANARY', 'sqlcmd -U sa -P ******'],
  ["app -u me -p 'CA NARY'", 'app -u me -p ******'],
  ['git clone https://ghp_CANARYcanary0123456789abcdefghijklmnop@github.com/x', 'git clone https://******@github.com/x'],
  ['https://x-access-token:CANARY@github.com/x', 'https://x-access-token:******@github.com/x'],
  ['https://0a1b2c3d4e5f60718293CANARY@host/x', 'https://******@host/x'],
  ['https://glpat-CANARYcanary0123456789:x@host', 'https://******:******@host'],
  ['the server said Bearer CANARY0123456789', 'the server said Bearer ******'],
  [`-H "X: Bearer ${jwt}"`, '-H "X: Bearer ******"'],
  ['curl -H Basic dXNlcjpDQU5BUlk5', 'curl -H Basic ******'],
  [`submit a.jar ${jwt}`, 'submit a.jar ******'],
  ['key AKIAIOSFODNN7EXAMPLE of AWS', 'key ****** of AWS'],
  ['AIzaSyCANARYCANARYCANARYCANARYCANARY01', '******'],
  ['https://a.blob.core.windows.net/c?sv=1&sig=CANARY%3D&se=2', 'https://a.blob.core.windows.net/c?sv=1&sig=******&se=2'],
  [
    '-----BEGIN RSA PRIVATE KEY-----\nCANARY\n-----END RSA PRIVATE KEY-----',
    '-----BEGIN RSA PRIVATE KEY-----******-----END RSA PRIVATE KEY-----',
  ],
])('%s is shown as %s', (text, shown) => {
  expect(maskText(text)).toBe(shown);
});

test.each([
  'submit a.jar -p 4 -c org.example.Class',
  'run -p 4 -u host:8081',
  'app -u me -p 4',
  'mysql -P 3306 -u root',
  'docker run -p 8080:80 -p 53:53/udp x',
  'app -url jdbc:x',
  'app -url:jdbc:x -u me',
  'app -u me -port 1 -path /x -properties f',
  'app -p prod',
  'app -update -p prod',
  'app --user-agent x -p prod',
  'stop -p s3://bucket/savepoints orders',
  'app -u me -p ./file',
  'Bearer authentication is needed',
  'Basic authentication is needed',
  'the bearer of bad news',
  'https://user@host/x',
  'https://long-user-name-without-any@host/x',
  'ghp_short',
  'eyJust a word',
  'AKIA',
  'https://registry/app@sha256:0a1b2c3d4e5f60718293a4b5',
  'java -Xmx1g -cp a:b -ea x',
  '/x -a b -w c',
  'see user-service (v2)',
])('%s is shown as it is', (text) => {
  expect(maskText(text)).toBe(text);
});

test.each([
  [
    ['app', '--password', 'CANARY', '-v'],
    ['app', '--password', '******', '-v'],
  ],
  [
    ['mysql', '-h', 'db', '-p', 'CANARY'],
    ['mysql', '-h', 'db', '-p', '******'],
  ],
  [
    ['mysql', '-pCANARY'],
    ['mysql', '-p******'],
  ],
  [
    ['curl', '-u', 'me:CANARY', 'h'],
    ['curl', '-u', 'me:******', 'h'],
  ],
  [
    ['app', '-u', 'me', '-p', 'CA NARY'],
    ['app', '-u', 'me', '-p', '******'],
  ],
  [
    ['sh', '-c', 'mysql -pCANARY'],
    ['sh', '-c', 'mysql -p******'],
  ],
  [
    ['run', '-p', '4', '-c', 'Class', '--token', '-v'],
    ['run', '-p', '4', '-c', 'Class', '--token', '-v'],
  ],
  [
    ['app', '-p', 'prod'],
    ['app', '-p', 'prod'],
  ],
  [['--jwt=CANARY'], ['--jwt=******']],
])('of the arguments %j those of secret options are masked', (args, shown) => {
  expect(maskedData({ args })).toEqual({ args: shown });
});

test('a credential plug-in signs in: what stands behind its -p is masked', () => {
  expect(maskWords(['get-token', '-p', 'CANARY', '-pCANARY7', '-port', '8000', '-p', '4'], true)).toEqual([
    'get-token',
    '-p',
    '******',
    '-p******',
    '-port',
    '8000',
    '-p',
    '4',
  ]);
});

test.each([
  ['The API server at bob:CANARY@127.0.0.1:1 refuses connections', 'The API server at bob:******@127.0.0.1:1 refuses connections'],
  ['Cluster c has no usable server address (http://bob:CA:NARY@h/p)', 'Cluster c has no usable server address (http://bob:******@h/p)'],
  ['https://h:6443/path', 'https://h:6443/path'],
  ['http://user@h', 'http://user@h'],
])('no password stands in the address of %s', (text, shown) => {
  expect(maskAddresses(text)).toBe(shown);
  expect(new Problem('unreachable', text, { hint: text })).toMatchObject({ message: shown, hint: shown });
});

test('in data, secrets are masked by the name of a member, of a variable, and by their shape', () => {
  expect(
    maskedData({
      password: 'a',
      env: [
        { name: 'DB_PASSWORD', value: 'a' },
        { name: 'DB_URL', value: 'jdbc:x?password=a' },
        { name: 'FROM', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      ],
      count: 1,
    }),
  ).toEqual({
    password: mask,
    env: [
      { name: 'DB_PASSWORD', value: mask },
      { name: 'DB_URL', value: `jdbc:x?password=${mask}` },
      { name: 'FROM', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
    ],
    count: 1,
  });
});

test.each([
  '=:',
  ',a:',
  'a@',
  '=:@',
  'a ',
  '--a ',
  'pw="',
  'a="',
  '-u a:',
  '-p ',
  'Bearer ',
  'eyJ',
  'eyJaaaaaaaa.',
  'ghp_',
  '-----BEGIN ',
  'mysql ',
  '0a@',
  '//0a',
])('a hundred thousand times %j is masked at once', (part) => {
  const text = `${part.repeat(100_000)} @`;
  expect(maskText(text).length).toBeLessThanOrEqual(text.length * 4);
});

describe('in the text of a file', () => {
  test.each([
    ['levels of options', 'fs:\n  azure:\n    account:\n      key:\n        mine.blob.net: CANARY\n'],
    ['a level below a secret name', 's3:\n  secret:\n    key: CANARY\n  path: open\n'],
    ['a text of several lines', 'security:\n  password: |\n    CANARY: x\n\n    CANARY\n  other: open\n'],
    ['a folded text', 'token: >-\n  CANARY\nother: open\n'],
    ['a value that goes on in the next line', 'token: CANARY\n  CANARY\nother: open\n'],
    ['a list', 'tokens:\n- CANARY\n- CANARY\nother: open\n'],
    ['a list between brackets', 'tokens: [CANARY, "CANARY, CANARY"]\nother: open\n'],
  ])('%s of config.yaml is masked, and nothing else', (_, text) => {
    const { 'config.yaml': masked } = maskedData({ 'config.yaml': text }) as Readonly<Record<string, string>>;
    expect(masked).not.toContain('CANARY');
    expect(masked?.match(/\bopen\b/g)).toEqual(text.match(/\bopen\b/g));
    expect(masked?.split('\n')).toHaveLength(text.split('\n').length);
  });

  test('variables of a pod template are masked by their names; where secrets come from is shown', () => {
    const template = [
      'spec:',
      '  imagePullSecrets:',
      '    - name: regcred',
      '  containers:',
      '    - env:',
      '        - name: DB_PASSWORD',
      '          value: CANARY',
      '        - name: HOME',
      '          value: /opt',
      '  volumes:',
      '    - name: s3',
      '      secret:',
      '        secretName: s3-keys',
    ];
    expect(maskedDocument(template.join('\n')).split('\n')).toEqual(template.map((line) => line.replace('CANARY', mask)));
  });

  test('JSON, as kubectl keeps it in an annotation, is masked by its structure', () => {
    const applied = { spec: { containers: [{ env: [{ name: 'DB_PASSWORD', value: 'CANARY' }], args: ['--password', 'CANARY'] }] } };
    const { note } = maskedData({ note: JSON.stringify(applied) }) as { readonly note: string };
    expect(JSON.parse(note)).toEqual({
      spec: { containers: [{ env: [{ name: 'DB_PASSWORD', value: mask }], args: ['--password', mask] }] },
    });
    for (const text of ['{}', '[INFO] a line', '{"a": 1}']) expect(maskedDocument(text)).toBe(text);
  });
});
