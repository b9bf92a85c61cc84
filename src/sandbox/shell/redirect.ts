import { DiskProblem, resolved } from './disk.ts';
import { textOf, type Values } from './expand.ts';
import { Input, type Running } from './input.ts';
import type { Streams } from './program.ts';
import type { Redirection } from './syntax.ts';

/** The streams of a command. Throws a `DiskProblem` if a file cannot be opened or created. */
export function* redirected(redirections: readonly Redirection[], given: Streams, values: Values): Running<Streams> {
  let streams = given;
  for (const { stream, how, target } of redirections) {
    const name = yield* textOf(target, values);
    if (how === '<') streams = { ...streams, stdin: opened(name, values) };
    else {
      const write = how === '>&' ? (name === '2' ? streams.stderr : streams.stdout) : written(name, how === '>>', values);
      streams = { ...streams, [stream === 2 ? 'stderr' : 'stdout']: write };
    }
  }
  return streams;
}

function opened(name: string, { disk, folder }: Values): Input {
  if (name === '/dev/null') return new Input({ content: Buffer.alloc(0) });
  try {
    return new Input({ content: disk.read(resolved(folder, name)) });
  } catch (error) {
    throw explained(error, 'open', name);
  }
}

function written(name: string, appends: boolean, { disk, folder }: Values): Streams['stdout'] {
  if (name === '/dev/null') return () => undefined;
  const path = resolved(folder, name);
  try {
    if (!appends || disk.look(path) === undefined) disk.create(path);
  } catch (error) {
    throw explained(error, 'create', name);
  }
  return (piece) => disk.append(path, piece);
}

/** As the shell says it: `cannot create /no/f: Directory nonexistent`. */
function explained(error: unknown, what: 'open' | 'create', name: string): unknown {
  if (!(error instanceof DiskProblem)) return error;
  const missing = { open: 'No such file', create: 'Directory nonexistent' }[what];
  return new DiskProblem(`cannot ${what} ${name}: ${error.message === 'No such file or directory' ? missing : error.message}`);
}
