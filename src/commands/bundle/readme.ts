import { type BundleFacts, type BundledFile, bundlePlaces, type LeftOut } from '../../session/recording/bundle-facts.ts';
import { formatBytes } from '../../support/format.ts';

/** What somebody reads who unpacks a bundle. */
export function readmeText(facts: BundleFacts): string {
  const { clusterId, namespace, drey, madeAt, from, to, flinkVersion, kubernetesVersion, secrets, inside, leftOut } = facts;
  return [
    `# ${clusterId} in ${namespace}`,
    '',
    `Made by drey ${drey} at ${madeAt}. Logs and recording are those from ${from} to ${to}.`,
    `Flink ${flinkVersion ?? 'did not tell its version'}, Kubernetes ${kubernetesVersion ?? 'did not tell its version'}.`,
    '',
    `\`drey replay FILE\` shows the recording. \`${bundlePlaces.facts}\` has the same list as this file.`,
    '',
    '## Inside',
    '',
    ...inside.map(({ path, bytes, what }) => `- \`${path}\`, ${formatBytes(bytes)}: ${what}`),
    '',
    '## Left out',
    '',
    ...leftOutLines(leftOut).map((line) => `- ${line}`),
    '- The contents of Secrets, which were not read.' + (secrets.length === 0 ? '' : ` The pods use ${secrets.join(', ')}.`),
    '- The contents of binaryData in ConfigMaps.',
    '',
    '## Secrets',
    '',
    'Values of options, variables and arguments with a secret name are masked everywhere, as are texts that have the shape of a secret:',
    'passwords in addresses, words after `Bearer` or `Basic`, JSON Web Tokens, tokens of well-known services, and private keys.',
    'A secret that has neither a name nor a shape cannot be recognised: look through the logs before you pass them on.',
    '',
  ].join('\n');
}

/** One line for each reason. */
export function leftOutLines(leftOut: readonly LeftOut[]): readonly string[] {
  return [...Map.groupBy(leftOut, ({ reason }) => reason)].map(([reason, items]) => `${namesOf(items)}: ${reason}`);
}

const mostNames = 3;

function namesOf(items: readonly LeftOut[]): string {
  const names = [...new Set(items.map(({ what }) => what))];
  const more = names.length - mostNames;
  return `${names.slice(0, mostNames).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** What the files of a kind are, by their place. */
const words: Readonly<Record<string, string>> = {
  [bundlePlaces.card]: 'what is wrong',
  [bundlePlaces.manifests]: 'objects of the cluster, and events',
  [bundlePlaces.rest]: 'answers of Flink',
  [bundlePlaces.recording]: 'what the screen showed, for drey replay',
  [bundlePlaces.logs]: 'logs, as text and for drey replay',
  [bundlePlaces.readme]: 'what is inside, and what is not',
};

/** What is inside: cells of one row for each kind. */
export function kindsInside(inside: readonly BundledFile[]): readonly (readonly string[])[] {
  return [...Map.groupBy(inside, ({ path }) => path.split('/')[0] ?? '')].map(([place, files]) => [
    files[0]?.path === place ? place : `${place}/`,
    `${files.length} ${files.length === 1 ? 'file' : 'files'}`,
    formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0)),
    words[place] ?? '',
  ]);
}
