import { yamlText } from '../support/machine-text.ts';
import { isSensitiveKey, mask } from '../support/redact.ts';

/** Data as lines of YAML; values of secret keys, and of variables with a secret name, are masked. */
export async function yamlLines(data: unknown): Promise<readonly string[]> {
  return (await yamlText(withoutSecrets(data), { lineWidth: 0 })).trimEnd().split('\n');
}

function withoutSecrets(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutSecrets);
  if (typeof data !== 'object' || data === null) return data;
  const entries = Object.entries(data);
  const name: unknown = Object.fromEntries(entries)['name'];
  return Object.fromEntries(entries.map(([key, value]) => {
    const secret = typeof value === 'string' && (isSensitiveKey(key) || (key === 'value' && typeof name === 'string' && isSensitiveKey(name)));
    return [key, secret ? mask : withoutSecrets(value)];
  }));
}
