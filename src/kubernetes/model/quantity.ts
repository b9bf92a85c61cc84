const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const pattern = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

/**
 * A Kubernetes quantity as a number: `500m` is 0.5, `1728Mi` is 1811939328, `1e3` is 1000; undefined for other text.
 * Source: `resource.Quantity`, apimachinery 0.34.
 */
export function parseQuantity(text: string | number | undefined): number | undefined {
  if (typeof text === 'number') return Number.isFinite(text) ? text : undefined;
  const match = text === undefined ? null : pattern.exec(text.trim());
  if (match === null) return undefined;
  const [, digits = '', exponent = '', suffix = ''] = match;
  const factor = factors[suffix];
  return factor === undefined ? undefined : Number(digits + exponent) * factor;
}
