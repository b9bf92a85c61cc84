import { recordOf, recordsOf, textOf, type ApiObject } from '../api/objects.ts';
import { CONFIG_MAPS } from '../api/resources.ts';
import type { ObjectReader } from '../api/store.ts';

/** The exit code of a shell for a program that it does not find. */
export const NOT_FOUND = 127;

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The few commands that people try in a container: env, ls, cat, echo, pwd, hostname, id, date, true, false, exit. */
export function runInPod(objects: ObjectReader, pod: ApiObject, command: readonly string[]): Output {
  const [program = '', ...args] = command;
  if (isShell(program) && args[0] === '-c') return runScript(objects, pod, args[1] ?? '');
  const ok = (stdout: string): Output => ({ stdout, stderr: '', exitCode: 0 });
  const files = filesOf(objects, pod);
  switch (program.split('/').at(-1)) {
    case 'env':
    case 'printenv':
      return ok(`${environment(pod).join('\n')}\n`);
    case 'echo':
      return ok(`${args.join(' ')}\n`);
    case 'pwd':
      return ok('/opt/flink\n');
    case 'hostname':
      return ok(`${pod.metadata.name}\n`);
    case 'id':
      return ok('uid=9999(flink) gid=9999(flink) groups=9999(flink)\n');
    case 'date':
      return ok(`${new Date().toUTCString()}\n`);
    case 'true':
      return ok('');
    case 'false':
      return { stdout: '', stderr: '', exitCode: 1 };
    case 'exit':
      return { stdout: '', stderr: '', exitCode: Number(args[0] ?? '0') };
    case 'ls':
      return list(files, args.find((arg) => !arg.startsWith('-')) ?? '/opt/flink');
    case 'cat': {
      const missing = args.filter((path) => !files.has(path));
      return {
        stdout: args.map((path) => files.get(path) ?? '').join(''),
        stderr: missing.map((path) => `cat: ${path}: No such file or directory\n`).join(''),
        exitCode: missing.length === 0 ? 0 : 1,
      };
    }
    default:
      return { stdout: '', stderr: `exec: "${program}": executable file not found in $PATH\n`, exitCode: NOT_FOUND };
  }
}

/** A shell that reads lines: by its name, or by a script that becomes one. */
export const opensShell = ([program = '', option, script = '']: readonly string[]): boolean =>
  isShell(program) && (option === undefined || (option === '-c' && /\bexec (?:ba)?sh\b/.test(script)));

export const isShell = (program: string): boolean => /(^|\/)(ba)?sh$/.test(program);

/** `a; b && c`: one after the other; `exit` ends the script. */
export function runScript(objects: ObjectReader, pod: ApiObject, script: string): Output {
  let stdout = '';
  let stderr = '';
  let exitCode = 0;
  for (const [, joint = ';', text = ''] of script.matchAll(/(^|;|&&|\n)\s*((?:(?!;|&&|\n).)+)/g)) {
    if (joint === '&&' && exitCode !== 0) continue;
    const words = wordsOf(text);
    const redirected = words.includes('>&2') || words.includes('1>&2');
    const output = runInPod(
      objects,
      pod,
      words.filter((word) => word !== '>&2' && word !== '1>&2'),
    );
    stdout += redirected ? '' : output.stdout;
    stderr += redirected ? output.stdout + output.stderr : output.stderr;
    exitCode = output.exitCode;
    if (words[0] === 'exit') break;
  }
  return { stdout, stderr, exitCode };
}

const wordsOf = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');

function environment(pod: ApiObject): string[] {
  const own = recordsOf(recordsOf(pod['spec'], 'containers')[0], 'env').map((entry) => {
    const value = textOf(entry, 'value') ?? fieldValue(pod, textOf(recordOf(recordOf(entry, 'valueFrom'), 'fieldRef'), 'fieldPath') ?? '');
    return `${String(entry['name'])}=${value}`;
  });
  return [
    'PATH=/opt/flink/bin:/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `HOSTNAME=${pod.metadata.name}`,
    'FLINK_HOME=/opt/flink',
    'JAVA_HOME=/opt/java/openjdk',
    ...own,
    'HOME=/opt/flink',
  ];
}

function fieldValue(pod: ApiObject, path: string): string {
  let found: unknown = pod;
  for (const part of path.split('.'))
    found = typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>)[part] : undefined;
  return found === undefined ? '' : String(found);
}

function filesOf(objects: ObjectReader, pod: ApiObject): ReadonlyMap<string, string> {
  const files = new Map([
    ['/etc/hostname', `${pod.metadata.name}\n`],
    ['/opt/flink/LICENSE', 'Apache License, Version 2.0\n'],
    ['/opt/flink/bin/flink', '#!/usr/bin/env bash\n'],
    ['/opt/flink/lib/flink-dist-2.3.0.jar', ''],
  ]);
  const volume = recordsOf(pod['spec'], 'volumes').find((one) => one['name'] === 'flink-config-volume');
  const map = objects.get(CONFIG_MAPS, pod.metadata.namespace, textOf(recordOf(volume, 'configMap'), 'name') ?? '');
  for (const [name, text] of Object.entries(recordOf(map, 'data'))) files.set(`/opt/flink/conf/${name}`, String(text));
  return files;
}

function list(files: ReadonlyMap<string, string>, path: string): Output {
  const folder = path.replace(/\/$/, '');
  const below = [...files.keys()]
    .filter((name) => name.startsWith(`${folder}/`))
    .map((name) => name.slice(folder.length + 1).split('/')[0] ?? '');
  if (below.length === 0 && files.has(path)) return { stdout: `${path}\n`, stderr: '', exitCode: 0 };
  if (below.length === 0) return { stdout: '', stderr: `ls: cannot access '${path}': No such file or directory\n`, exitCode: 2 };
  return { stdout: `${[...new Set(below)].sort().join('\n')}\n`, stderr: '', exitCode: 0 };
}
