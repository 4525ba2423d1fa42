const [offsetHigh, offsetLow] = [0xcbf29ce4, 0x84222325]
const prime = 0x1b3

/** FNV-1a of 64 bits over labels sorted by name, each name and value ended by 0xFF, as 16 hexadecimal digits. */
export function fingerprint (labels: Readonly<Record<string, string>>): string {
  let [high, low] = [offsetHigh, offsetLow]
  const add = (byte: number): void => {
    low = (low ^ byte) >>> 0
    // The prime is 2^40 + 0x1b3: the product is put together from halves of 32 bits.
    const product = low * prime
    high = (Math.imul(high, prime) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0
    low = product % 2 ** 32
  }
  const names = Object.keys(labels).map(name => ({ name, bytes: Buffer.from(name) })).sort((a, b) => Buffer.compare(a.bytes, b.bytes))
  for (const { name, bytes } of names) {
    for (const byte of bytes) add(byte)
    add(0xff)
    for (const byte of Buffer.from(labels[name]!)) add(byte)
    add(0xff)
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0')
}
