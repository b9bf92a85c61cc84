import { recordOf, recordsOf, textOf, type ApiObject } from '../api/objects.ts';
import { CONFIG_MAPS, PODS } from '../api/resources.ts';
import type { ObjectReader, ObjectStore } from '../api/store.ts';
import { Disk, type FileEntry, fileOf, type Room, roomyBytes } from '../shell/disk.ts';
import { atOnce, Input } from '../shell/input.ts';
import type { Machine } from '../shell/program.ts';
import { notFound, Shell } from '../shell/shell.ts';
import { ShellState } from '../shell/state.ts';
import type { ContainerLog } from './container-log.ts';
import type { PodLogs } from './pod-logs.ts';

/** The home folder of Flink's user. */
const home = '/opt/flink';
/** Folders of the image in which that user may write. */
const writable: readonly string[] = ['/tmp', home, `${home}/log`, `${home}/usrlib`, `${home}/plugins`, '/flink'];

/** The container of Flink, or the first one. */
function mainContainerOf(pod: ApiObject): string {
  const names = recordsOf(pod['spec'], 'containers').map((container) => textOf(container, 'name') ?? '');
  return names.find((name) => name === 'flink-main-container') ?? names[0] ?? '';
}

export interface PodDisksOptions {
  readonly store: ObjectStore;
  /** Files of volumes that all pods have, by their paths. */
  readonly volumes: () => ReadonlyMap<string, FileEntry>;
  readonly logs: PodLogs;
  readonly now: () => number;
}

/** The file systems of the pods, for as long as they are there. */
export class PodDisks implements Disposable {
  readonly #options: PodDisksOptions;
  readonly #room: Room = { left: roomyBytes };
  readonly #disks = new Map<string, Disk>();
  readonly #unsubscribe: () => void;

  constructor(options: PodDisksOptions) {
    this.#options = options;
    this.#unsubscribe = options.store.subscribe(({ type, resource, object }) => {
      if (type === 'DELETED' && resource === PODS) this.#forget(object.metadata.uid);
    });
  }

  /** `objects`: those that the pod sees through its volumes. */
  of(pod: ApiObject, objects: ObjectReader): Disk {
    const { uid } = pod.metadata;
    const { volumes, logs, now } = this.#options;
    let disk = this.#disks.get(uid);
    if (disk === undefined) {
      const mounted = (): ReadonlyMap<string, FileEntry> =>
        new Map([...imageFiles(objects, pod), ...logFiles(pod, logs.current(uid, mainContainerOf(pod))), ...volumes()]);
      this.#disks.set(uid, (disk = new Disk({ mounted, writable, room: this.#room, now })));
    }
    return disk;
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }

  #forget(uid: string): void {
    this.#disks.get(uid)?.clear();
    this.#disks.delete(uid);
  }
}

/** The container of Flink as a machine. `terminal`: what a terminal on it has. */
export function machineOf(pod: ApiObject, disk: Disk, now: () => number, terminal?: Pick<Machine, 'size'>): Machine {
  const prompt = (folder: string): string => `flink@${pod.metadata.name}:${folder === home ? '~' : folder}$ `;
  return {
    disk,
    environment: environmentOf(pod),
    now,
    size: terminal?.size ?? (() => undefined),
    prompt: terminal === undefined ? undefined : prompt,
  };
}

/** A shell in its home folder. */
export function shellOn(machine: Machine): Shell {
  const state = new ShellState({ name: 'sh', positional: [], folder: home, variables: new Map(machine.environment), functions: new Map() });
  return new Shell(machine, state);
}

/** Undefined: there is a program of this name. Otherwise what the container runtime says. */
export function lackOf(shell: Shell, program: string): string | undefined {
  if (shell.knows(program)) return undefined;
  return `exec: "${program}": executable file not found in $PATH\n`;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs a command in an init container: nothing is typed, nothing is waited for, and its files go with it. */
export function runInPod(objects: ObjectReader, pod: ApiObject, command: readonly string[], now: number): Output {
  const disk = new Disk({ mounted: () => imageFiles(objects, pod), writable, room: { left: roomyBytes }, now: () => now });
  const shell = shellOn(machineOf(pod, disk, () => now));
  const lack = lackOf(shell, command[0] ?? '');
  if (lack !== undefined) return { stdout: '', stderr: lack, exitCode: notFound };
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  const exitCode = atOnce(
    shell.whole(command, {
      stdin: new Input({ content: Buffer.alloc(0) }),
      stdout: (piece) => void stdout.push(Buffer.from(piece)),
      stderr: (piece) => void stderr.push(Buffer.from(piece)),
    }),
  );
  return { stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8'), exitCode };
}

function environmentOf(pod: ApiObject): ReadonlyMap<string, string> {
  const own = recordsOf(recordsOf(pod['spec'], 'containers')[0], 'env').map((entry): readonly [string, string] => {
    const value = textOf(entry, 'value') ?? fieldValue(pod, textOf(recordOf(recordOf(entry, 'valueFrom'), 'fieldRef'), 'fieldPath') ?? '');
    return [String(entry['name']), value];
  });
  return new Map([
    ['PATH', '/opt/flink/bin:/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['HOSTNAME', pod.metadata.name],
    ['FLINK_HOME', home],
    ['JAVA_HOME', '/opt/java/openjdk'],
    ...own,
    ['HOME', home],
  ]);
}

function fieldValue(pod: ApiObject, path: string): string {
  let found: unknown = pod;
  for (const part of path.split('.'))
    found = typeof found === 'object' && found !== null ? (found as Readonly<Record<string, unknown>>)[part] : undefined;
  return found === undefined ? '' : String(found);
}

/** Files of the image, and the configuration from its ConfigMap. */
function imageFiles(objects: ObjectReader, pod: ApiObject): ReadonlyMap<string, FileEntry> {
  const startedAt = Date.parse(pod.metadata.creationTimestamp ?? '') || 0;
  const files = new Map([
    ['/etc/hostname', fileOf(`${pod.metadata.name}\n`, startedAt)],
    [`${home}/LICENSE`, fileOf('Apache License, Version 2.0\n', 0)],
    [`${home}/bin/flink`, fileOf('#!/usr/bin/env bash\n', 0, 0o755)],
    [`${home}/lib/flink-dist-2.3.0.jar`, fileOf('', 0)],
  ]);
  const volume = recordsOf(pod['spec'], 'volumes').find((one) => one['name'] === 'flink-config-volume');
  const map = objects.get(CONFIG_MAPS, pod.metadata.namespace, textOf(recordOf(volume, 'configMap'), 'name') ?? '');
  for (const [name, text] of Object.entries(recordOf(map, 'data'))) files.set(`${home}/conf/${name}`, fileOf(String(text), startedAt));
  return files;
}

/** The log file of the process, named as `bin/flink-console.sh` names it: it has what the container wrote. */
function logFiles(pod: ApiObject, log: ContainerLog | undefined): ReadonlyMap<string, FileEntry> {
  const kind = { jobmanager: 'kubernetes-session', taskmanager: 'kubernetes-taskmanager' }[pod.metadata.labels?.['component'] ?? ''];
  if (kind === undefined || log === undefined) return new Map();
  const text = (): Buffer =>
    Buffer.from(
      log
        .entries()
        .map((entry) => `${entry.text}\n`)
        .join(''),
    );
  const content = {
    get bytes() {
      return text().length;
    },
    read: text,
  };
  const at = log.entries().at(-1)?.at ?? 0;
  return new Map([[`${home}/log/flink--${kind}-0-${pod.metadata.name}.log`, { kind: 'file', content, mode: 0o644, at, fixed: true }]]);
}
