import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { actionTables } from '../../src/cli/flink/option-tables.ts';
import { parseCommandLine } from '../../src/cli/flink/command-line.ts';
import { withDefaultLine } from '../../src/cli/flink/default-line.ts';
import { programOptions } from '../../src/cli/flink/program-options.ts';
import { readDynamicProperty } from '../../src/config/dynamic-properties.ts';
import { loadFlinkConfig, type LoadedConfig } from '../../src/config/load.ts';
import type { FlinkConfig } from '../../src/config/options/types.ts';
import { applicationConfig } from '../../src/cluster/manifests/application-config.ts';
import { buildCluster } from '../../src/cluster/manifests/build.ts';
import { planUploads } from '../../src/cluster/artifacts/plan.ts';
import type { ClusterManifests } from '../../src/cluster/manifests/types.ts';
import { confFolder, type Case } from './captures.ts';

const generatedId = `flink-cluster-${'0123456789abcdef'.repeat(2).slice(0, 31)}`;

/** The folder of one run, as the capture had it. */
export class Stage implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'drey-golden-')));
  readonly #case: Case;

  constructor(given: Case) {
    this.#case = given;
    cpSync(confFolder, join(this.folder, 'conf'), { recursive: true });
    for (const name of given.conf.remove ?? []) rmSync(join(this.folder, 'conf', name), { force: true });
    for (const [name, text] of Object.entries(given.conf.add ?? {})) this.#put(join('conf', name), text);
    if (given.config !== null) this.#put('conf/config.yaml', given.config);
    for (const [name, text] of Object.entries(given.files)) this.#put(join('files', name), text);
  }

  #put(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), this.fill(text));
  }

  fill(text: string): string {
    return text.replaceAll('${TMP}', this.folder);
  }

  hide(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value).replaceAll(this.folder, '${TMP}'));
  }

  get env(): Record<string, string> {
    return Object.fromEntries(
      Object.entries(this.#case.env).flatMap(([name, value]) => (value === null ? [] : [[name, this.fill(value)]])),
    );
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

function sessionConfig(loaded: LoadedConfig, argv: readonly string[]): FlinkConfig {
  const properties: Record<string, string> = {};
  for (let at = 0; at < argv.length;) {
    const found = readDynamicProperty(argv, at);
    if (found !== undefined) properties[found.key] = found.value;
    else if (!['-t', '--target', '-e', '--executor'].includes(argv[at] ?? '')) break;
    at = found?.next ?? at + 2;
  }
  const config = loaded.config.with({
    ...properties,
    '$internal.deployment.config-dir': loaded.directory,
    'execution.target': 'kubernetes-session',
  });
  return config.raw('kubernetes.cluster-id') === undefined ? config.with({ 'kubernetes.cluster-id': generatedId }) : config;
}

function runConfig(loaded: LoadedConfig, argv: readonly string[], cwd: string, flinkVersion: string): FlinkConfig {
  const table = actionTables.run;
  const line = parseCommandLine(table.options, argv, true);
  const target = line.value('target') ?? line.value('executor');
  const generic = target !== undefined || loaded.config.raw('execution.target') !== undefined;
  const base = loaded.config.with({
    ...(target === undefined ? {} : { 'execution.target': target }),
    ...Object.fromEntries(line.properties),
    ...(generic ? { '$internal.deployment.config-dir': loaded.directory } : {}),
  });
  const own = withDefaultLine(
    { config: base, target: '', properties: Object.fromEntries(line.properties), address: line.value('jobmanager') },
    line,
  );
  const named = own.raw('kubernetes.cluster-id') === undefined ? own.with({ 'kubernetes.cluster-id': generatedId }) : own;
  const config = applicationConfig(named, programOptions(line), { cwd, flinkVersion });
  return planUploads(config)?.config ?? config;
}

/** What drey makes of the same command line. Throws where it refuses to. */
export function manifestsOf(given: Case, stage: Stage): ClusterManifests {
  const flinkVersion = given.flinkVersion.split('.').slice(0, 2).join('.');
  const loaded = loadFlinkConfig({ env: stage.env, cwd: stage.folder, defaultsDir: confFolder, flinkVersion });
  const argv = given.args.map((word) => stage.fill(word));
  const session = given.script.endsWith('kubernetes-session.sh');
  const config = session ? sessionConfig(loaded, argv) : runConfig(loaded, argv.slice(1), stage.folder, flinkVersion);
  return buildCluster({
    config,
    mode: session ? 'session' : 'application',
    flinkVersion,
    format: loaded.format,
    env: stage.env,
    cwd: stage.folder,
    isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
    readFile(path) {
      try {
        return readFileSync(path);
      } catch {
        // A file that is not there, which is what is asked.
        return undefined;
      }
    },
  });
}
