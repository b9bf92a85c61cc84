import { describe, expect, test } from 'vitest';
import { type Invocation, parseInvocation } from '../../src/cli/command-line/invocation.ts';
import { catalogue } from '../../src/commands/catalogue.ts';

const parse = (words: readonly string[]): Promise<Invocation> => parseInvocation(words, '0');

const refusal = async (words: readonly string[]): Promise<string> => {
  try {
    await parse(words);
  } catch (error) {
    const { kind, message, hint } = error as { kind?: string; message: string; hint?: string };
    return `${kind}: ${message}${hint === undefined ? '' : ` ${hint}`}`;
  }
  return 'understood';
};

/** What is understood, or the sentence that refuses it. */
const meaning = async (words: readonly string[]): Promise<unknown> => {
  const refused = await refusal(words);
  return refused === 'understood' ? parse(words) : refused;
};

/** Every command, as few words as it takes; `at` words belong to its name. */
const commands: readonly (readonly [words: readonly string[], name: number])[] = [
  [['attach', 'c1'], 1],
  [['clusters'], 1],
  [['pods', 'c1'], 1],
  [['jobs', 'c1'], 1],
  [['list', 'c1'], 1],
  [['operations', 'c1'], 1],
  [['web', 'c1'], 1],
  [['sandbox'], 1],
  [['submit', 'c1', 'job.jar'], 1],
  [['cancel', 'c1', 'job'], 1],
  [['stop-job', 'c1', 'job'], 1],
  [['savepoint', 'c1', 'job'], 1],
  [['checkpoint', 'c1', 'job'], 1],
  [['dispose', 'c1', 's3://a/b'], 1],
  [['jars', 'c1'], 1],
  [['describe', 'c1', 'jm'], 1],
  [['why', 'c1'], 1],
  [['deploy', 'session', 'c1'], 2],
  [['deploy', 'application', 'local:///a.jar'], 2],
  [['kill', 'c1'], 1],
  [['diff', 'c1'], 1],
  [['doctor'], 1],
];
const shared: readonly (readonly string[])[] = [
  ['-n', 'flink'],
  ['--namespace', 'flink'],
  ['-n=flink'],
  ['--context', 'staging'],
  ['--context=staging'],
  ['--kubeconfig', '/k'],
  ['-Dkubernetes.namespace=flink'],
  ['-D', 'rest.port=1'],
  ['--flink-version', '1.20'],
  ['--trace', '/t'],
  ['--read-only'],
  ['--plain'],
  ['--ascii'],
  ['--no-motion'],
  ['--theme', 'mono'],
  ['-o', 'json'],
  ['-o=json'],
  ['--output=yaml'],
  ['-A'],
  ['--timeout', '90s'],
  ['-w'],
  ['-y'],
  ['--exit-code'],
];

/** Behind how many words of a command line an option may stand as well; `understood`: it may stand before them all. */
function placesFor(option: readonly string[], words: readonly string[], name: number, understood: boolean): readonly number[] {
  // The words behind a jar are the program's, and -D behind the one of `submit` the job's.
  const own = words[1] === 'application' || (words[0] === 'submit' && option[1] === 'rest.port=1');
  // Where it is refused between the two words of a name, it may be with another sentence.
  return [...(name === 2 && understood ? [1] : []), name, ...(own ? [] : [words.length])];
}

describe.each(shared.map((option) => ({ option, line: option.join(' ') })))(
  '$line means the same before and after the command',
  ({ option }) => {
    test.each(commands.map(([words, name]) => ({ words, name, line: words.join(' ') })))('drey $line', async ({ words, name }) => {
      const before = await meaning([...option, ...words]);
      for (const place of placesFor(option, words, name, typeof before === 'object'))
        expect(await meaning([...words.slice(0, place), ...option, ...words.slice(place)])).toEqual(before);
    });
  },
);

test.each(commands.filter(([[name]]) => name !== 'sandbox').map(([words]) => ({ words, line: words.join(' ') })))(
  'drey $line goes to the context, the namespace and the file that are named before it',
  async ({ words }) => {
    const { connection } = (await parse([
      '--context',
      'staging',
      '-n',
      'flink',
      '--kubeconfig',
      '/k',
      '-Dx=1',
      '--trace',
      '/t',
      '--flink-version',
      '1.20',
      ...words,
    ])) as Extract<Invocation, { connection: unknown }>;
    expect(connection).toMatchObject({
      context: 'staging',
      namespace: 'flink',
      kubeconfig: '/k',
      properties: { x: '1' },
      trace: '/t',
      flinkVersion: '1.20',
    });
  },
);

test('an option that is given twice is an error unless it says the same; -D adds up', async () => {
  expect(await refusal(['--context', 'prod', 'kill', 'c1', '--context', 'staging'])).toBe(
    'usage: --context is given twice, with prod and staging. Give it once.',
  );
  expect(await refusal(['kill', 'c1', '-n', 'a', '--namespace=b'])).toBe('usage: --namespace is given twice, with a and b. Give it once.');
  expect(await refusal(['-n', 'a', 'savepoint', 'c1', 'job', '-n', 'b'])).toBe(
    'usage: --namespace is given twice, with a and b. Give it once.',
  );
  expect(await refusal(['deploy', '-n', 'a', 'session', '-n', 'b'])).toBe('usage: --namespace is given twice, with a and b. Give it once.');
  expect(await refusal(['-Dkubernetes.namespace=a', 'diff', 'c1', '-Dkubernetes.namespace=b'])).toBe(
    'usage: -Dkubernetes.namespace is given twice, with a and b. Give it once.',
  );
  expect(await parse(['-n', 'a', 'kill', 'c1', '-n', 'a'])).toMatchObject({ connection: { namespace: 'a' } });
  expect(await parse(['-Da=1', '-Db=1', 'deploy', '-Db=2', 'session', '-Dc=3', '-Dc=4'])).toMatchObject({
    connection: { properties: { a: '1', b: '2', c: '4' } },
  });
});

test.each([
  [
    ['kill', 'c1', '-n', 'a', '-Dkubernetes.namespace=b'],
    'usage: -n a and -Dkubernetes.namespace=b contradict each other. Give one of them.',
  ],
  [
    ['pods', 'c1', '--context', 'a', '-Dkubernetes.context=b'],
    'usage: --context a and -Dkubernetes.context=b contradict each other. Give one of them.',
  ],
  [
    ['kill', 'c1', '-Dkubernetes.cluster-id=c2'],
    'usage: Cluster c1 and -Dkubernetes.cluster-id=c2 contradict each other. Give one of them.',
  ],
  [
    ['attach', 'c1', '-Dkubernetes.cluster-id=c2'],
    'usage: Cluster c1 and -Dkubernetes.cluster-id=c2 contradict each other. Give one of them.',
  ],
  [
    ['savepoint', 'c1', 'job', '-Dkubernetes.cluster-id=c2'],
    'usage: Cluster c1 and -Dkubernetes.cluster-id=c2 contradict each other. Give one of them.',
  ],
  [
    ['attach', '--sandbox', '--context', 'prod'],
    'usage: The sandbox is a cluster of its own: --context names another place. Leave out one of them.',
  ],
  [['attach', 'c1', '-A'], 'usage: attach CLUSTER does not take --all-namespaces. Name the namespace with -n.'],
  [['--read-only', 'kill', 'c1'], 'usage: drey kill changes the cluster, and --read-only is given. drey kill --help shows the options.'],
  [
    ['deploy', 'session', '--read-only'],
    'usage: drey deploy session changes the cluster, and --read-only is given. drey deploy session --help shows the options.',
  ],
])('drey %j would go to one of two places, and goes to none', async (words, sentence) => {
  expect(await refusal(words)).toBe(sentence);
});

test('the cluster can be named with -Dkubernetes.cluster-id', async () => {
  for (const name of ['attach', 'pods', 'jobs', 'web', 'why', 'kill', 'diff'])
    expect(await parse([name, '-Dkubernetes.cluster-id=c2'])).toMatchObject({ clusterId: 'c2' });
});

test('options of a command and of every command can be mixed', async () => {
  expect(
    await parse(['stop-job', '--drain', 'c1', '--context', 'x', 'job', '--savepoint-dir', 's3://a', '-o=json', '--timeout=90s']),
  ).toMatchObject({
    clusterId: 'c1',
    words: ['stop-job', '--drain', 'job', '--savepoint-dir', 's3://a'],
    format: 'json',
    timeoutMs: 90_000,
    connection: { context: 'x' },
  });
  expect(
    await parse([
      'submit',
      '-Drest.port=1',
      'c1',
      'job.jar',
      '-n',
      'flink',
      '-Da=b',
      '-Dkubernetes.context=x',
      '--',
      '--context',
      'y',
      '-n',
    ]),
  ).toMatchObject({
    clusterId: 'c1',
    words: ['submit', 'job.jar', '-Da=b', '--', '--context', 'y', '-n'],
    connection: { namespace: 'flink', properties: { 'rest.port': '1', 'kubernetes.context': 'x' } },
  });
  expect(await parse(['deploy', 'application', '--wait', '-n', 'flink', 'local:///a.jar', '--wait', '-n', 'x'])).toMatchObject({
    waitMs: 600_000,
    program: { arguments: ['--wait', '-n', 'x'] },
    connection: { namespace: 'flink' },
  });
});

test('the arguments of a program reach it as they were typed', async () => {
  const given = ['--wait', '--', '-n', '--wait=5', '-h', ''];
  expect(await parse(['submit', 'c1', 'job.jar', '--', ...given])).toMatchObject({ words: ['submit', 'job.jar', '--', ...given] });
  expect(await parse(['deploy', 'application', 'local:///a.jar', ...given])).toMatchObject({
    program: { arguments: given },
    waitMs: undefined,
  });
});

test.each([
  [['bogus'], 'usage: drey has no command "bogus". drey --help shows the commands; drey attach CLUSTER attaches to a cluster.'],
  [['podz'], 'usage: drey has no command "podz". Did you mean pods? drey --help shows the commands.'],
  [['kil', 'c1'], 'usage: drey has no command "kil". drey --help shows the commands; drey attach CLUSTER attaches to a cluster.'],
  [['help', 'nosuch'], 'usage: drey has no command "nosuch". drey --help shows the commands; drey attach CLUSTER attaches to a cluster.'],
  [['--bogus'], 'usage: drey has no option --bogus. drey --help shows the options.'],
  [['pods', '--contex', 'x'], 'usage: pods has no option --contex. Did you mean --context? drey pods --help shows the options.'],
  [['savepoint', 'c1', 'job', '--bogus'], 'usage: savepoint has no option --bogus. drey savepoint --help shows the options.'],
  [['attach', 'a', 'b'], 'usage: attach does not take "b". drey attach --help shows the options.'],
  [['pods', '-o', 'xml'], 'usage: -o takes text, wide, json, yaml, name, not xml.'],
  [['pods', '-n'], 'usage: --namespace needs a value. drey pods --help shows the options.'],
  [['savepoint', 'c1', 'job', '-n'], 'usage: --namespace needs a value. drey savepoint --help shows the options.'],
  [['attach', '--sandbox', '--theme', 'pink'], 'usage: --theme takes dark, light, high-contrast, mono, not pink.'],
  [['sandbox', '--port', '99999'], 'usage: A port is a number from 0 to 65535; 99999 is not one.'],
  [['savepoint', 'c1', 'job', '--timeout', 'soon'], 'usage: A duration is a number with ms, s, m or h, e.g. 90s; soon is not one.'],
  [['savepoint'], 'usage: savepoint needs the cluster id, then the rest. Usage: drey savepoint CLUSTER JOB... [--native]'],
  [['submit', 'c1', 'job.jar', '-n', '-p', '4'], 'usage: --namespace needs a value. drey submit --help shows the options.'],
  [['describe', 'c1'], 'usage: describe needs JOB|POD: Name of a pod, or id or name of a job. Usage: drey describe CLUSTER JOB|POD'],
  [['checkpoint', 'c1', 'job', 'now'], 'usage: checkpoint does not take "now". Usage: drey checkpoint CLUSTER JOB [--full]'],
  [['kill'], 'usage: kill needs the cluster id. Usage: drey kill CLUSTER. drey clusters lists them.'],
  [['deploy'], 'usage: drey deploy needs one of session, application. drey deploy --help shows the options.'],
  [['-o', 'json'], 'usage: --output is for commands that take it, and no command is given. drey --help shows the options.'],
])('drey %j is refused in one sentence, with exit code 2', async (words, sentence) => {
  expect(await refusal(words)).toBe(sentence);
});

describe.each(commands.map(([words, name]) => ({ words, command: words.slice(0, name).join(' ') })))(
  'drey $command',
  ({ words, command }) => {
    test('says that it has no such option, and where its options are', async () => {
      expect(await refusal([...command.split(' '), '--bogus', ...words.slice(command.split(' ').length)])).toMatch(
        new RegExp(
          `^usage: (?:drey )?${command.replace('list', '(?:list|jobs)')} has no option --bogus\\. drey \\S+(?: session| application)? --help shows the options\\.$`,
        ),
      );
    });

    test('alone is understood, or names what it needs and how it is called', async () => {
      expect(await refusal(command.split(' '))).toMatch(
        /^(?:understood|usage: .+ needs .+\. (?:Usage: drey .+|drey .+ --help shows the options\.))$/,
      );
    });
  },
);

test.each<[string, readonly string[]]>([
  [
    'submit',
    [
      '-c, --class <CLASS>',
      '-p, --parallelism <N>',
      '-s, --from-savepoint <SAVEPOINT>',
      '--allow-non-restored-state',
      '-D <key=value>',
      '[-- ARGS...]',
    ],
  ],
  ['savepoint', ['--native', 'JOB', 'CLUSTER', '--timeout <duration>', '--context <name>']],
  ['stop-job', ['--drain', '--savepoint-dir <DIR>']],
  ['checkpoint', ['--full']],
  ['deploy', ['session', 'application', '--wait']],
  ['pods', ['--watch', '--output']],
])('drey %s --help shows its own options, wherever it is asked for', async (name, options) => {
  const text = (await parse([name, '--help'])) as Extract<Invocation, { kind: 'text' }>;
  for (const option of options) expect(text.text).toContain(option);
  expect(await parse(['help', name])).toEqual(text);
});

test.each(['submit', 'savepoint', 'stop-job', 'checkpoint', 'pods'])('drey %s CLUSTER --help shows its help as well', async (name) => {
  expect(await parse([name, 'c1', '--help'])).toEqual(await parse([name, '--help']));
});

test.each([
  [],
  ['attach'],
  ['clusters'],
  ['pods'],
  ['operations'],
  ['web'],
  ['kill'],
  ['deploy', 'session'],
  ['deploy', 'application'],
  ['sandbox'],
  ['submit'],
  ['why'],
])('each option and argument in the help of drey %s %s begins with a capital letter', async (...name) => {
  const text = ((await parse([...name, '--help'])) as Extract<Invocation, { kind: 'text' }>).text;
  const parts = /^(?:Arguments|Options):\n(?:(?: .*)?\n?(?!\n))+/gm;
  const summaries = [...text.matchAll(parts)].flatMap(([part]) =>
    [...part.matchAll(/^ {2}\S.*? {2,}(\S.*)/gm)].map(([, summary]) => summary),
  );
  expect(summaries).not.toHaveLength(0);
  expect(summaries.filter((summary) => /^[a-z]/.test(summary ?? ''))).toEqual([]);
});

describe('a command of the catalogue', () => {
  const shown = async (words: readonly string[]) => ((await parse(words)) as Extract<Invocation, { kind: 'text' }>).text;
  const named = catalogue.flatMap((entry) => [entry.name, ...entry.aliases].map((name) => ({ name, entry })));

  test.each(named.filter(({ entry }) => entry.shell !== undefined))(
    '$name, is run by a shell as well, with its own help',
    async ({ name, entry }) => {
      // A long sentence is broken into lines.
      expect((await shown([name, '--help'])).replace(/\n/g, ' ')).toContain(entry.shell?.summary ?? entry.summary);
      expect(await shown(['help', name])).toBe(await shown([name, '--help']));
    },
  );

  test.each(named.filter(({ entry }) => entry.shell === undefined && entry.name !== 'help'))(
    '$name, is for a session only',
    async ({ name }) => {
      expect(await refusal([name])).toContain(`drey has no command "${name}".`);
    },
  );

  test('is in drey --help in the order of the catalogue, with what it takes', async () => {
    const lines = (await shown(['--help'])).split('\n').map((line) => line.trim());
    const begins = (start: string) => lines.findIndex((line) => line.startsWith(start));
    const found = [
      'why [cluster] [job|pod]',
      'web [cluster]',
      'jobs|list [cluster] [job]',
      'submit <cluster> <jar> [args]',
      'pods|pod [cluster] [pod]',
    ].map(begins);
    expect(found).toEqual(found.filter((at) => at > 0).toSorted((a, b) => a - b));
  });

  test('that was mistyped is suggested; one that is confirmed first only for an obvious slip', async () => {
    expect(await refusal(['savepont', 'c1'])).toContain('Did you mean savepoint?');
    expect(await refusal(['cancl', 'c1'])).toContain('Did you mean cancel?');
    expect(await refusal(['cancx', 'c1'])).not.toContain('Did you mean');
  });
});
