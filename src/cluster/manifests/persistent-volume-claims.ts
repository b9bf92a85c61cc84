import { persistentVolumeClaimReadOnly, persistentVolumeClaims } from '../../config/options/options-kubernetes.ts';
import { isAtLeast } from '../../config/options/flink-version.ts';
import { Problem } from '../../support/problem.ts';
import { append, listOf } from './json.ts';
import type { Context, Draft, Json } from './types.ts';

const claimPattern = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

const nameOf = (volume: Json): Json | undefined =>
  typeof volume === 'object' && volume !== null && !Array.isArray(volume) ? (volume as { readonly name?: Json }).name : undefined;

function checkClaim(claim: string): void {
  if (claim.length > 253) throw new Problem('invalid', `PVC name '${claim}' is longer than 253 characters.`);
  if (!claimPattern.test(claim)) {
    throw new Problem(
      'invalid',
      `PVC name '${claim}' is invalid. Must conform to DNS-1123 subdomain standard: lowercase alphanumeric characters, '-' or '.', must start and end with alphanumeric.`,
    );
  }
}

function volumeName(claim: string): string {
  const name = `${claim.replaceAll('.', '-')}-pvc`;
  if (name.length > 63)
    throw new Problem('invalid', `The volume of the PVC '${claim}' would be called '${name}', which is longer than 63 characters.`);
  return name;
}

/** Claims as volumes, since Flink 2.3. Source: `PersistentVolumeClaimMountDecorator`, Flink 2.3. */
export function persistentVolumes(draft: Draft, { flinkVersion }: Context): Draft {
  if (!isAtLeast(flinkVersion, '2.3')) {
    return !draft.config.has(persistentVolumeClaims)
      ? draft
      : {
          ...draft,
          notices: [...draft.notices, `${persistentVolumeClaims.key} is new in Flink 2.3; Flink ${flinkVersion} does not read it.`],
        };
  }
  const claims = [...(draft.config.get(persistentVolumeClaims) ?? [])];
  if (claims.length === 0) return draft;
  const readOnly = draft.config.get(persistentVolumeClaimReadOnly) === true;
  const taken = new Set(listOf(draft.podSpec, 'volumes').map(nameOf));
  const paths = new Set<string>();
  const volumes = claims.map(([claimName, mountPath]) => {
    checkClaim(claimName);
    if (!mountPath.startsWith('/')) throw new Problem('invalid', `Mount path '${mountPath}' must be an absolute path starting with '/'.`);
    if (paths.has(mountPath))
      throw new Problem('invalid', `Duplicate mount path detected: '${mountPath}'. Each PVC must have a unique mount path.`);
    paths.add(mountPath);
    const name = volumeName(claimName);
    if (taken.has(name))
      throw new Problem('invalid', `The volume name '${name}' of the PVC '${claimName}' is taken by another volume of the pod.`);
    taken.add(name);
    return { name, claimName, mountPath };
  });
  return {
    ...draft,
    podSpec: append(
      draft.podSpec,
      'volumes',
      ...volumes.map(({ name, claimName }) => ({ name, persistentVolumeClaim: { claimName, readOnly } })),
    ),
    main: append(draft.main, 'volumeMounts', ...volumes.map(({ name, mountPath }) => ({ name, mountPath, readOnly }))),
  };
}
