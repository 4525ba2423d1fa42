import { pino, type Logger } from 'pino'

export interface Line { level: number, msg: string, [field: string]: unknown }

/** A logger that keeps its lines. */
export function captureLog (): { log: Logger, lines: Line[] } {
  const lines: Line[] = []
  return { log: pino({ base: null, timestamp: false }, { write: (text: string) => { lines.push(JSON.parse(text) as Line) } }), lines }
}
