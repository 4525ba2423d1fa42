/** A shorter part is not worth a gap, nor is a text that shares less than `shared` and less than a quarter. Longer texts seldom have much in common; names and revisions are no longer than `values`. */
const sizes = { part: 40, shared: 256, values: 1024, text: 64 * 1024 }
const mostCuts = 32

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

/** How often a part is met before it is shared: what few have in common, as the bindings of one person, would make a form for each few. */
const often = 8

function recurs (text: string): boolean {
  const times = parts.get(text) ?? 0
  // Also where it is known to recur, so that it stays in the young generation.
  parts.set(text, times + 1)
  return times >= often
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

/** In `"name":"a","uid":"b"`, what is between values, and these. */
const values = /(?<=":")|(?=",)/

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
  let from = 0
  cutsOf(all).forEach((to, i) => {
    const text = all.slice(from, to)
    from = to
    // Between the first two cuts are the object's name, uid and revision: they recur with nobody, and what stands between them with everybody.
    if (i === 1 && text.length < sizes.values) text.split(values).forEach((text, i) => { keep(text, i % 2 === 0 && recurs(text)) })
    else keep(text, text.length >= sizes.part && recurs(text))
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
