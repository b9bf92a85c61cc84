import { createReadStream } from 'node:fs';
import type { HeadObjectCommandOutput, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import type { ArtifactStore } from './store.ts';

export interface S3Settings {
  /** `s3.endpoint`: an S3-compatible store. */
  readonly endpoint?: string | undefined;
  /** `s3.path.style.access`. */
  readonly pathStyleAccess: boolean;
  /** `s3.access-key` and `s3.secret-key`; absent: the AWS SDK finds them (environment, profiles, instance roles). */
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
  /** `s3.region`; absent: the AWS SDK finds it. */
  readonly region?: string | undefined;
}

/** S3 requires parts of at least 5 MiB; more parallel parts than this do not help. */
const partBytes = 8 * 1024 * 1024;
const partsAtOnce = 4;

/** Amazon S3 and compatible stores. The SDK is loaded on first use: it is larger than the rest of the program. */
export function s3Store(settings: S3Settings): ArtifactStore & AsyncDisposable {
  let connected: Promise<{ readonly sdk: typeof import('@aws-sdk/client-s3'); readonly client: S3Client }> | undefined;
  const connect = () =>
    (connected ??= import('@aws-sdk/client-s3').then((sdk) => ({ sdk, client: new sdk.S3Client(clientConfig(settings)) })));

  return {
    async find(target, signal) {
      const { bucket, key } = placeOf(target);
      const { sdk, client } = await connect();
      try {
        const head = await client.send(new sdk.HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
        return { ...(head.ContentLength === undefined ? {} : { size: head.ContentLength }), md5: async () => md5In(head) };
      } catch (error) {
        // The answer to HEAD has no body, so a missing bucket looks like a missing key; writing reports it.
        if (statusOf(error) === 404) return undefined;
        throw problemOf(error, target, settings);
      }
    },

    async put(file, target, progress, signal) {
      signal.throwIfAborted();
      const { bucket, key } = placeOf(target);
      const { client } = await connect();
      const { Upload } = await import('@aws-sdk/lib-storage');
      const body = createReadStream(file);
      const upload = new Upload({
        client,
        params: { Bucket: bucket, Key: key, Body: body },
        partSize: partBytes,
        queueSize: partsAtOnce,
        leavePartsOnError: false,
      });
      upload.on('httpUploadProgress', ({ loaded }) => progress(loaded ?? 0));
      const stop = () => void upload.abort();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await upload.done();
      } catch (error) {
        throw problemOf(error, target, settings);
      } finally {
        signal.removeEventListener('abort', stop);
        body.destroy();
      }
    },

    async [Symbol.asyncDispose]() {
      const open = await connected?.catch(() => undefined);
      open?.client.destroy();
    },
  };
}

function clientConfig({ endpoint, pathStyleAccess, accessKey, secretKey, region }: S3Settings): S3ClientConfig {
  return {
    forcePathStyle: pathStyleAccess,
    // Many compatible stores do not understand newer checksums.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint === undefined ? {} : { endpoint: /^https?:\/\//.test(endpoint) ? endpoint : `https://${endpoint}` }),
    // A store with a custom endpoint has no region, but requests are signed with one.
    ...(region !== undefined ? { region } : endpoint !== undefined ? { region: 'us-east-1' } : {}),
    ...(accessKey === undefined || secretKey === undefined ? {} : { credentials: { accessKeyId: accessKey, secretAccessKey: secretKey } }),
  };
}

function placeOf(uri: string): { readonly bucket: string; readonly key: string } {
  const match = /^[a-z0-9]+:\/\/([^/]+)\/+(.+)$/.exec(uri);
  if (match === null)
    throw new Problem('invalid', `${uri} does not name a bucket and a key.`, { hint: 'A target looks like s3://bucket/folder/.' });
  return { bucket: match[1] ?? '', key: match[2] ?? '' };
}

/**
 * The ETag is the MD5 of an object that was uploaded in one piece and not encrypted with its own key. Source: "Checking object integrity",
 * Amazon S3 User Guide.
 */
function md5In({ ETag, ServerSideEncryption, SSECustomerAlgorithm }: HeadObjectCommandOutput): string | undefined {
  if (SSECustomerAlgorithm !== undefined || (ServerSideEncryption !== undefined && ServerSideEncryption !== 'AES256')) return undefined;
  return /^"?([0-9a-f]{32})"?$/i.exec(ETag ?? '')?.[1]?.toLowerCase();
}

function statusOf(error: unknown): number | undefined {
  return (error as { readonly $metadata?: { readonly httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
}

function problemOf(error: unknown, target: string, { endpoint }: S3Settings): Error {
  if (error instanceof Error && isAbort(error)) return error;
  const { name = '', code } = (error ?? {}) as { readonly name?: string; readonly code?: string };
  const status = statusOf(error);
  const options = { cause: error, status };
  if (name === 'NoSuchBucket') return new Problem('not-found', `The bucket of ${target} does not exist.`, options);
  if (status === 403 || status === 401) {
    return new Problem(
      'forbidden',
      `${target} may not be written: the store answers ${status}${name === '' || name === String(status) ? '' : ` ${name}`}.`,
      {
        ...options,
        hint: 'Credentials come from s3.access-key and s3.secret-key, else from the places where the AWS SDK looks.',
      },
    );
  }
  if (/Credentials/.test(name)) {
    return new Problem('unauthorized', `There are no credentials for ${target}: ${sentence(error)}.`, {
      ...options,
      hint: 'Set s3.access-key and s3.secret-key, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE.',
    });
  }
  if (code !== undefined && /^E[A-Z]+$/.test(code))
    return new Problem('unreachable', `${endpoint ?? 'Amazon S3'} cannot be reached: ${sentence(error)}.`, options);
  if (/Region is missing/.test(sentence(error)))
    return new Problem('invalid', `The region of ${target} is not known.`, { ...options, hint: 'Set s3.region or AWS_REGION.' });
  return new Problem('failed', `${target} could not be written: ${sentence(error)}.`, options);
}
