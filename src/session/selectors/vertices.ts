import { inspectionOf } from '../inspections/inspections.ts';
import type { Session } from '../types.ts';

/** A vertex, as far as it needs no request. */
export interface KnownVertex {
  readonly id: string;
  readonly name: string;
}

/** The vertices of a job in the order of the data flow, from whatever was read of it; undefined: nothing was. */
export function knownVertices(session: Pick<Session, 'inspections'>, job: string): readonly KnownVertex[] | undefined {
  const inside = inspectionOf(session, { kind: 'job', job })?.facts;
  if (inside !== undefined) return inside.vertices.map(({ vertex }) => vertex);
  const top = inspectionOf(session, { kind: 'top', job })?.facts;
  if (top !== undefined) return top.vertices;
  for (const { subject } of session.inspections.values()) {
    const siblings = subject.kind === 'vertex' && subject.job === job ? inspectionOf(session, subject)?.facts?.siblings : undefined;
    if (siblings !== undefined) return siblings;
  }
  return undefined;
}
