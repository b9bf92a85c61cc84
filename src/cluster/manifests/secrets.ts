import { envSecretKeyRef, secrets } from '../../config/options/options-kubernetes.ts';
import { append } from './json.ts';
import type { Draft, JsonObject } from './types.ts';

const keyRef = (entry: ReadonlyMap<string, string>): JsonObject => {
  const name = entry.get('secret');
  const key = entry.get('key');
  return { ...(name === undefined ? {} : { name }), ...(key === undefined ? {} : { key }) };
};

/** Environment variables with values from a Secret. Source: `EnvSecretsDecorator`, Flink 2.3. */
export function secretVariables(draft: Draft): Draft {
  const variables = (draft.config.get(envSecretKeyRef) ?? []).map((entry): JsonObject => {
    const name = entry.get('env');
    return { ...(name === undefined ? {} : { name }), valueFrom: { secretKeyRef: keyRef(entry) } };
  });
  return { ...draft, main: append(draft.main, 'env', ...variables) };
}

/** Secrets as files. Source: `MountSecretsDecorator`, Flink 2.3. */
export function secretVolumes(draft: Draft): Draft {
  const all = [...(draft.config.get(secrets) ?? [])];
  return {
    ...draft,
    podSpec: append(draft.podSpec, 'volumes', ...all.map(([secretName]) => ({ name: `${secretName}-volume`, secret: { secretName } }))),
    main: append(draft.main, 'volumeMounts', ...all.map(([secretName, mountPath]) => ({ name: `${secretName}-volume`, mountPath }))),
  };
}
