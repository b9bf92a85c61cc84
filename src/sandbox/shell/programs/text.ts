import { createHash } from 'node:crypto';
import { DiskProblem, resolved } from '../disk.ts';
import { Input, type Running } from '../input.ts';
import { complain, optionsOf, print, type Process, type Program } from '../program.ts';

/** Programs that read files, or their standard input. */

/** The inputs that the words of a program name; a file that cannot be read is said. `-`, or none: standard input. */
function inputsOf(
  process: Process,
  names: readonly string[],
): { readonly inputs: readonly { readonly name: string; readonly input: Input }[]; readonly code: number } {
  if (names.length === 0) return { inputs: [{ name: '-', input: process.stdin }], code: 0 };
  let code = 0;
  const inputs = names.flatMap((name) => {
    if (name === '-') return [{ name, input: process.stdin }];
    if (name === '/dev/null') return [{ name, input: new Input({ content: Buffer.alloc(0) }) }];
    try {
      return [{ name, input: new Input({ content: process.machine.disk.read(resolved(process.folder, name)) }) }];
    } catch (error) {
      if (!(error instanceof DiskProblem)) throw error;
      complain(process, `${name}: ${error.message}`);
      code = 1;
      return [];
    }
  });
  return { inputs, code };
}

const cat: Program = function* (process) {
  const { inputs, code } = inputsOf(process, optionsOf(process.args).rest);
  for (const { input } of inputs)
    for (let piece = yield* input.some(); piece !== undefined; piece = yield* input.some()) process.stdout(piece);
  return code;
};

/** `-n 5`, `-5` and `-c 100`. */
function countOf(args: readonly string[]): {
  readonly lines: number;
  readonly bytes: number | undefined;
  readonly rest: readonly string[];
} {
  const short = args.find((arg) => /^-\d+$/.test(arg));
  const { values, rest } = optionsOf(
    args.filter((arg) => arg !== short),
    'nc',
  );
  const bytes = values.get('c');
  return { lines: Number(values.get('n') ?? short?.slice(1) ?? 10), bytes: bytes === undefined ? undefined : Number(bytes), rest };
}

const head: Program = function* (process) {
  const { lines, bytes, rest } = countOf(process.args);
  const { inputs, code } = inputsOf(process, rest);
  for (const { input } of inputs) {
    if (bytes === undefined) yield* headLines(process, input, lines);
    else yield* headBytes(process, input, bytes);
  }
  return code;
};

function* headLines({ stdout }: Process, input: Input, lines: number): Running<void> {
  for (let left = lines; left > 0; left -= 1) {
    const line = yield* input.line();
    if (line === undefined) return;
    print(stdout, `${line}\n`);
  }
}

function* headBytes({ stdout }: Process, input: Input, bytes: number): Running<void> {
  for (let left = bytes; left > 0;) {
    const piece = yield* input.some(left);
    if (piece === undefined) return;
    stdout(piece);
    left -= piece.length;
  }
}

const tail: Program = function* (process) {
  const { lines, bytes, rest } = countOf(process.args.map((arg) => arg.replace(/^-n\+/, '-n')));
  if (optionsOf(process.args, 'nc').given.has('f')) complain(process, 'a file is not followed here; drey logs -f follows the log of a pod');
  const { inputs, code } = inputsOf(process, rest);
  for (const { input } of inputs) {
    const content = yield* input.all();
    if (bytes !== undefined) {
      process.stdout(content.subarray(Math.max(0, content.length - bytes)));
      continue;
    }
    const all = linesOf(content);
    print(
      process.stdout,
      all
        .slice(Math.max(0, all.length - lines))
        .map((line) => `${line}\n`)
        .join(''),
    );
  }
  return code;
};

const linesOf = (content: Buffer): readonly string[] => {
  const lines = content.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

const hash = (algorithm: string): Program =>
  function* (process) {
    const { inputs, code } = inputsOf(process, optionsOf(process.args).rest);
    for (const { name, input } of inputs) {
      const sum = createHash(algorithm);
      for (let piece = yield* input.some(); piece !== undefined; piece = yield* input.some()) sum.update(piece);
      print(process.stdout, `${sum.digest('hex')}  ${name}\n`);
    }
    return code;
  };

const base64: Program = function* (process) {
  const { given, values, rest } = optionsOf(process.args, 'w');
  const { inputs, code } = inputsOf(process, rest);
  for (const { input } of inputs) {
    const content = yield* input.all();
    if (given.has('d')) process.stdout(Buffer.from(content.toString('latin1'), 'base64'));
    else {
      const width = Number(values.get('w') ?? 76);
      const text = content.toString('base64');
      print(process.stdout, width === 0 ? text : text.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n'));
    }
  }
  return code;
};

const count: Program = function* (process) {
  const { given, rest } = optionsOf(process.args);
  const { inputs, code } = inputsOf(process, rest);
  const wanted = given.size === 0 ? new Set(['l', 'w', 'c']) : given;
  for (const { name, input } of inputs) {
    const content = yield* input.all();
    const text = content.toString('utf8');
    const numbers = [
      ['l', text.split('\n').length - 1],
      ['w', text.split(/\s+/).filter((word) => word !== '').length],
      ['c', content.length],
    ] as const;
    const shown = numbers
      .filter(([sign]) => wanted.has(sign))
      .map(([, number]) => (wanted.size > 1 ? String(number).padStart(7) : String(number)));
    print(process.stdout, `${shown.join(' ')}${name === '-' ? '' : ` ${name}`}\n`);
  }
  return code;
};

const grep: Program = function* (process) {
  const { given, values, rest } = optionsOf(process.args, 'eABCm');
  const [pattern = '', ...names] = values.has('e') ? [values.get('e') ?? '', ...rest] : rest;
  const { inputs, code } = inputsOf(process, names);
  // What a person types is short, and so is what it looks through.
  const source = given.has('F') ? pattern.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&') : pattern;
  let expression: RegExp;
  try {
    expression = new RegExp(source, given.has('i') ? 'i' : '');
  } catch {
    complain(process, `${pattern} is not a regular expression`);
    return 2;
  }
  let found = 0;
  for (const { name, input } of inputs) {
    const lines = linesOf(yield* input.all());
    const matching = lines.flatMap((line, index) => (expression.test(line) === given.has('v') ? [] : [{ line, number: index + 1 }]));
    found += matching.length;
    if (given.has('q')) continue;
    const before = inputs.length > 1 ? `${name}:` : '';
    if (given.has('c')) print(process.stdout, `${before}${matching.length}\n`);
    else print(process.stdout, matching.map(({ line, number }) => `${before}${given.has('n') ? `${number}:` : ''}${line}\n`).join(''));
  }
  return code !== 0 ? 2 : Number(found === 0);
};

const sort: Program = function* (process) {
  const { given, rest } = optionsOf(process.args, 'kt');
  const { inputs, code } = inputsOf(process, rest);
  const lines: string[] = [];
  for (const { input } of inputs) lines.push(...linesOf(yield* input.all()));
  const byNumber = (a: string, b: string): number => Number.parseFloat(a) - Number.parseFloat(b);
  const sorted = given.has('n') ? lines.toSorted(byNumber) : lines.toSorted();
  const wanted = given.has('u') ? [...new Set(sorted)] : sorted;
  print(process.stdout, (given.has('r') ? wanted.toReversed() : wanted).map((line) => `${line}\n`).join(''));
  return code;
};

const tee: Program = function* (process) {
  const { given, rest } = optionsOf(process.args);
  const { disk } = process.machine;
  const paths = rest.map((name) => resolved(process.folder, name));
  try {
    for (const path of paths) if (!given.has('a') || disk.look(path) === undefined) disk.create(path);
    for (let piece = yield* process.stdin.some(); piece !== undefined; piece = yield* process.stdin.some()) {
      process.stdout(piece);
      for (const path of paths) disk.append(path, piece);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof DiskProblem)) throw error;
    complain(process, `${rest[0]}: ${error.message}`);
    return 1;
  }
};

export const text: readonly (readonly [name: string, program: Program])[] = [
  ['cat', cat],
  ['less', cat],
  ['more', cat],
  ['head', head],
  ['tail', tail],
  ['sha256sum', hash('sha256')],
  ['md5sum', hash('md5')],
  ['base64', base64],
  ['wc', count],
  ['grep', grep],
  ['sort', sort],
  ['tee', tee],
];
