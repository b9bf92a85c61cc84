import { open, type FileHandle } from 'node:fs/promises';
import { formatBytes } from '../support/format.ts';
import { Problem } from '../support/problem.ts';
import { codeOf } from '../http/failures.ts';
import { isNotZip, zipContent, zipEntries, type ZipEntry } from './zip.ts';

/** A fat jar has tens of thousands of classes. Only this many are searched for candidates, and large ones are skipped. */
const mostClasses = 5_000;
const mostClassBytes = 256 * 1024;
/** A manifest with a long class path has a few hundred kilobytes. */
const mostManifestBytes = 8 * 2 ** 20;

/** The facts about a local jar, read before it is uploaded. */
export interface JarFile {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
  /** The entry class that its manifest names. Source: `PackagedProgram`, Flink 2.3: `program-class` before `Main-Class`. */
  readonly mainClass: string | undefined;
}

/**
 * Inspects a jar. Rejects with one sentence for each problem that Flink would only report after the upload: no such file, a folder, not a
 * jar, not an archive. With `entryClass` undefined, also refuses a jar whose manifest names no entry class, and lists the classes that have
 * a `main` method.
 */
export async function inspectJar(path: string, entryClass: string | undefined): Promise<JarFile> {
  if (!path.endsWith('.jar')) throw new Problem('invalid', `${path} is not a jar: its name does not end in .jar.`);
  await using file = await openJar(path);
  const stats = await file.stat();
  if (stats.isDirectory()) throw new Problem('invalid', `${path} is a folder and not a jar.`);
  if (stats.size === 0) throw new Problem('invalid', `The jar ${path} is empty.`);
  try {
    const entries = await zipEntries(file, stats.size);
    const manifest = entries.find((entry) => entry.name.toUpperCase() === 'META-INF/MANIFEST.MF');
    if (manifest !== undefined && manifest.size > mostManifestBytes)
      throw new Problem('invalid', `The manifest of ${path} has ${formatBytes(manifest.size)}: that is not a manifest.`, {
        hint: 'Build or copy it again.',
      });
    const attributes =
      manifest === undefined
        ? new Map<string, string>()
        : manifestAttributes((await zipContent(file, manifest, mostManifestBytes)).toString('utf8'));
    const mainClass = attributes.get('program-class') ?? attributes.get('main-class');
    if (entryClass === undefined && mainClass === undefined) throw noMainClass(path, await candidates(file, entries));
    return { path, size: stats.size, mainClass };
  } catch (error) {
    if (error instanceof Problem) throw error;
    if (isNotZip(error)) {
      throw new Problem('invalid', `${path} is not a jar: it is not a zip archive, or a damaged one.`, {
        hint: 'Build or copy it again.',
        cause: error,
      });
    }
    throw error;
  }
}

async function openJar(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new Problem('not-found', `JAR file does not exist: ${path}.`, { cause: error });
    throw new Problem('forbidden', `The jar ${path} cannot be read (${code ?? 'unknown reason'}).`, { cause: error });
  }
}

function noMainClass(path: string, found: readonly string[]): Problem {
  const sentence = `The manifest of ${path} names no main class.`;
  if (found.length === 0) return new Problem('invalid', sentence, { hint: 'Name one with -c CLASS.' });
  return new Problem('invalid', sentence, {
    hint: `Name one with -c CLASS. Classes with a main method: ${found.slice(0, 5).join(', ')}${found.length > 5 ? ' and more' : ''}.`,
  });
}

/**
 * The main section, with names in lower case. A line that begins with a space continues the previous one. Source: JAR File Specification.
 */
function manifestAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const line of text.replace(/\r\n?/g, '\n').replace(/\n /g, '').split('\n')) {
    if (line === '') break;
    const colon = line.indexOf(':');
    const value = line.slice(colon + 1).trim();
    if (colon > 0 && value !== '') attributes.set(line.slice(0, colon).toLowerCase(), value);
  }
  return attributes;
}

/** Classes whose constant pool holds a method name `main` and its signature: good enough for a suggestion, not for a choice. */
async function candidates(file: FileHandle, entries: readonly ZipEntry[]): Promise<readonly string[]> {
  const classes = entries
    .filter((entry) => entry.name.endsWith('.class') && !entry.name.startsWith('META-INF/') && entry.size <= mostClassBytes)
    .slice(0, mostClasses);
  const found: string[] = [];
  for (const entry of classes) {
    const bytes = await zipContent(file, entry, mostClassBytes);
    if (bytes.includes(mainName) && bytes.includes(mainSignature)) found.push(entry.name.slice(0, -'.class'.length).replaceAll('/', '.'));
  }
  return found.toSorted();
}

/** Constant pool entries: a tag (1 = text), two bytes of length, the text. */
const utf8Constant = (text: string): Buffer => Buffer.concat([Buffer.from([1, 0, text.length]), Buffer.from(text, 'latin1')]);
const mainName = utf8Constant('main');
const mainSignature = utf8Constant('([Ljava/lang/String;)V');
