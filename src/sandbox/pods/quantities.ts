/** A CPU quantity (`500m`, `"2"`, `1.5`) in cores; 0 if there is none. */
export function cpuOf(quantity: unknown): number {
  const text = String(quantity ?? '0');
  return text.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text) || 0;
}

const BYTES: Readonly<Record<string, number>> = {
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  m: 1024 ** 2,
  g: 1024 ** 3,
  mb: 1024 ** 2,
  gb: 1024 ** 3,
  b: 1,
  kb: 1024,
  '': 1,
};

/** A memory quantity of Kubernetes (`1728Mi`) or Flink (`1728m`, `1 gb`) in bytes; 0 if there is none. */
export function bytesOf(quantity: unknown): number {
  const [, digits = '0', unit = ''] = /^\s*([\d.]+)\s*([a-zA-Z]*)\s*$/.exec(String(quantity ?? '0')) ?? [];
  return Math.round(Number(digits) * (BYTES[unit] ?? BYTES[unit.toLowerCase()] ?? 1));
}
