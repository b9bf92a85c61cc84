import { record, type Json } from '../model/json.ts';

/** `exp` of a JSON web token, in epoch milliseconds; undefined for anything else. */
export function tokenExpiry(token: string): number | undefined {
  const payload = token.split('.')[1];
  const seconds = payload === undefined ? undefined : looseJson(Buffer.from(payload, 'base64url').toString('utf8')).exp;
  return typeof seconds === 'number' ? seconds * 1_000 : undefined;
}

/** An empty object for anything but a JSON object: an opaque token, the error page of a proxy. */
export function looseJson(json: string): Json {
  try {
    return record(JSON.parse(json));
  } catch {
    return {};
  }
}
