import type { Comparison } from '../../cluster/artifacts/compare.ts';
import { planUploads } from '../../cluster/artifacts/plan.ts';
import { uploadArtifacts, type UploadStep } from '../../cluster/artifacts/upload.ts';
import { applicationConfig, type ProgramOptions } from '../../cluster/manifests/application-config.ts';
import type { ClusterManifests } from '../../cluster/manifests/types.ts';
import { dreyFlinkVersion, executionTarget, pipelineJars } from '../../config/options/options-cluster.ts';
import { containerImage } from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { isAtLeast, versionOfImage } from '../../config/options/flink-version.ts';
import { formatBytes } from '../../support/format.ts';
import { jsonText } from '../../support/machine-text.ts';
import { Problem } from '../../support/problem.ts';
import { build, createdLine, endpointOf, lookUp, send, targetOf, withClusterId } from './deployment.ts';
import type { CliIo } from '../process/io.ts';
import { type Connection, connectWith, loadConfig, type ReadConfig } from '../wiring/services.ts';

/** `run` for an application cluster: the configuration file, then `-e` or `-t`, then `-D`; the program's options are applied last. */
export interface ApplicationRequest {
  readonly config: FlinkConfig;
  readonly program: ProgramOptions;
  readonly json: boolean;
  /** `--trace`. */
  readonly trace: string | undefined;
  /** `--yes`: deploy even if the REST endpoint is reachable from outside the cluster. */
  readonly accepted: boolean;
}

/** `flink run -t kubernetes-application`: deploys and prints what Flink prints. Rejects with a `Problem`. */
export async function deployApplication({ config, program, json, trace, accepted }: ApplicationRequest, io: CliIo): Promise<void> {
  // Only the version and the file format are needed: the configuration itself was read before.
  const loaded = loadConfig(io, {}, config.get(dreyFlinkVersion) ?? versionOfImage(config.get(containerImage) ?? ''));
  for (const notice of loaded.notices) io.stderr(`${notice}\n`);
  const planned = planApplication(config, program, loaded, io);
  const { clusterId, namespace } = planned.manifests;
  await using connection = await connectWith(config, { namespace, interactive: io.isTty.stdin, anyContext: true, trace }, io);
  await sendApplication(planned, connection, { accepted, io });
  const { url } = await endpointOf(connection, clusterId, io);
  (json ? io.stderr : io.stdout)(`${createdLine('application', clusterId, url)}\n`);
  if (json) io.stdout(jsonText({ clusterId, namespace, webInterface: url }));
}

/** An application that is built and checked; nothing has been sent or uploaded yet. */
export interface PlannedApplication {
  /** Before the upload: its artifacts are still local. */
  readonly config: FlinkConfig;
  readonly manifests: ClusterManifests;
}

/** Everything that can be refused is refused here. Source: `KubernetesClusterDescriptor.deployApplicationCluster`, Flink 2.3. */
export function planApplication(
  given: FlinkConfig,
  program: ProgramOptions,
  loaded: Pick<ReadConfig, 'flinkVersion' | 'format'>,
  io: CliIo,
): PlannedApplication {
  const config = applicationConfig(withClusterId(given), program, { cwd: io.cwd, flinkVersion: loaded.flinkVersion });
  targetOf(config);
  checkTarget(config);
  checkJars(config, loaded.flinkVersion);
  return { config, manifests: build(planUploads(config)?.config ?? config, 'application', loaded, io) };
}

/** Uploads local artifacts, then creates the cluster. If it exists, refuses before either. */
export async function sendApplication(
  { config, manifests }: PlannedApplication,
  connection: Connection,
  { accepted, io }: { readonly accepted: boolean; readonly io: CliIo },
): Promise<void> {
  const { clusterId, namespace } = manifests;
  if ((await lookUp(connection, { clusterId, namespace }, io)) !== undefined) {
    throw new Problem('conflict', `The Flink cluster ${clusterId} already exists.`, {
      hint: `drey attach ${clusterId} -n ${namespace} attaches to it; drey kill ${clusterId} -n ${namespace} deletes it.`,
    });
  }
  await uploadArtifacts(config, uploadReport(io), io.signal);
  await send(manifests, connection, { accepted, io });
}

function checkTarget(config: FlinkConfig): void {
  const target = config.get(executionTarget) ?? '';
  if (target === 'kubernetes-application') return;
  throw new Problem(
    'invalid',
    `Couldn't deploy Kubernetes Application Cluster. Expected deployment.target=kubernetes-application but actual one was "${target}".`,
  );
}

/**
 * Earlier versions accept fewer programs. Source: `KubernetesClusterDescriptor.deployApplicationCluster` and
 * `KubernetesUtils.checkJarFileForApplicationMode`, Flink 1.18 to 2.0.
 */
function checkJars(config: FlinkConfig, flinkVersion: string): void {
  const [jar, ...more] = config.get(pipelineJars) ?? [];
  if (more.length > 0) throw new Problem('invalid', 'Should only have one jar.');
  if (jar === undefined || isAtLeast(flinkVersion, '1.19') || jar.startsWith('local:')) return;
  throw new Problem(
    'invalid',
    `Only "local" is supported as schema for application mode of Flink ${flinkVersion}: ${jar} has to be in the image.`,
    {
      hint: 'For example local:///opt/flink/usrlib/my-flink-job.jar. Flink 1.19 and newer fetch other addresses.',
    },
  );
}

/** Says what is used in place of a file that was not uploaded. */
export function keptLine(target: string, compared: Comparison): string {
  const replace = 'kubernetes.artifacts.local-upload-overwrite would replace it';
  switch (compared.kind) {
    case 'same':
      return `${target} is there already with the same content and is used as it is.`;
    case 'same-size':
      return `${target} is there already with the same size and is used as it is; whether its content is the same is not known (${replace}).`;
    case 'other-size':
      return `${target} is there already and is used as it is, but it differs from the local file: it has ${bytes(compared.there)}, the local file ${bytes(compared.here)} (${replace}).`;
    case 'other-content':
      return `${target} is there already and is used as it is, but it differs from the local file: the size is the same, the content is not (${replace}).`;
    case 'unknown':
      return `${target} is there already and is used as it is; whether it is the local file is not known (${replace}).`;
  }
}

const bytes = (count: number): string => `${count} ${count === 1 ? 'byte' : 'bytes'}`;

/** One line per artifact, and one per tenth of a large one. */
function uploadReport(io: Pick<CliIo, 'stderr'>): (step: UploadStep) => void {
  const said = new Map<string, number>();
  return (step) => {
    if (step.kind === 'kept') io.stderr(`${keptLine(step.target, step.compared)}\n`);
    else if (step.kind === 'uploaded') io.stderr(`Uploaded ${step.target}.\n`);
    else {
      const tenth = step.total === 0 ? 10 : Math.floor((step.sent / step.total) * 10);
      if (tenth === 10 || tenth <= (said.get(step.target) ?? 0)) return;
      said.set(step.target, tenth);
      io.stderr(`Uploading ${step.target}: ${formatBytes(step.sent)} of ${formatBytes(step.total)}\n`);
    }
  };
}
