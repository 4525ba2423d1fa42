import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import type { ServerConfig } from '../../config/server.js'
import { createAuthentication } from '../auth/authentication.js'
import { createPasswords } from '../auth/bcrypt.js'
import type { Kube } from '../kube/types.js'
import type { Command, GroupDefinition } from '../sdk/index.js'

/** More is no password. */
const longestInput = 4_096

/** The text on stdin without the end of its line; '' at a terminal. */
export async function readInput (stdin: NodeJS.ReadStream = process.stdin): Promise<string> {
  if (stdin.isTTY) return ''
  let text = ''
  for await (const chunk of stdin.setEncoding('utf8')) {
    text += String(chunk)
    if (text.length > longestInput) throw new Error(`stdin: more than ${longestInput} characters`)
  }
  return text.replace(/\r?\n$/, '')
}

export interface CommandOptions { kube: Kube, config: ServerConfig, groups: readonly GroupDefinition[], log: Logger }

/** Nothing is signed here: where a configuration has no key, any will do. */
const withAnyKey = (config: ServerConfig): ServerConfig =>
  ({ ...config, authentication: { ...config.authentication, jwtSecret: config.authentication.jwtSecret || randomBytes(32).toString('hex') } })

/** Runs a command that a group declares, without a server; answers the lines to print. */
export async function runCommand (name: string, target: string, { kube, config, groups, log }: CommandOptions): Promise<readonly string[]> {
  const passwords = createPasswords()
  const authentication = createAuthentication({ kube, passwords, config: withAnyKey(config), log })
  const commands: Record<string, Command> = Object.assign({}, ...groups.map(group => group.commands?.({ kube, passwords, authentication })))
  const command = commands[name]
  try {
    if (!command) throw new Error(`no group has a command ${name}`)
    return await command(target, readInput)
  } finally { await authentication.close() }
}
