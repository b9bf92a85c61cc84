import { maskedData } from '../../config/secrets/documents.ts';
import type { KubernetesObject, ResourceType } from '../../kubernetes/model/types.ts';
import { yamlText } from '../../support/machine-text.ts';

/** An object as it may be displayed. */
export interface Manifest {
  readonly shown: Readonly<Record<string, unknown>>;
  /** Something in it was replaced by the mask. */
  readonly masked: boolean;
}

/** The object as kubectl prints it: the items of a list name neither their kind nor its version. */
export function manifestOf(object: KubernetesObject, { group, version, kind }: ResourceType, managedFields: boolean): Manifest {
  const { managedFields: bookkeeping, ...metadata } = { ...object.metadata } as Readonly<Record<string, unknown>>;
  const head = {
    apiVersion: group === '' ? version : `${group}/${version}`,
    kind,
    metadata: managedFields && bookkeeping !== undefined ? { ...metadata, managedFields: bookkeeping } : metadata,
  };
  // The head comes first, and its values win.
  const whole = { ...head, ...object, ...head };
  const shown = maskedData(whole) as Readonly<Record<string, unknown>>;
  return { shown, masked: JSON.stringify(shown) !== JSON.stringify(whole) };
}

/**
 * One document an object. kubectl reads YAML 1.1, to which a plain `yes` or `0777` is not a text; what later versions read as a number is
 * quoted as well.
 */
const form = { version: '1.1', compat: 'core', lineWidth: 0 } as const;

export async function manifestLines(manifests: readonly Manifest[]): Promise<readonly string[]> {
  const documents = await Promise.all(
    manifests.map(async ({ shown, masked }) => [
      ...(masked ? ['# Values that look secret are masked: do not apply this as it is.'] : []),
      ...(await yamlText(shown, form)).trimEnd().split('\n'),
    ]),
  );
  return documents.flatMap((lines, index) => (index === 0 ? lines : ['---', ...lines]));
}
