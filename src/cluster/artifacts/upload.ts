import { stat } from 'node:fs/promises';
import { s3AccessKey, s3Endpoint, s3PathStyleAccess, s3Region, s3SecretKey } from '../../config/options/options-cluster.ts';
import { artifactsLocalUploadOverwrite } from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { Problem } from '../../support/problem.ts';
import { fileStore } from './file-store.ts';
import { compare, type Comparison } from './compare.ts';
import { planUploads, storeKinds } from './plan.ts';
import { type S3Settings, s3Store } from './s3-store.ts';
import type { ArtifactStore } from './store.ts';

/** The steps for one artifact. `kept`: the target already had one, which is used whatever its content. */
export type UploadStep =
  | { readonly kind: 'uploading'; readonly target: string; readonly sent: number; readonly total: number }
  | { readonly kind: 'uploaded'; readonly target: string }
  | { readonly kind: 'kept'; readonly target: string; readonly compared: Comparison };

/**
 * Uploads the `local:` artifacts of an application and returns the configuration that points to them. Checks that all files exist and all
 * schemes are known before sending the first byte. Rejects with a `Problem`, or an `AbortError`.
 */
export async function uploadArtifacts(config: FlinkConfig, report: (step: UploadStep) => void, signal: AbortSignal): Promise<FlinkConfig> {
  const plan = planUploads(config);
  if (plan === undefined) return config;
  const sized = await Promise.all(plan.uploads.map(async (upload) => ({ ...upload, total: await sizeOf(upload.file) })));
  await using stores = openStores(config);
  for (const { file, target, total } of sized) {
    const store = stores.of(target);
    const stored = config.get(artifactsLocalUploadOverwrite) === true ? undefined : await store.find(target, signal);
    if (stored !== undefined) {
      report({ kind: 'kept', target, compared: await compare({ file, size: total }, stored, signal) });
      continue;
    }
    await store.put(file, target, (sent) => report({ kind: 'uploading', target, sent, total }), signal);
    report({ kind: 'uploaded', target });
  }
  return plan.config;
}

async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw new Problem(
      'invalid',
      `The artifact ${file} cannot be read: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'it does not exist on this machine' : String(error)}.`,
      {
        hint: 'With kubernetes.artifacts.local-upload-enabled, local:// names a file on this machine.',
        cause: error,
      },
    );
  }
  throw new Problem('invalid', `The artifact ${file} is not a file.`);
}

function openStores(config: FlinkConfig): AsyncDisposable & { readonly of: (target: string) => ArtifactStore } {
  let s3: ReturnType<typeof s3Store> | undefined;
  return {
    of: (target) =>
      storeKinds[target.slice(0, target.indexOf(':')).toLowerCase()] === 's3' ? (s3 ??= s3Store(s3Settings(config))) : fileStore,
    [Symbol.asyncDispose]: async () => s3?.[Symbol.asyncDispose](),
  };
}

function s3Settings(config: FlinkConfig): S3Settings {
  const [endpoint, accessKey, secretKey, region] = [s3Endpoint, s3AccessKey, s3SecretKey, s3Region].map((option) => config.get(option));
  return {
    pathStyleAccess: config.get(s3PathStyleAccess) === true,
    endpoint,
    accessKey,
    secretKey,
    region,
  };
}
