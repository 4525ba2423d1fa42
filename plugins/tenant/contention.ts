import { setTimeout as pause } from 'node:timers/promises'
import { isConflict } from '../../core/sdk/index.js'

/** How often a change is made anew because somebody was faster, and the first pause before it (ms). */
const bounds = { attempts: 6, pause: 5 }

/** Reads, changes and writes by `act`, anew on what somebody else has written meanwhile; `patient` false gives the first conflict back. */
export async function contending<T> (act: () => Promise<T>, patient = true): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try { return await act() } catch (error) {
      if (!patient || !isConflict(error) || attempt === bounds.attempts) throw error
    }
    await pause(bounds.pause * 2 ** attempt * (0.5 + Math.random() / 2))
  }
}
