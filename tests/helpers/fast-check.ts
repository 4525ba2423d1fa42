import fc from 'fast-check'

/** The same one in every run, so that a run that fails speaks of the change it tests. `KS_SEED=N` looks elsewhere. */
export const seed = Number(process.env.KS_SEED ?? 20_240_607)
fc.configureGlobal({ seed })

export { default } from 'fast-check'
