import type { LogLine } from '../../src/kubernetes/model/types.ts';

/** A line like those of the client, with its own bytes. */
export function logLine(at: number, text: string | Uint8Array): LogLine {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return { at, bytes, from: 0, to: bytes.length, cut: false };
}

export const textOf = ({ bytes, from, to }: LogLine): string => new TextDecoder().decode(bytes.subarray(from, to));
