const scales: Readonly<Record<string, number>> = { n: 1e-9, u: 1e-6, m: 1e-3, '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15, E: 1e18, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 }
const form = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|)$/

/** An amount as Kubernetes writes them (`250m`, `12345Ki`); NaN for what is none. */
export function readQuantity (text: unknown): number {
  const [, digits = '', scale = ''] = form.exec(String(text)) ?? []
  return digits === '' ? NaN : Number(digits) * (scales[scale] ?? NaN)
}

/** CPUs in whole thousandths, rounded up; what floating point adds is not. */
export const toMilli = (cpus: number): number => Math.ceil(Number((cpus * 1000).toFixed(6)))
