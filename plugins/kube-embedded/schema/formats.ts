import { isIP, isIPv4, isIPv6 } from 'node:net'

const dateTime = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/
const date = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/
const dayExists = (value: string) => Number(value.slice(8, 10)) <= new Date(Date.UTC(Number(value.slice(0, 4)), Number(value.slice(5, 7)), 0)).getUTCDate()
const uuid = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
const base64 = /^[A-Za-z0-9+/]*={0,2}$/
const mac = /^([0-9a-f]{2}([:-])([0-9a-f]{2}\2){4}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4})$/i
const duration = /^-?((\d{1,18}(\.\d{0,18})?|\.\d{1,18})(ns|us|µs|μs|ms|s|m|h|d|w))+$|^0$/
const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/i

function isCIDR (value: string) {
  const slash = value.lastIndexOf('/')
  const bits = value.slice(slash + 1)
  const version = isIP(value.slice(0, Math.max(slash, 0)))
  return version !== 0 && /^(0|[1-9]\d{0,2})$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128)
}

function isEmail (value: string) {
  const at = value.lastIndexOf('@')
  return at > 0 && at <= 64 && !/[\s<>()[\],;:\\"@]/.test(value.slice(0, at)) && isHostname(value.slice(at + 1))
}

const isHostname = (value: string) => value.length <= 253 && value.split('.').every(part => label.test(part))
const isURI = (value: string) => value.startsWith('/') ? !/[\s]/.test(value) : URL.canParse(value)

/** Formats of strings that are checked; others mean nothing. Inputs are bounded before. */
export const formats: Readonly<Record<string, (value: string) => boolean>> = {
  'date-time': value => dateTime.test(value) && dayExists(value),
  date: value => date.test(value) && dayExists(value),
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: isCIDR,
  mac: value => mac.test(value),
  uuid: value => uuid.test(value),
  byte: value => value.length % 4 === 0 && base64.test(value),
  duration: value => duration.test(value),
  email: isEmail,
  hostname: isHostname,
  uri: isURI,
}

/** Of these formats only what is short can be right. */
export const maxFormatted = 4096
export const isUnbounded = (format: string) => format === 'byte'
