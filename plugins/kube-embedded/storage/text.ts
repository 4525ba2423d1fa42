/**
 * A shorter part is not worth a gap, nor is a text that shares less than `shared` and less than a quarter. Longer texts seldom have much in common; names,
 * labels and owners are no longer than `values`.
 */
const sizes = { part: 40, line: 16, piece: 3, shared: 256, divisible: 256, values: 1024, text: 64 * 1024 }
const mostCuts = 32
const mostLines = 64

// Not of Node's pool: there, it would lie between what is kept.
const scratch = Buffer.allocUnsafeSlow(sizes.text)

/** A text that does not keep the longer one in memory that it was cut out of. */
const alone = (text: string): string => scratch.toString('latin1', 0, scratch.write(text, 'latin1'))

/** Something about texts that have been met, in two generations of so many bytes: what is not met again for long is forgotten. */
class Met<T> {
  #young = new Map<string, T>()
  #old = new Map<string, T>()
  #bytes = 0

  constructor (private readonly most: number) {}

  get (text: string): T | undefined { return this.#young.get(text) ?? this.#old.get(text) }

  set (text: string, value: T): void {
    if (!this.#young.has(text) && (this.#bytes += text.length) > this.most) {
      this.#old = this.#young
      this.#young = new Map()
      this.#bytes = text.length
    }
    this.#young.set(this.#young.has(text) ? text : alone(text), value)
  }
}

const parts = new Met<number>(1024 * 1024)
const forms = new Met<string>(1024 * 1024)

/** How often a part is met before it is shared, and one that could be taken apart further: what few have in common, as the bindings of one person, would make a form for each few. */
const often = { whole: 8, divisible: 64 }

function recurs (text: string, enough = often.whole): boolean {
  const times = parts.get(text) ?? 0
  // Also where it is known to recur, so that it stays in the young generation.
  parts.set(text, times + 1)
  return times >= enough
}

function sharedForm (text: string): string {
  const form = forms.get(text) ?? text
  forms.set(form, form)
  return form
}

/** Stands between the parts of a text: JSON has no such byte. */
const gap = '\0'

/** `2026-01-31T12:00:00Z` */
const timestamp = 20

/**
 * Where the JSON of an object is cut: around its name, uid and revision, around what managedFields says beside its times, and between what follows.
 * A cut in the wrong place costs memory, never a byte of the text.
 */
function cutsOf (text: string): number[] {
  const cuts: number[] = []
  let at = 0
  const cut = (mark: string, offset: number): boolean => {
    const found = text.indexOf(mark, at)
    if (found >= 0) cuts.push(at = found + offset)
    return found >= 0
  }
  const behind = (mark: string, more = 0): boolean => cut(mark, mark.length + more)
  behind('"metadata":{')
  behind('"creationTimestamp":"', timestamp)
  cut(',"annotations":{', 0)
  if (cut(',"managedFields":[', 0)) {
    while (cuts.length < mostCuts && behind('"time":"')) cuts.push(at += timestamp)
    behind(']}')
  }
  cut('"roleRef":{', 0)
  return [...cuts, text.length]
}

/** In `"name":"a","uid":"b"`, the values; also where this is a text within a text. */
const values = /(?<=":\\?")([^"\\]+)(?=\\?")/
/** Behind the ends of lines, as JSON writes them. */
const lines = /(?<=\\n)/

/** Takes a text apart: `form` has what others have as well, one copy for all of them, `own` what stands between. Undefined where it has too little in common with those before. */
export function part (json: Buffer): { own: string, form: string } | undefined {
  if (json.length > sizes.text || json.includes(0)) return undefined
  // A byte is a character, whatever it stands for.
  const all = json.toString('latin1')
  const form: string[] = []
  const own: string[] = ['']
  const keep = (text: string, shared: boolean) => {
    if (shared) own[form.push(text)] = ''
    else own[form.length] += text
  }
  /** Of what does not recur as a whole, what stands between its values, or some of its lines. */
  const keepPieces = (text: string) => {
    if (text.length < sizes.values) return text.split(values).forEach((piece, i) => { keep(piece, i % 2 === 0 && piece.length >= sizes.piece && recurs(piece)) })
    const pieces = text.split(lines, mostLines + 1)
    if (pieces.length > mostLines) keep(text, false)
    else for (const piece of pieces) keep(piece, piece.length >= sizes.line && recurs(piece))
  }
  let from = 0
  cutsOf(all).forEach((to, i) => {
    const text = all.slice(from, to)
    from = to
    // Between the first two cuts are the object's name, uid and revision: they recur with nobody. Elsewhere, what is short is a time.
    if (i === 1) keepPieces(text)
    else if (text.length < sizes.part) keep(text, false)
    else if (recurs(text, i > 1 && text.length < sizes.divisible && values.test(text) ? often.divisible : often.whole)) keep(text, true)
    else keepPieces(text)
  })
  const shared = form.join(gap)
  return shared.length < Math.min(sizes.shared, json.length / 4) || form.length === 0 ? undefined : { own: own.join(gap), form: sharedForm(shared) }
}

/** The text again. */
export function whole (own: string, form: string): Buffer {
  const between = form.split(gap)
  let text = ''
  own.split(gap).forEach((part, i) => { text += i === 0 ? part : between[i - 1] + part })
  return Buffer.from(text, 'latin1')
}

/** How it begins. */
export const headOf = (own: string, form: string): string => own.startsWith(gap) ? form : own
