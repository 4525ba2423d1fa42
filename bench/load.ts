import autocannon from 'autocannon'

export interface Target { url: string, token?: string }

/** Requests per second of one round; every answer must be a 200. */
async function round ({ url, token }: Target, seconds: number, connections: number): Promise<number> {
  const result = await autocannon({ url, connections, duration: seconds, ...(token ? { headers: { authorization: `Bearer ${token}` } } : {}) })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} answers were not 200, ${result.errors} requests failed`)
  return result.requests.average
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

/** Two targets in turn, A B A B …, after a warm-up of both: the median rate of each and of the ratio A/B pair by pair. */
export async function paired (a: Target, b: Target, { rounds = 5, seconds = 3, connections = 20 } = {}): Promise<{ a: number, b: number, ratio: number }> {
  for (const target of [a, b]) await round(target, 2, connections)
  const pairs: [number, number][] = []
  for (let i = 0; i < rounds; i++) pairs.push([await round(a, seconds, connections), await round(b, seconds, connections)])
  return { a: median(pairs.map(([x]) => x)), b: median(pairs.map(([, y]) => y)), ratio: median(pairs.map(([x, y]) => x / y)) }
}
