import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';

/** A package that is at least partly in the bundle, with the texts that its licence requires. */
interface BundledPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly folder: string;
  /** Texts of its licence and notice files. */
  readonly texts: readonly string[];
}

/** The longest path to a package: packages may contain packages. */
const packageFolder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const licenceFile = /^(?:licen[cs]e|notice|copying|copyright)(?:[.-].*)?$/i;

/** The folders of all packages that contribute at least a byte to the outputs. */
function foldersOf({ outputs }: Metafile): readonly string[] {
  const folders = new Set<string>();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const folder = packageFolder.exec(path)?.[0];
      if (folder !== undefined && bytesInOutput > 0) folders.add(folder);
    }
  }
  return [...folders].toSorted();
}

/** For packages without a licence file: the file whose head names the copyright holder. */
const heads: Readonly<Record<string, string>> = { 'yoga-layout': 'src/index.ts' };

function holderOf({ name, folder }: BundledPackage): string | undefined {
  const head = heads[name];
  return head === undefined ? undefined : /Copyright \(c\).*/.exec(readFileSync(join(folder, head), 'utf8'))?.[0];
}

/** The MIT licence below its copyright line, as found in a package that includes it. */
const mitWords = /Permission is hereby granted, free of charge[^]*$/;

/** The text for a package without one: apart from the copyright line, its licence is the same in every package. */
function textFor(one: BundledPackage, all: readonly BundledPackage[]): string {
  const { name, license } = one;
  const same = all.find((other) => other.license === license && other.texts.length > 0)?.texts[0];
  if (license === 'Apache-2.0' && same !== undefined) return same;
  const holder = holderOf(one);
  const words = license === 'MIT' ? mitWords.exec(same ?? '')?.[0] : undefined;
  if (holder !== undefined && words !== undefined)
    return `The package holds no text of its licence. Who holds the rights is taken from its ${heads[name]}, the words from another package with the same licence.\n\nMIT License\n\n${holder}\n\n${words}`;
  if (license === 'Unlicense') return 'In the public domain: https://unlicense.org.';
  throw new Error(`${name} holds no text of its licence, ${license}: name the file that says who holds the rights in tools/notices.ts`);
}

function readPackage(folder: string): BundledPackage {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  if (license === undefined) throw new Error(`${folder} names no licence: it cannot be bundled`);
  const texts = readdirSync(folder)
    .filter((file) => licenceFile.test(file) && existsSync(join(folder, file)))
    .toSorted()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return { name, version, license, folder, texts };
}

/**
 * The notices of everything in the bundle: packages that share a text are listed above it, each once, however many copies of it there are.
 */
export function noticesOf(metafile: Metafile, root: string): string {
  const byText = new Map<string, BundledPackage[]>();
  // The same version in several places is one package.
  const packages = [
    ...new Map(
      foldersOf(metafile)
        .map((folder) => readPackage(join(root, folder)))
        .map((one) => [`${one.name} ${one.version}`, one]),
    ).values(),
  ];
  for (const one of packages) {
    const text = one.texts.length > 0 ? one.texts.join('\n\n') : textFor(one, packages);
    byText.set(text, [...(byText.get(text) ?? []), one]);
  }
  const sections = [...byText].map(
    ([text, group]) =>
      `${[...new Set(group.map(({ name, version, license }) => `${name} ${version} (${license})`))].join('\n')}\n\n${text}\n`,
  );
  return `drey holds these packages. Their licences follow.\n\n${sections.join(`\n${'-'.repeat(80)}\n\n`)}`;
}
