/** The members of every stored object. Stored objects are never changed in place: each change makes a new one. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
  readonly [member: string]: unknown;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export type Labels = Readonly<Record<string, string>>;

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** An object as a client sends it: the server has not completed its metadata yet. */
export interface Draft {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Partial<Metadata>;
  readonly [member: string]: unknown;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of an unknown value, as a record; empty if there is none. */
export function recordOf(value: unknown, member: string): JsonObject {
  const found = isRecord(value) ? value[member] : undefined;
  return isRecord(found) ? found : {};
}

/** The records in a member that is a list; empty if there is none. */
export function recordsOf(value: unknown, member: string): readonly JsonObject[] {
  const found = isRecord(value) ? value[member] : undefined;
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

export function textOf(value: unknown, member: string): string | undefined {
  const found = isRecord(value) ? value[member] : undefined;
  return typeof found === 'string' ? found : undefined;
}

export function numberOf(value: unknown, member: string): number | undefined {
  const found = isRecord(value) ? value[member] : undefined;
  return typeof found === 'number' ? found : undefined;
}

/** `metav1.Time`: whole seconds. */
export const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** `metav1.MicroTime`. */
export const microStamp = (at: number): string => `${new Date(at).toISOString().slice(0, 23)}000Z`;
