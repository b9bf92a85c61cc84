/**
 * Parts of keys whose values are secret.
 * Source: `GlobalConfiguration.SENSITIVE_KEYS`, Flink 2.3.
 */
const flinkSensitive = [
  'password', 'secret', 'fs.azure.account.key', 'apikey', 'api-key', 'auth-params', 'service-key', 'token', 'basic-auth', 'jaas.config', 'http-headers',
];

/** What Flink does not know, and what is secret all the same: both halves of an S3 key, private keys, credentials in general. */
const alsoSensitive = ['access-key', 'accesskey', 'private-key', 'privatekey', 'passwd', 'credential'];

/** What stands for a secret on a screen. */
export const mask = '******';

/** Keys that hold one of the words and name only where something is, not what it is. */
const harmless = ['kubernetes.secrets', 'kubernetes.env.secretkeyref', 'kubernetes.container.image.pull-secrets'];

/** True for a configuration key or variable name whose value must not be displayed. Without regard to case; `_` counts as `-`. */
export function isSensitiveKey(key: string): boolean {
  const lower = key.toLowerCase().replaceAll('_', '-');
  if (harmless.includes(lower)) return false;
  return flinkSensitive.some((part) => lower.includes(part)) || alsoSensitive.some((part) => lower.includes(part));
}

/** The value as it may be displayed: the mask for a secret, itself otherwise. */
export function maskValue(key: string, value: string): string {
  return isSensitiveKey(key) && value !== '' ? mask : value;
}
