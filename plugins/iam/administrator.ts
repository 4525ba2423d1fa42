import { randomInt } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { annotations, users, type User } from '../../schemas/iam/v1alpha2.js'
import { unlessTaken, type Kube } from '../../core/sdk/index.js'
import { passwordCause, type Accounts } from './accounts.js'

const name = 'admin'
const file = 'admin-password'
const alphabets = ['abcdefghijkmnopqrstuvwxyz', 'ABCDEFGHJKLMNPQRSTUVWXYZ', '23456789']
const length = 20

const pick = (text: string): string => text.charAt(randomInt(text.length))

/** A password with something of every alphabet, easy to read out. */
export function randomPassword (): string {
  const letters = [...alphabets.map(pick), ...Array.from({ length: length - alphabets.length }, () => pick(alphabets.join('')))]
  for (let i = letters.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [letters[i], letters[j]] = [letters[j] ?? '', letters[i] ?? '']
  }
  return letters.join('')
}

const readKept = (path: string): Promise<string | undefined> => readFile(path, 'utf8').then(text => text.trim() || undefined, () => undefined)

export interface AdministratorOptions { kube: Kube, accounts: Accounts, dataDir: string, env?: NodeJS.ProcessEnv }

/**
 * Creates the administrator where there is none: with the operator's password (KUBESPHERE_ADMIN_PASSWORD), or a random one that is kept in the data
 * directory for its owner alone. Answers what to tell the person who starts the server.
 */
export async function createAdministrator ({ kube, accounts, dataDir, env = process.env }: AdministratorOptions): Promise<string[]> {
  const path = join(dataDir, file)
  const given = env.KUBESPHERE_ADMIN_PASSWORD
  if (await kube.find(users, { name })) return [`administrator: ${name}`, ...(await readKept(path) ? [`initial password: in ${path}`] : [])]
  const wrong = given ? passwordCause(given) : undefined
  if (wrong) throw new Error(`KUBESPHERE_ADMIN_PASSWORD: ${wrong.message}`)
  // A start that was cut short has left its password behind.
  const password = given ?? await readKept(path) ?? randomPassword()
  if (!given) {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    await writeFile(path, `${password}\n`, { mode: 0o600 })
  }
  const plain: User = { metadata: { name, annotations: { [annotations.globalRole]: 'platform-admin', ...(given ? {} : { [annotations.uninitialized]: 'true' }) } }, spec: { email: 'admin@kubesphere.io', password } }
  const { user } = await accounts.hashed(plain)
  await kube.create(users, accounts.activated(user)).catch(unlessTaken)
  return [`administrator: ${name}`, given ? 'initial password: the one in KUBESPHERE_ADMIN_PASSWORD' : `initial password: ${password} (kept in ${path})`]
}
