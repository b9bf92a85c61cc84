import type { IncomingMessage } from 'node:http';
import { isRecord, type JsonObject } from '../api/objects.ts';
import { bodyOf } from '../api/call.ts';
import { refused } from './rest-errors.ts';

/** The body does not have the shape that the handler expects. `reason` is Jackson's. */
export const mismatch = (bodyClass: string, reason: string): Error =>
  refused(400, `Request did not match expected format ${bodyClass}.`, [
    `org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonMappingException: ${reason}`,
  ]);

/** The JSON object of a request; an empty body is `{}`. */
export async function bodyRecord(request: IncomingMessage, bodyClass: string): Promise<JsonObject> {
  const text = (await bodyOf(request)).toString('utf8');
  if (text.trim() === '') return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    // Jackson's wording differs; the 400 is what matters.
    throw mismatch(bodyClass, error instanceof Error ? error.message : String(error));
  }
  if (!isRecord(parsed)) throw mismatch(bodyClass, 'Cannot deserialize an object out of this token');
  return parsed;
}

export const flagOf = (value: unknown): boolean => value === true || value === 'true';
