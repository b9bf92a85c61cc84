import { print, type Program } from '../program.ts';

/** Programs that tell of the container, or that only wait, print or end. */

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');

const echo: Program = ({ args, stdout }) => {
  const [first, ...rest] = args;
  print(stdout, first === '-n' ? rest.join(' ') : `${args.join(' ')}\n`);
  return 0;
};

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', a: '\u0007', e: '\u001b' };

/** The format is used again for words that are left. */
const printf: Program = ({ args, stdout }) => {
  const [format = '', ...words] = args;
  const once = (): string =>
    format.replace(
      /\\([ntr\\ae])|%(-?\d*)([sdc%])/g,
      (_, escape: string | undefined, width: string | undefined, sign: string | undefined) => {
        if (escape !== undefined) return escapes[escape] ?? '';
        if (sign === '%') return '%';
        const word = words.shift() ?? (sign === 'd' ? '0' : '');
        const columns = Number(width ?? 0);
        return columns < 0 ? word.padEnd(-columns) : word.padStart(columns);
      },
    );
  print(stdout, once());
  for (let left = words.length; left > 0; left = words.length) {
    print(stdout, once());
    if (words.length === left) break;
  }
  return 0;
};

const env: Program = ({ args, variables, machine, stdout }) => {
  const shown = [...machine.environment.keys(), ...[...variables.keys()].filter((name) => !machine.environment.has(name))];
  const [name] = args;
  if (name === undefined) print(stdout, lines(shown.map((each) => `${each}=${variables.get(each) ?? ''}`)));
  else if (variables.has(name)) print(stdout, `${variables.get(name)}\n`);
  else return 1;
  return 0;
};

const date: Program = ({ args, machine, stdout }) => {
  const time = new Date(machine.now());
  const format = args.find((arg) => arg.startsWith('+'));
  if (format === undefined) print(stdout, `${time.toUTCString()}\n`);
  else {
    const iso = time.toISOString();
    const values: Readonly<Record<string, string>> = {
      s: String(Math.floor(time.getTime() / 1_000)),
      F: iso.slice(0, 10),
      T: iso.slice(11, 19),
      Y: iso.slice(0, 4),
      m: iso.slice(5, 7),
      d: iso.slice(8, 10),
      H: iso.slice(11, 13),
      M: iso.slice(14, 16),
      S: iso.slice(17, 19),
    };
    print(stdout, `${format.slice(1).replace(/%([a-zA-Z])/g, (whole, sign: string) => values[sign] ?? whole)}\n`);
  }
  return 0;
};

const sleep: Program = function* ({ args }) {
  const seconds = args.reduce((sum, arg) => sum + Number.parseFloat(arg), 0);
  yield { kind: 'time', ms: Number.isFinite(seconds) ? seconds * 1_000 : 0 };
  return 0;
};

const size: Program = ({ args, machine, stdout, stderr }) => {
  const now = machine.size();
  if (args[0] === 'size' && now !== undefined) {
    print(stdout, `${now.join(' ')}\n`);
    return 0;
  }
  print(stderr, "stty: 'standard input': Inappropriate ioctl for device\n");
  return 1;
};

const says =
  (text: (surroundings: Parameters<Program>[0]) => string): Program =>
  (process) => {
    print(process.stdout, `${text(process)}\n`);
    return 0;
  };

const ends =
  (code: number): Program =>
  () => {
    return code;
  };

export const surroundings: readonly (readonly [name: string, program: Program])[] = [
  ['echo', echo],
  ['printf', printf],
  ['env', env],
  ['printenv', env],
  ['date', date],
  ['sleep', sleep],
  ['stty', size],
  ['pwd', says(({ folder }) => folder)],
  ['hostname', says(({ variables }) => variables.get('HOSTNAME') ?? 'localhost')],
  ['whoami', says(() => 'flink')],
  ['id', says(() => 'uid=9999(flink) gid=9999(flink) groups=9999(flink)')],
  ['uname', says(() => 'Linux')],
  ['nproc', says(() => '2')],
  ['true', ends(0)],
  ['false', ends(1)],
];
