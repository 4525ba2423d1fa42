import { lookup as systemLookup, Resolver } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, request, type Dispatcher } from 'undici'
import { badRequest, readAll, StatusError, tooManyRequests } from '../../core/sdk/index.js'
import type { Fence } from './fence.js'

/** Bounds of a download: ms in all, bytes, redirects, letters of an address, downloads at once. */
export const downloadBounds = { time: 10_000, bytes: 4 * 1024 * 1024, redirects: 3, address: 2048, running: 16 }

/** Addresses of a host; `trusted` where an administrator named it. */
export type Lookup = (host: string, trusted: boolean) => Promise<readonly string[]>

export interface DownloadOptions {
  fence: Fence
  lookup?: Lookup
  bounds?: Partial<typeof downloadBounds>
}

/** As the system does, files and search domains included. */
const fromSystem = async (host: string): Promise<readonly string[]> => (await systemLookup(host, { all: true })).map(({ address }) => address)

// The system has four threads for names, files and passwords: no stranger's slow name servers may hold them.
async function fromNameServers (host: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 })
  const found = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
  return found.flatMap(one => one.status === 'fulfilled' ? one.value : [])
}

const lookUp: Lookup = (host, trusted) => trusted ? fromSystem(host) : fromNameServers(host)

// One text for a name that is not there and one that is not for everybody: nobody finds out which names there are inside.
const refused = () => badRequest('the address of the dashboard is not allowed or cannot be found')
const failed = (cause: unknown) => badRequest('the dashboard could not be downloaded', cause)
const late = () => badRequest('the download of the dashboard took too long')
const large = () => badRequest('the dashboard is too large')

/** Reads an address as browsers do, once; what connects later goes by the same reading. */
function parseAddress (text: string): URL {
  // eslint-disable-next-line no-control-regex -- the parser drops or turns these; an address is to be what it looks like
  if (/[\u0000-\u0020\u007f\\]|^https?:(?!\/\/[^/])/i.test(text) || !URL.canParse(text)) throw badRequest(`parse "${text}": invalid URI for request`)
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw badRequest(`Get "${text}": unsupported protocol scheme "${url.protocol.slice(0, -1)}"`)
  if (url.username || url.password) throw badRequest('the address of the dashboard must not hold a user or a password')
  return url
}

/** Where a redirect leads; the words of an answer are not repeated to the caller. */
function redirected (location: string, from: URL): URL {
  try { return parseAddress(new URL(location, from).href) } catch { throw refused() }
}

/** Connects to the given addresses, whatever names have come to mean since. */
const connectTo = (addresses: readonly string[]): LookupFunction => (_host, options, callback) => {
  const found = addresses.map(address => ({ address, family: isIP(address) }))
  if (options.all) callback(null, found)
  else callback(null, found[0]?.address ?? '', found[0]?.family)
}

const types = /^(application\/([\w.-]+\+)?json|text\/(plain|json)|application\/octet-stream|binary\/octet-stream)\s*(;|$)/i

async function readText ({ headers, body }: Dispatcher.ResponseData, most: number): Promise<string> {
  const type = String(headers['content-type'] ?? 'application/json')
  if (!types.test(type) || !/^(identity)?$/.test(String(headers['content-encoding'] ?? ''))) throw badRequest('the address of the dashboard answered with something that is not JSON')
  if (Number(headers['content-length'] ?? 0) > most) throw large()
  return new TextDecoder().decode(await readAll(body, most, large))
}

/** Downloads from addresses that callers name: fenced, bounded, without any credentials, past no proxy. */
export function createDownload ({ fence, lookup = lookUp, bounds: changed = {} }: DownloadOptions) {
  const bounds = { ...downloadBounds, ...changed }
  let running = 0

  /** Every address of a host; throws unless each of them may be connected to. */
  async function addressesOf (url: URL): Promise<readonly string[]> {
    const host = url.hostname.replace(/^\[|\]$/g, '')
    const trusted = fence.admitsHost(url)
    const addresses = isIP(host) ? [host] : await lookup(host, trusted).catch(() => [])
    if (addresses.length === 0 || !(trusted || addresses.every(fence.admitsAddress))) throw refused()
    return addresses
  }

  /** One request: the text that is answered, or where to ask instead. */
  async function ask (url: URL, signal: AbortSignal): Promise<string | URL> {
    const addresses = await within(signal, addressesOf(url))
    const agent = new Agent({ connect: { lookup: connectTo(addresses), timeout: bounds.time }, headersTimeout: bounds.time, bodyTimeout: bounds.time })
    try {
      const answer = await request(url, { dispatcher: agent, signal, headers: { accept: 'application/json', 'accept-encoding': 'identity', 'user-agent': 'ks-apiserver' } })
      const { statusCode, headers: { location }, body } = answer
      body.on('error', () => {})
      if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') return redirected(location, url)
      if (statusCode < 200 || statusCode >= 300) throw badRequest(`the address of the dashboard answered with status ${statusCode}`)
      return await readText(answer, bounds.bytes)
    } finally {
      await agent.destroy()
    }
  }

  async function follow (start: URL, signal: AbortSignal): Promise<string> {
    let next: string | URL = start
    for (let asked = 0; next instanceof URL; asked++) {
      if (asked > bounds.redirects) throw badRequest(`stopped after ${bounds.redirects} redirects`)
      next = await ask(next, signal)
    }
    return next
  }

  /** The text behind an address; whatever goes wrong is a 400 in fixed words. */
  return async function download (address: string): Promise<string> {
    if (address.length > bounds.address) throw badRequest(`the address of the dashboard is longer than ${bounds.address} letters`)
    const url = parseAddress(address)
    if (running >= bounds.running) throw tooManyRequests('too many dashboards are being downloaded, please try again later')
    const signal = AbortSignal.timeout(bounds.time)
    running++
    try { return await follow(url, signal) } catch (error) {
      if (error instanceof StatusError) throw error
      throw signal.aborted ? late() : failed(error)
    } finally { running-- }
  }
}
export type Download = ReturnType<typeof createDownload>

/** Names are looked up by the system, which cannot be stopped: the wait for it can. */
async function within<T> (signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop = () => {}
  const over = new Promise<never>((_resolve, reject) => { stop = () => { reject(late()) } })
  signal.addEventListener('abort', stop)
  try { return await Promise.race([work, over]) } finally { signal.removeEventListener('abort', stop) }
}
