import { type Diagnosis, examine } from '../../cluster/doctor/doctor.ts';
import type { Finding } from '../../cluster/doctor/finding.ts';
import { isHighlyAvailable } from '../../cluster/manifests/effective-config.ts';
import { namedObjects } from '../../cluster/doctor/named-objects.ts';
import { podDemands } from '../../cluster/doctor/room.ts';
import { kerberosKeytab } from '../../config/options/options-cluster.ts';
import {
  hostNetworkEnabled,
  jobManagerServiceAccount,
  restServiceExposedType,
  taskManagerServiceAccount,
} from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { harmlessRow } from '../../support/foreign-text.ts';
import { maskAddresses } from '../../config/secrets/redact.ts';
import { width } from '../../support/text-width.ts';
import type { DeployInvocation } from '../command-line/deploy-invocation.ts';
import { type CliIo, exitCodes } from '../process/io.ts';
import { printedObjects } from './print-objects.ts';
import { connect, loadConfig } from '../wiring/services.ts';

/** `drey doctor`: one line per finding, and the repairs. Exit code 0 if everything that is needed exists. */
export async function doctor(
  { dryRun, connection: options }: Extract<DeployInvocation, { readonly kind: 'doctor' }>,
  io: CliIo,
): Promise<number> {
  await using connection = await connect(options, io);
  const { kubernetes, namespace, config } = connection;
  const { flinkVersion } = loadConfig(io, options.properties, options.flinkVersion);
  const diagnosis = await examine(
    kubernetes,
    { namespace, ...topicOf(config), demands: podDemands(config, { flinkVersion, env: io.env }) },
    io.signal,
  );
  if (dryRun !== undefined)
    io.stdout(
      await printedObjects(
        diagnosis.repairs.flatMap(({ objects }) => objects),
        dryRun,
      ),
    );
  else
    io.stdout(
      report(
        diagnosis,
        `${maskAddresses(kubernetes.server)}${kubernetes.context === undefined ? '' : `, context ${kubernetes.context}`}, namespace ${namespace}`,
        namespace,
      ),
    );
  return diagnosis.findings.some(({ state, optional }) => state === 'missing' && !optional) ? exitCodes.failed : exitCodes.ok;
}

function topicOf(config: FlinkConfig) {
  const exposed = config.get(restServiceExposedType);
  return {
    jobManagerAccount: config.get(jobManagerServiceAccount) ?? 'default',
    taskManagerAccount: config.get(taskManagerServiceAccount) ?? 'default',
    ha: isHighlyAvailable(config),
    hostNetwork: config.get(hostNetworkEnabled) === true,
    nodes: exposed === 'NodePort' || exposed === 'LoadBalancer',
    keytab: config.has(kerberosKeytab),
    named: namedObjects(config),
  };
}

const words: Readonly<Record<Finding['state'], string>> = { ok: 'ok', missing: 'MISSING', unknown: 'unknown' };

function report({ findings, repairs }: Diagnosis, where: string, namespace: string): string {
  const most = Math.max(...findings.map(({ about }) => width(about)));
  const lines = findings.map(({ about, state, detail, optional }) =>
    `${(state === 'missing' && optional ? 'without' : words[state]).padEnd(9)}${about}${' '.repeat(most - width(about) + 2)}${detail}`.trimEnd(),
  );
  const commands = repairs.flatMap((repair) => repair.commands);
  const advice = findings.flatMap(({ about, state, advice: help }) =>
    state === 'missing' && help !== undefined ? [`${about}: ${help}`] : [],
  );
  const unasked = findings.some(({ state }) => state === 'unknown');
  return [
    where,
    '',
    ...lines,
    '',
    ...(commands.length > 0 || advice.length > 0
      ? []
      : [unasked ? 'Nothing is known to be missing; what is unknown could not be checked.' : 'Everything needed is in place.', '']),
    ...(commands.length === 0
      ? []
      : [
          `To fix ${advice.length === 0 ? 'it' : 'part of it'}, someone who may grant rights has to run:`,
          '',
          ...commands,
          '',
          `The same as objects: drey doctor -n ${namespace} --dry-run -o yaml | kubectl apply -f -`,
          '',
        ]),
    ...(advice.length === 0 ? [] : [`${commands.length === 0 ? 'To fix it, do this' : 'To fix the rest, do this'}:`, '', ...advice, '']),
  ]
    .map(harmlessRow)
    .join('\n');
}
