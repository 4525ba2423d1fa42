import type { RunnerStatus } from './runner.js'

const states: Record<RunnerStatus['state'], string> = {
  leading: 'they run here',
  standby: 'they run in another process',
  'stood-down': 'none runs here: ks-controller-manager does the work of all',
  waiting: 'none runs here: their lease cannot be held',
}

/** Where reconcilers run and which stand down, for whoever asks whether the server is well; no names of objects or holders. */
export const linesOf = ({ state, standDown }: RunnerStatus): string[] =>
  [states[state], ...(standDown ? [`for ks-controller-manager (${standDown.why}) stand down: ${standDown.names.join(', ')}`] : [])]
