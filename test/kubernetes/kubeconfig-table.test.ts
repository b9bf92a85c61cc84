import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveProfile } from '../../src/kubernetes/connect.ts';
import { sentence } from '../../src/support/problem.ts';
import { certificates } from './certificates.ts';
import { folder } from './connect-to.ts';
import { hasKubectl, kubectl } from './kubectl.ts';

const plain = `apiVersion: v1
kind: Config
current-context: c
clusters:
- name: k
  cluster:
    server: http://127.0.0.1:1
contexts:
- name: c
  context:
    cluster: k
    user: u
    namespace: space
users:
- name: u
  user:
    token: t
`;
/** The plain file with one place changed. */
const changed = (from: string, to: string): string => {
  expect(plain).toContain(from);
  return plain.replace(from, to);
};
const server = (more: string): string => changed('http://127.0.0.1:1', more);
const user = (more: string): string => changed('token: t', more);
const before = (lines: string): string => `${lines}\n${plain}`;
const bytes = (mark: readonly number[], text: Buffer): Buffer => Buffer.concat([Buffer.from(mark), text]);
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
const json = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'c',
  clusters: [{ name: 'k', cluster: { server: 'http://127.0.0.1:1' } }],
  contexts: [{ name: 'c', context: { cluster: 'k', user: 'u', namespace: 'space' } }],
  users: [{ name: 'u', user: { token: 't' } }],
});
const ca = Buffer.from(certificates.ca.cert).toString('base64');
const exec = (more: string): string => user(`exec: {apiVersion: client.authentication.k8s.io/v1, ${more}}`);

/** What both read of the file, as far as it is not what the plain one says. */
interface Read {
  readonly server?: string;
  readonly token?: string | undefined;
  readonly namespace?: string;
  readonly skipTlsVerify?: boolean;
}

const read: readonly (readonly [name: string, content: string | Buffer, read: Read])[] = (
  [
    ['a plain file', plain],
    ['UTF-16 as PowerShell writes it', bytes([0xff, 0xfe], Buffer.from(plain, 'utf16le'))],
    ['UTF-16, big end first', bytes([0xfe, 0xff], utf16be(plain))],
    ['UTF-16 with line ends of Windows', bytes([0xff, 0xfe], Buffer.from(plain.replaceAll('\n', '\r\n'), 'utf16le'))],
    ['a byte order mark of UTF-8', bytes([0xef, 0xbb, 0xbf], Buffer.from(plain))],
    ['line ends of Windows', plain.replaceAll('\n', '\r\n')],
    ['line ends of an old Mac', plain.replaceAll('\n', '\r')],
    ['a line end of a mainframe (NEL)', user('token: t\u0085')],
    ['a key twice', changed('kind: Config', 'kind: Config\nkind: Config')],
    ['a server twice: the last one counts', server('http://127.0.0.1:9\n    server: http://127.0.0.1:1')],
    ['a list twice: the last one counts', `${plain}users:\n- name: u\n  user: {token: second}\n`, { token: 'second' }],
    ['an end mark with nothing behind it', `${plain}---\n`],
    ['an end mark with dots', `${plain}...\n`],
    ['a start mark', before('---')],
    ['a comment and a start mark', before('# mine\n---')],
    ['two documents: the first one counts', `${plain}---\n${plain.replace('token: t', 'token: second')}`],
    ['a broken second document', `${plain}---\na: [1, 2\nb: }\n`],
    ['a version line', before('%YAML 1.1\n---')],
    ['yes', server('http://127.0.0.1:1\n    insecure-skip-tls-verify: yes'), { skipTlsVerify: true }],
    ['on', server('http://127.0.0.1:1\n    insecure-skip-tls-verify: on'), { skipTlsVerify: true }],
    ['y', server('http://127.0.0.1:1\n    insecure-skip-tls-verify: y'), { skipTlsVerify: true }],
    ['True', server('http://127.0.0.1:1\n    insecure-skip-tls-verify: True'), { skipTlsVerify: true }],
    ['OFF', server('http://127.0.0.1:1\n    insecure-skip-tls-verify: OFF')],
    ['a flag without a value', server('http://127.0.0.1:1\n    insecure-skip-tls-verify:')],
    ['a token like a time', user('token: 1:30'), { token: '1:30' }],
    ['a token like a date', user('token: 2024-01-01'), { token: '2024-01-01' }],
    ['a token like a moment', user('token: 2024-01-01T10:00:00Z'), { token: '2024-01-01T10:00:00Z' }],
    ['a token without a value', user('token: ~'), { token: undefined }],
    ['a number that is said to be a text', user('token: !!str 123'), { token: '123' }],
    ['bytes', user('token: !!binary dG9rZW4='), { token: 'token' }],
    ["a tag of somebody's own", user('token: !secret t')],
    ['a number in quotes', user('token: "0123"'), { token: '0123' }],
    ['a text over lines', user('token: >-\n      t\n      u'), { token: 't u' }],
    ['a namespace without a value', changed('namespace: space', 'namespace: null'), { namespace: 'default' }],
    ['a merge key', before('x: &x {token: merged}').replace('token: t', '<<: *x'), { token: 'merged' }],
    ['a merge key before the own value', before('x: &x {token: merged}').replace('token: t', '<<: *x\n    token: own'), { token: 'own' }],
    [
      'a merge key behind the own value',
      before('x: &x {token: merged}').replace('token: t', 'token: own\n    <<: *x'),
      { token: 'merged' },
    ],
    ['merge keys that merge', before('y: &y {token: deep}\nx: &x {<<: *y}').replace('token: t', '<<: *x'), { token: 'deep' }],
    [
      'two merge keys',
      before('x: &x {token: first}\ny: &y {token: second}').replace('token: t', '<<: *x\n    <<: *y'),
      { token: 'second' },
    ],
    ['a list of merges', before('x: &x {token: first}\ny: &y {token: second}').replace('token: t', '<<: [*x, *y]'), { token: 'first' }],
    ['a merge key in quotes, which is none', user("'<<': {token: inline}\n    token: t")],
    ['an alias', before('x: &x {token: alias}').replace('  user:\n    token: t', '  user: *x'), { token: 'alias' }],
    [
      'an anchor twice: the last one before it counts',
      before('x: &x {token: first}\ny: &x {token: second}').replace('  user:\n    token: t', '  user: *x'),
      { token: 'second' },
    ],
    ['JSON', json],
    ['JSON with tabs', JSON.stringify(JSON.parse(json), undefined, '\t')],
    ['JSON with a key twice', json.replace('"token":"t"', '"token": "a", "token": "t"')],
    ['JSON with a comma too many', json.replace('"token":"t"', '"token":"t",')],
    ['JSON with a byte order mark', bytes([0xef, 0xbb, 0xbf], Buffer.from(json))],
    ['tabs behind values', user('token:\tt\t')],
    ['keys that are not texts', `${plain}5: x\nyes: x\n`],
    ['members that nobody knows', `${plain}foo: [1]\nextensions: null\npreferences:\n`],
    ['an entry without a value', changed('users:\n', 'users:\n- null\n')],
    ['an entry without a name', changed('users:\n', 'users:\n- user: {token: x}\n')],
    ['a user without credentials', changed('  user:\n    token: t\n', '  user: null\n'), { token: undefined }],
    ['no kind and no version', changed('apiVersion: v1\nkind: Config\n', '')],
    ['HTTP:// in capitals', server('HTTP://127.0.0.1:1')],
    ['Http:// in both', server('Http://127.0.0.1:1')],
    ['a slash behind the server', server('http://127.0.0.1:1/')],
    ['a path of the server', server('http://127.0.0.1:1/k8s/clusters/c-1'), { server: 'http://127.0.0.1:1/k8s/clusters/c-1' }],
    ['a server without a scheme', server('127.0.0.1:1')],
    [
      'a context named like a number, in quotes',
      plain.replace('current-context: c', 'current-context: "1234"').replace('- name: c', '- name: "1234"'),
    ],
    [
      'insecure without TLS, with an authority',
      server(`http://127.0.0.1:1\n    insecure-skip-tls-verify: true\n    certificate-authority-data: ${ca}`),
      { skipTlsVerify: true },
    ],
    [
      'something that is not an authority, in another cluster',
      changed('contexts:', '- name: other\n  cluster: {server: "https://x", certificate-authority-data: aGFsbG8=}\ncontexts:'),
    ],
    ['a plug-in without a command, of another user', `${plain}- name: other\n  user: {exec: {apiVersion: v1}}\n`],
    [
      'a token and a plug-in',
      user('token: t\n    exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Never}'),
    ],
  ] as readonly (readonly [string, string | Buffer, Read?])[]
).map(([name, content, expected = {}]) => [name, content, expected]);

const refused: readonly (readonly [name: string, content: string | Buffer, says: string])[] = [
  [
    'UTF-16 without a byte order mark',
    Buffer.from(plain, 'utf16le'),
    'The kubeconfig file FILE is not valid YAML: It holds control characters. Is it a text file?',
  ],
  [
    'Latin-1',
    Buffer.from(`${plain}# Schlüssel\n`, 'latin1'),
    'The kubeconfig file FILE is not valid YAML: It is not UTF-8, and has no byte order mark of UTF-16. Save it as UTF-8.',
  ],
  [
    'a control character',
    user('token: a\u0001'),
    'The kubeconfig file FILE is not valid YAML: It holds control characters. Is it a text file?',
  ],
  [
    'a tab that indents',
    changed('    token', '\ttoken'),
    'The kubeconfig file FILE is not valid YAML: Tabs are not allowed as indentation at line 17, column 1.',
  ],
  [
    'YAML 1.2',
    before('%YAML 1.2\n---'),
    'The kubeconfig file FILE is not valid YAML: It asks for YAML 1.2, and kubectl reads 1.1. Take the line %YAML away.',
  ],
  [
    'an empty first document',
    before('---\n---'),
    'There is no Kubernetes configuration: FILE does not exist or is empty. Set KUBECONFIG or --kubeconfig to a kubeconfig file.',
  ],
  ['an alias of nothing', user('token: *nope'), 'The kubeconfig file FILE is not valid YAML: The anchor of the alias *nope is missing.'],
  ['an anchor within itself', `${plain}x: &x [*x]\n`, 'The kubeconfig file FILE is not valid YAML: An anchor stands within what it names.'],
  [
    'a merge of a text',
    user('<<: foo'),
    'The kubeconfig file FILE is not valid YAML: A merge key (<<) stands before something that is not a map.',
  ],
  [
    'a merge of a list in a list',
    user('<<: [[{token: t}]]'),
    'The kubeconfig file FILE is not valid YAML: A merge key (<<) stands before something that is not a map.',
  ],
  [
    'a merge of a list that has a name',
    before('x: &x [{token: t}]').replace('token: t\n', '<<: *x\n'),
    'The kubeconfig file FILE is not valid YAML: A merge key (<<) stands before something that is not a map.',
  ],
  [
    'a merge that leads to itself',
    user('<<: &x [*x]'),
    'The kubeconfig file FILE is not valid YAML: A merge key (<<) stands before something that is not a map.',
  ],
  ['a list as a key', `${plain}? [a]\n: x\n`, 'The kubeconfig file FILE is not valid YAML: A list or a map cannot be a key.'],
  ['infinity', user('token: .inf'), 'The kubeconfig file FILE is not valid YAML: It holds .inf, which JSON does not know.'],
  ['a list', '[1]', 'The file FILE is not a kubeconfig: it holds no clusters, users and contexts.'],
  [
    'another kind',
    changed('kind: Config', 'kind: Pod'),
    'The kubeconfig file FILE cannot be used: It is a Pod of version v1, and not a Config of version v1.',
  ],
  [
    'another version',
    changed('apiVersion: v1', 'apiVersion: v2'),
    'The kubeconfig file FILE cannot be used: It is a Config of version v2, and not a Config of version v1.',
  ],
  [
    'a context named like a number',
    changed('- name: c\n', '- name: 1234\n'),
    'The kubeconfig file FILE cannot be used: contexts[0].name is a number, and must be a text. Put it in quotes.',
  ],
  [
    'a current context like a number',
    changed('current-context: c', 'current-context: 1234'),
    'The kubeconfig file FILE cannot be used: current-context is a number, and must be a text. Put it in quotes.',
  ],
  [
    'a namespace named no',
    changed('namespace: space', 'namespace: no'),
    'The kubeconfig file FILE cannot be used: contexts[0].context.namespace is true or false, and must be a text. Put it in quotes.',
  ],
  ...['12345', '0123', '089', '0o17', '0x1F', '0b11', '1_000', '1.5', '1.', '.5', '1e3', '+1', '!!int "5"'].map(
    (token) =>
      [
        `a token that is the number ${token}`,
        user(`token: ${token}`),
        'The kubeconfig file FILE cannot be used: users[0].user.token is a number, and must be a text. Put it in quotes.',
      ] as const,
  ),
  [
    'a token that is yes',
    user('token: yes'),
    'The kubeconfig file FILE cannot be used: users[0].user.token is true or false, and must be a text. Put it in quotes.',
  ],
  [
    'a token that is a map',
    user('token: {a: b}'),
    'The kubeconfig file FILE cannot be used: users[0].user.token is a map, and must be a text.',
  ],
  [
    'a flag in quotes',
    server('http://127.0.0.1:1\n    insecure-skip-tls-verify: "true"'),
    'The kubeconfig file FILE cannot be used: clusters[0].cluster.insecure-skip-tls-verify is a text, and must be true or false. Take the quotes away.',
  ],
  [
    'a flag that is 1',
    server('http://127.0.0.1:1\n    insecure-skip-tls-verify: 1'),
    'The kubeconfig file FILE cannot be used: clusters[0].cluster.insecure-skip-tls-verify is a number, and must be true or false.',
  ],
  ['clusters as a map', `${plain}clusters: {k: {}}\n`, 'The kubeconfig file FILE cannot be used: clusters is a map, and must be a list.'],
  [
    'a user that is a text',
    changed('  user:\n    token: t\n', '  user: x\n'),
    'The kubeconfig file FILE cannot be used: users[0].user is a text, and must be a map.',
  ],
  [
    'a number in another cluster',
    changed('contexts:', '- name: other\n  cluster: {server: 5}\ncontexts:'),
    'The kubeconfig file FILE cannot be used: clusters[1].cluster.server is a number, and must be a text. Put it in quotes.',
  ],
  [
    'two contexts of one name',
    changed('users:', '- name: c\n  context: {cluster: k}\nusers:'),
    'The kubeconfig file FILE cannot be used: contexts has two entries named c. Take one of them away.',
  ],
  [
    'an authority that is not Base64',
    server("https://127.0.0.1:1\n    certificate-authority-data: '!!!'"),
    'The kubeconfig file FILE cannot be used: clusters[0].cluster.certificate-authority-data is not Base64.',
  ],
  [
    'an authority that is not PEM',
    server('https://127.0.0.1:1\n    certificate-authority-data: aGFsbG8='),
    'The certificate-authority-data of cluster k is not a PEM text in Base64.',
  ],
  [
    'an authority together with insecure',
    server(`https://127.0.0.1:1\n    insecure-skip-tls-verify: true\n    certificate-authority-data: ${ca}`),
    'Cluster k has both a certificate-authority and insecure-skip-tls-verify. Take one of them away: with insecure-skip-tls-verify nobody checks which server answers.',
  ],
  [
    'a token and a password',
    user('token: t\n    username: a\n    password: b'),
    'User u has both a token and a username or password. Take one of them away.',
  ],
  ['a certificate without a key', user(`client-certificate-data: ${ca}`), 'User u has a client-certificate without a client-key.'],
  [
    'groups to act as without a user',
    user('token: t\n    as-groups: [a]'),
    'User u has as-uid, as-groups or as-user-extra without as. Name the user to act as with as.',
  ],
  [
    'groups to act as that are a text',
    user('token: t\n    as: x\n    as-groups: a'),
    'The kubeconfig file FILE cannot be used: users[0].user.as-groups is a text, and must be a list.',
  ],
  [
    'a plug-in and a provider',
    user('exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Never}\n    auth-provider: {name: oidc}'),
    'User u has both an exec plug-in and an auth-provider. Take one of them away.',
  ],
  ['a plug-in without a command', exec('interactiveMode: Never'), 'The exec plug-in of user u names no command.'],
  [
    'a plug-in without a mode',
    exec('command: x'),
    'The exec plug-in of user u names no interactiveMode. Set it to IfAvailable, Always or Never.',
  ],
  [
    'a plug-in with a mode of its own',
    exec('command: x, interactiveMode: Perhaps'),
    'The exec plug-in of user u has the interactiveMode Perhaps, which there is not. Set it to IfAvailable, Always or Never.',
  ],
  [
    'a plug-in with a number as an argument',
    exec('command: x, interactiveMode: Never, args: [1]'),
    'The kubeconfig file FILE cannot be used: users[0].user.exec.args[0] is a number, and must be a text. Put it in quotes.',
  ],
  [
    'a variable without a name',
    exec('command: x, interactiveMode: Never, env: [{value: x}]'),
    'The exec plug-in of user u has an environment variable without a name.',
  ],
  [
    'a provider with a number',
    user('auth-provider: {name: oidc, config: {client-id: 1}}'),
    'The kubeconfig file FILE cannot be used: users[0].user.auth-provider.config.client-id is a number, and must be a text. Put it in quotes.',
  ],
  [
    'a server that is not an address',
    server('unix:///x'),
    'Cluster k has no usable server address (unix:///x). It must look like https://host:6443.',
  ],
];

async function written(content: string | Buffer): Promise<{ readonly file: string; readonly home: string }> {
  const home = await folder();
  const file = join(home, 'config');
  await writeFile(file, content);
  return { file, home };
}

test.each(read)('%s is read as kubectl reads it', async (_, content, expected) => {
  const { file, home } = await written(content);
  const {
    cluster,
    user: { token },
    namespace,
  } = await resolveProfile({ kubeconfig: file, env: {}, home });
  expect({ server: cluster.server, token, namespace, skipTlsVerify: cluster.skipTlsVerify }).toEqual({
    server: 'http://127.0.0.1:1',
    token: 't',
    namespace: 'space',
    skipTlsVerify: false,
    ...expected,
  });
});

test.each(refused)('%s is refused as kubectl refuses it, with a sentence', async (_, content, says) => {
  const { file, home } = await written(content);
  expect((await resolveProfile({ kubeconfig: file, env: {}, home }).then(() => 'it was read', sentence)).replaceAll(file, 'FILE')).toBe(
    says,
  );
});

test('a server without a scheme is not spoken to in the clear if the file says something of TLS, as kubectl would', async () => {
  const { file, home } = await written(server(`127.0.0.1:1\n    certificate-authority-data: ${ca}`));
  expect(await resolveProfile({ kubeconfig: file, env: {}, home }).then(() => 'it was read', sentence)).toBe(
    'The server of cluster k, 127.0.0.1:1, does not say whether it speaks TLS. Write https://127.0.0.1:1.',
  );
});

/** kubectl reads a file if it comes as far as the connection, which nobody accepts, to the server of the file. */
const dials = /The connection to the server 127\.0\.0\.1:1 was refused/;

test
  .skipIf(!hasKubectl)
  .each([
    ...read.map(([name, content]) => [name, content, true] as const),
    ...refused.map(([name, content]) => [name, content, false] as const),
  ])('%s: the kubectl of this machine judges as recorded', async (_, content, reads) => {
  const { file } = await written(content);
  const { stderr } = await kubectl(file, 'get', '--raw', '/x');
  expect({ reads: dials.test(stderr), stderr }).toEqual({ reads, stderr });
});
