import { record, type Json } from '../model/json.ts';

/** `exp` of a JSON web token, in epoch milliseconds; undefined when it is something else. */
export function tokenExpiry(token: string): number | undefined {
  const payload = token.split('.')[1];
  const seconds = payload === undefined ? undefined : looseJson(Buffer.from(payload, 'base64url').toString('utf8'))['exp'];
  return typeof seconds === 'number' ? seconds * 1_000 : undefined;
}

/** What is no JSON object says nothing: an opaque token, the error page of a proxy. */
export function looseJson(json: string): Json {
  try {
    return record(JSON.parse(json));
  } catch {
    return {};
  }
}
