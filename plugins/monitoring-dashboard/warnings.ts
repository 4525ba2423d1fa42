/** Bounds of what goes into headers: warnings, and letters of each. */
const most = { warnings: 20, letters: 180 }

/** Warning headers as Kubernetes writes them (RFC 7234, 299); what no header can hold is a `?`. */
export function warningsOf (sentences: readonly string[]): string[] {
  const more = sentences.length - most.warnings
  const told = more > 0 ? [...sentences.slice(0, most.warnings), `and ${more} more`] : sentences
  return told.map(sentence => `299 - "${sentence.slice(0, most.letters).replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&')}"`)
}
