/** Series colours of the console. */
export const palette = ['#60acfc', '#23c2db', '#64d5b2', '#d5ec5a', '#ffb64e', '#fb816d', '#d15c7f']

const units: ReadonlyMap<string, string> = new Map([['bytes', 'Byte'], ['Bps', 'Byte'], ['percent', 'percent (0.0-1.0)'], ['percentunit', 'percent (0.0-1.0)']])

/** The console's name of a Grafana unit. */
export const unitOf = (grafana: string | undefined): string => units.get(grafana ?? '') ?? 'none'

/** A number cut to an integer that a dashboard can hold. */
export function cut (value: number | undefined): number {
  const whole = Math.trunc(value ?? 0)
  return Math.abs(whole) < 2 ** 63 ? whole : 0
}
