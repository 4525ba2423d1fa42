/** What an hour of use costs, as `metering` of kubesphere.yaml has it; 0 is free. */
export interface Prices {
  cpuPerCorePerHour: number
  memPerGigabytesPerHour: number
  ingressNetworkTrafficPerMegabytesPerHour: number
  egressNetworkTrafficPerMegabytesPerHour: number
  pvcPerGigabytesPerHour: number
  currencyUnit: string
}

const megabyte = 2 ** 20
const gigabyte = 2 ** 30

const rows = [
  { part: 'cpu', unit: 'cores', price: 'cpuPerCorePerHour', per: 1 },
  { part: 'memory', unit: 'bytes', price: 'memPerGigabytesPerHour', per: gigabyte },
  { part: 'net_bytes_transmitted', unit: 'bytes', price: 'egressNetworkTrafficPerMegabytesPerHour', per: megabyte },
  { part: 'net_bytes_received', unit: 'bytes', price: 'ingressNetworkTrafficPerMegabytesPerHour', per: megabyte },
  { part: 'pvc', unit: 'bytes', price: 'pvcPerGigabytesPerHour', per: gigabyte },
] as const

export interface Tariff { unit: string, price: number, currency: string }

/** What a meter counts, and the price of one of it. */
export function tariffOf (meter: string, prices: Prices): Tariff {
  const row = rows.find(({ part }) => meter.includes(part))
  return { unit: row?.unit ?? '', price: row ? prices[row.price] / row.per : 0, currency: prices.currencyUnit }
}

/** The prices as clients read them; those that are 0 are left out. */
export function shownPrices (prices: Prices, retentionDay: string): Record<string, string | number> {
  const shown = {
    cpu_per_core_per_hour: prices.cpuPerCorePerHour,
    mem_per_gigabytes_per_hour: prices.memPerGigabytesPerHour,
    ingress_network_traffic_per_megabytes_per_hour: prices.ingressNetworkTrafficPerMegabytesPerHour,
    egress_network_traffic_per_megabytes_per_hour: prices.egressNetworkTrafficPerMegabytesPerHour,
    pvc_per_gigabytes_per_hour: prices.pvcPerGigabytesPerHour,
  }
  return { retention_day: retentionDay || '7d', currency: prices.currencyUnit, ...Object.fromEntries(Object.entries(shown).filter(([, price]) => price !== 0)) }
}
