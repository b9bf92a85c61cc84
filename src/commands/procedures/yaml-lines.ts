import { yamlText } from '../../support/machine-text.ts';
import { maskedData } from '../../config/secrets/redact.ts';

/** Data as lines of YAML, with everything masked that is secret by its name or its shape. */
export async function yamlLines(data: unknown): Promise<readonly string[]> {
  return (await yamlText(maskedData(data), { lineWidth: 0 })).trimEnd().split('\n');
}
