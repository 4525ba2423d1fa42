import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'

const resident = 'in-process_'
const here = `${resident}${randomUUID()}_`

/** Who holds the lease. A process that has the Kubernetes API in itself says so. */
export const newIdentity = (inProcess: boolean): string => `${inProcess ? here : `${hostname()}_${process.pid}_`}${randomUUID()}`

/** Whether a holder has surely ended, as seen from the process that has the Kubernetes API in itself: there is one of those at a time. */
export const isPredecessor = (holder: string): boolean => holder.startsWith(resident) && !holder.startsWith(here)
