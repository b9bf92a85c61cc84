/** Things that a question must have been answered for before they go. */
const KINDS = ['cluster', 'jobs', 'jars', 'savepoints'] as const;
export type Loss = (typeof KINDS)[number];

const RULES: readonly (readonly [Loss, RegExp])[] = [
  [
    'cluster',
    /^DELETE (\/apis\/apps\/v1\/namespaces\/\w+\/deployments\/.*|\/api\/v1\/namespaces\/\w+\/(?:pods|services|configmaps).*|\/cluster)$/,
  ],
  ['jobs', /^(?:PATCH|POST) \/jobs\/(\w+)(?:\/stop)?$/],
  ['jars', /^DELETE \/jars\/(.+)$/],
  ['savepoints', /^POST (\/savepoint-disposal)$/],
];

/** What the writes of a session have taken away, each thing once however often it was asked for. */
export function lossesOf(writes: readonly string[]): Readonly<Record<Loss, number>> {
  const gone = Object.fromEntries(KINDS.map((kind) => [kind, new Set<string>()])) as Record<Loss, Set<string>>;
  for (const write of writes)
    for (const [kind, rule] of RULES) {
      const [, what] = rule.exec(write) ?? [];
      if (what !== undefined) gone[kind].add(what);
    }
  return { cluster: gone.cluster.size, jobs: gone.jobs.size, jars: gone.jars.size, savepoints: gone.savepoints.size };
}

/** The most that an answer to the question with this title may take away. */
export function allowedBy(title: string): Partial<Record<Loss, number>> {
  if (/^Stop session cluster|^Stop application/.test(title)) return { cluster: 1, jobs: 40 };
  if (/jar/i.test(title)) return { jars: 100 };
  if (/savepoint/i.test(title) && /delete|dispose/i.test(title)) return { savepoints: 1 };
  return { jobs: 1 };
}
