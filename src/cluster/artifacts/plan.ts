import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { artifactList, pipelineJars } from '../../config/options/options-cluster.ts';
import { artifactsLocalUploadEnabled, artifactsLocalUploadTarget } from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { Problem } from '../../support/problem.ts';

/** A file of this machine and its target. */
export interface Upload {
  readonly file: string;
  readonly target: string;
}

export interface UploadPlan {
  readonly uploads: readonly Upload[];
  /** The configuration that names the uploaded files. */
  readonly config: FlinkConfig;
}

/** Schemes that support uploads, and the kind of store for each. */
export const storeKinds: Readonly<Record<string, 's3' | 'file'>> = { s3: 's3', s3a: 's3', s3n: 's3', s3p: 's3', file: 'file' };

/**
 * The uploads before an application is deployed: the job's jar first, then the artifacts, if their scheme is `local`. Undefined if
 * uploading is off. Throws a `Problem` if it cannot work. Pure. Source: `DefaultKubernetesArtifactUploader.uploadAll`, Flink 2.3.
 */
export function planUploads(config: FlinkConfig): UploadPlan | undefined {
  if (config.get(artifactsLocalUploadEnabled) !== true) return undefined;
  const jars = config.get(pipelineJars) ?? [];
  if (jars.length !== 1) throw new Problem('invalid', "The 'pipeline.jars' config must contain one JAR.");
  const artifacts = config.get(artifactList) ?? [];
  const folder = config.get(artifactsLocalUploadTarget)?.trim() ?? '';
  const uploads: Upload[] = [];
  const moved = (uri: string): string => {
    const file = localFile(uri);
    if (file === undefined) return uri;
    const target = `${targetFolder(folder)}${basename(file)}`;
    uploads.push({ file, target });
    return target;
  };
  const [newJars, newArtifacts] = [jars.map(moved), artifacts.map(moved)];
  const clash = uploads.find(({ file, target }) => uploads.some((other) => other.target === target && other.file !== file));
  if (clash !== undefined)
    throw new Problem(
      'invalid',
      `Two artifacts are named ${basename(clash.file)} and would be uploaded to the same place, ${clash.target}.`,
      { hint: 'Rename one of them.' },
    );
  const changed = (before: readonly string[], after: readonly string[]) => before.some((uri, at) => uri !== after[at]);
  return {
    uploads,
    config: config.with({
      ...(changed(jars, newJars) ? { [pipelineJars.key]: newJars } : {}),
      ...(changed(artifacts, newArtifacts) ? { [artifactList.key]: newArtifacts } : {}),
    }),
  };
}

/** The path of a `local:` URI; undefined for another scheme, which Flink fetches in the pod. */
function localFile(uri: string): string | undefined {
  if (!/^local:/i.test(uri)) return undefined;
  return fileURLToPath(new URL(uri.replace(/^local:/i, 'file:')));
}

/** With a trailing slash, as Flink writes it: one slash after `file:`. */
function targetFolder(folder: string): string {
  if (folder === '')
    throw new Problem('invalid', "Setting 'kubernetes.artifacts.local-upload-target' to a valid remote path is required.", {
      hint: 'For example -Dkubernetes.artifacts.local-upload-target=s3://my-bucket/jars/',
    });
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(folder)?.[1]?.toLowerCase();
  if (scheme === undefined || storeKinds[scheme] === undefined) {
    throw new Problem(
      'invalid',
      `Artifacts cannot be uploaded to ${folder}: ${scheme === undefined ? 'it has no scheme' : `the scheme ${scheme} is not supported`}.`,
      {
        hint: `Schemes that work: ${Object.keys(storeKinds).join(', ')}. Or upload the file yourself and name its address instead of local://.`,
      },
    );
  }
  const path = folder.replace(/\/+$/, '');
  return `${scheme === 'file' ? path.replace(/^file:\/*/i, 'file:/') : path}/`;
}
