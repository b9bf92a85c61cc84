import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';

export interface Jar {
  /** `<uuid>_<name>`. */
  readonly id: string;
  readonly name: string;
  readonly uploadedAt: number;
  readonly size: number;
  /** `Main-Class` of the manifest; empty if the file is not an archive or names none. */
  readonly entryClasses: readonly string[];
  readonly archive: boolean;
  /** Paths in the archive. */
  readonly entries: ReadonlySet<string>;
}

/** Where uploads claim to be stored. */
export const UPLOAD_FOLDER = '/tmp/flink-web-9bf18ed8-55fe-4a16-bef6-e575f87b54c3/flink-web-upload';

/** The uploaded jars of one JobManager process. Their bytes are dropped once the manifest has been read. */
export interface JarStore {
  /** Newest first. */
  list(): readonly Jar[];
  find(id: string): Jar | undefined;
  add(name: string, size: number, content: Pick<Jar, 'archive' | 'entryClasses' | 'entries'>): Jar;
  remove(id: string): boolean;
}

export function jarStore({ clock, random }: { readonly clock: SandboxClock; readonly random: Random }): JarStore {
  let jars: readonly Jar[] = [];
  return {
    list: () => jars,
    find: (id) => jars.find((jar) => jar.id === id),
    add(name, size, content) {
      const jar: Jar = {
        id: `${random.uuid()}_${name}`,
        name,
        uploadedAt: clock.now(),
        size,
        archive: content.archive,
        entryClasses: content.entryClasses,
        entries: content.entries,
      };
      jars = [jar, ...jars];
      return jar;
    },
    remove(id) {
      const before = jars.length;
      jars = jars.filter((jar) => jar.id !== id);
      return jars.length < before;
    },
  };
}
