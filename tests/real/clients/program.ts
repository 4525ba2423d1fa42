import { spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'

const folder = process.env.KS_REAL_DIR ?? join(homedir(), '.cache', 'ks-apiserver-real')

/** Programs that scripts/real/build.mjs has built. */
export const programs = {
  kubectl: join(folder, 'kubernetes-v1.34.3', 'kubectl'),
  helm: join(folder, 'helm-v3.22.0', 'helm'),
  controller: join(folder, 'controller', 'controller'),
}

export interface Result { code: number | null, out: string, err: string }

export interface RunOptions {
  stdin?: string
  env?: Record<string, string>
  /** Told of everything printed so far, whenever there is more. */
  onOutput?: (out: string) => void
}

/** Splits a line as a shell does, as far as single quotes go. */
export const words = (line: string): string[] => (line.match(/(?:'[^']*'|[^\s'])+/g) ?? []).map(word => word.replaceAll('\'', ''))

/** Runs a program to its end, for a minute at most. */
export function run (program: string, args: readonly string[], { stdin = '', env = {}, onOutput }: RunOptions = {}): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { PATH: process.env.PATH, ...env } })
    const late = setTimeout(() => child.kill('SIGKILL'), 60_000)
    let [out, err] = ['', '']
    child.stdout.on('data', (part: Buffer) => {
      out += String(part)
      onOutput?.(out)
    })
    child.stderr.on('data', (part: Buffer) => { err += String(part) })
    child.on('error', reject)
    child.on('close', code => {
      clearTimeout(late)
      resolve({ code, out, err })
    })
    child.stdin.on('error', () => {})
    child.stdin.end(stdin)
  })
}
