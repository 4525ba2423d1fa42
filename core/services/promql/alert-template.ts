import { unquote } from './literals.js'
import { quote } from './quote.js'
import { TemplateScanner, type TemplateToken } from './template-scanner.js'

const words = (text: string): string[] => text.split(' ')

/** Functions that Prometheus 2.42 and Go's text/template offer. */
const functions: ReadonlySet<string> = new Set([
  ...words('args externalURL first graphLink humanize humanize1024 humanizeDuration humanizePercentage humanizeTimestamp label match parseDuration pathPrefix query reReplaceAll safeHtml sortByLabel stripDomain stripPort strvalue tableLink title toLower toTime toUpper value'),
  ...words('and call eq ge gt html index js le len lt ne not or print printf println slice urlquery'),
])
const keywords: ReadonlySet<string> = new Set(words('block break continue define else end if range template with'))
/** What Prometheus defines before each template of an alert. */
const alertVariables = words('$ $labels $externalLabels $externalURL $value')

const maxLength = 64 * 1024
const maxNesting = 100

/** What is known of a template without running it. */
export interface AlertTemplate {
  /** The functions it calls. `query` reads series that nothing has limited. */
  readonly functions: ReadonlySet<string>
}

/** A template within a template: by `define` or `block`. */
interface Inner { readonly name: string, isEmpty: boolean, readonly outerVariables: string[] }
/** What is open: a control structure, whether its `else` is behind, how many variables there were before, and the template that it holds. */
interface Block { readonly keyword: string, hasElse: boolean, readonly variables: number, readonly chained: boolean, readonly inner?: Inner }

const isPlain = ({ kind, text }: TemplateToken): boolean => ['number', 'string', 'character', 'dot'].includes(kind) || (kind === 'word' && ['true', 'false', 'nil'].includes(text))

class TemplateParser {
  readonly #scanner: TemplateScanner
  readonly #called = new Set<string>()
  /** Names of the inner templates that hold something. */
  readonly #defined = new Set<string>()
  readonly #open: Block[] = []
  #variables = [...alertVariables]
  #ahead: TemplateToken | undefined
  #nesting = 0

  constructor (text: string) { this.#scanner = new TemplateScanner(text) }

  parse (): AlertTemplate {
    while (this.#scanner.toAction(() => this.#fill())) this.#action()
    if (this.#open.length > 0) this.#fail('unexpected EOF')
    return { functions: this.#called }
  }

  #fail (reason: string): never { return this.#scanner.fail(reason) }

  get #next (): TemplateToken {
    this.#ahead ??= this.#scanner.next()
    return this.#ahead
  }

  #take (): TemplateToken {
    const token = this.#next
    this.#ahead = undefined
    return token
  }

  #skipSpace (): TemplateToken {
    while (this.#next.kind === 'space') this.#take()
    return this.#next
  }

  #close (context: string): void {
    if (this.#skipSpace().kind !== 'close') this.#unexpected(context)
    this.#take()
  }

  #unexpected (context: string): never { this.#fail(`unexpected ${this.#next.kind === 'close' ? '"}}"' : `<${this.#next.text}>`} in ${context}`) }

  #action (): void {
    const { kind, text } = this.#skipSpace()
    if (text !== 'end') this.#fill()
    if (kind !== 'word' || !keywords.has(text)) {
      this.#pipeline('command')
      return this.#close('command')
    }
    this.#take()
    switch (text) {
      case 'if': case 'with': case 'range': return this.#begin(text)
      case 'else': return this.#else()
      case 'end': return this.#end()
      case 'break': case 'continue':
        if (!this.#isInRange()) this.#fail(`{{${text}}} outside {{range}}`)
        return this.#close(text)
      case 'template':
        this.#name(text)
        if (this.#skipSpace().kind !== 'close') this.#pipeline(text)
        return this.#close(text)
      case 'define':
        if (this.#open.length > 0) this.#fail('unexpected {{define}}')
        return this.#beginInner(text)
      default:
        return this.#beginInner('block')
    }
  }

  /** The template that stands here is not empty. */
  #fill (): void {
    const inner = this.#open.findLast(block => block.inner)?.inner
    if (inner) inner.isEmpty = false
  }

  #beginInner (keyword: 'define' | 'block'): void {
    const name = this.#name(keyword)
    if (keyword === 'block') this.#pipeline(keyword)
    this.#close(keyword)
    this.#open.push({ keyword, hasElse: true, variables: 1, chained: false, inner: { name, isEmpty: true, outerVariables: this.#variables } })
    this.#variables = ['$']
  }

  /** What follows a range's `else` is outside it, as is what a block within it holds. */
  #isInRange (): boolean {
    const nearest = this.#open.findLast(({ keyword, hasElse, inner }) => inner || (keyword === 'range' && !hasElse))
    return nearest?.keyword === 'range'
  }

  #name (context: string): string {
    if (this.#skipSpace().kind !== 'string') this.#unexpected(`${context} clause`)
    const { text } = this.#take()
    return unquote(text) ?? text
  }

  #begin (keyword: string, chained = false): void {
    if (this.#open.length >= maxNesting) this.#fail(`template is nested deeper than ${maxNesting}`)
    this.#open.push({ keyword, hasElse: false, variables: this.#variables.length, chained })
    this.#pipeline(keyword)
    this.#close(keyword)
  }

  #else (): void {
    const block = this.#open.at(-1)
    if (!block || block.hasElse) this.#fail('unexpected {{else}}')
    const isChained = block.keyword === 'if' && this.#skipSpace().text === 'if'
    block.hasElse = true
    if (!isChained) return this.#close('else')
    this.#take()
    this.#begin('if', true)
  }

  #end (): void {
    this.#close('end')
    let block = this.#open.pop()
    if (!block) this.#fail('unexpected {{end}}')
    // One `end` closes an `if` with all of its `else if`.
    while (block.chained) block = this.#open.pop()!
    if (block.inner) this.#endInner(block.inner)
    else this.#variables.length = Math.min(this.#variables.length, block.variables)
  }

  #endInner ({ name, isEmpty, outerVariables }: Inner): void {
    this.#variables = outerVariables
    if (isEmpty) return
    if (this.#defined.has(name)) this.#fail(`template: multiple definition of template ${quote(name)}`)
    this.#defined.add(name)
  }

  #pipeline (context: string): void {
    if (++this.#nesting > maxNesting) this.#fail(`template is nested deeper than ${maxNesting}`)
    this.#declarations(context)
    for (let stage = 1; ; stage++) {
      const operands = this.#command(context)
      // As Go: nothing has to follow the last bar.
      if (operands === 0 && (stage === 1 || this.#next.kind === 'pipe')) this.#fail(`missing value for ${stage === 1 ? context : 'command'}`)
      if (operands > 0 && stage > 1 && this.#isPlain) this.#fail(`non executable command in pipeline stage ${stage}`)
      if (this.#next.kind !== 'pipe') break
      this.#take()
    }
    this.#nesting--
  }

  /** `$x :=`, `$x =`, and `$i, $x :=` of a range. */
  #declarations (context: string): void {
    const found: string[] = []
    for (;;) {
      if (this.#skipSpace().kind !== 'variable') return
      const after = this.#scanner.peek()
      const isList = after === ',' && context === 'range' && found.length === 0
      if (!isList && after !== ':=' && after !== '=') return
      found.push(this.#take().text)
      this.#skipSpace()
      const { text } = this.#take()
      if (text === ',') continue
      this.#variables.push(...found)
      return
    }
  }

  /** Whether the command just read begins with a value that cannot be called. */
  #isPlain = false

  /** Reads the operands of one command; answers how many there were. */
  #command (context: string): number {
    let count = 0
    while (!['pipe', 'close', ')'].includes(this.#skipSpace().kind)) {
      if (count === 0) this.#isPlain = isPlain(this.#next)
      this.#operand(context)
      count++
      if (!['space', 'pipe', 'close', ')'].includes(this.#next.kind)) this.#unexpected('operand')
    }
    return count
  }

  #operand (context: string): void {
    const { kind, text } = this.#next
    switch (kind) {
      case 'word':
        if (['true', 'false', 'nil'].includes(text)) break
        if (keywords.has(text)) this.#unexpected(context)
        if (!functions.has(text)) this.#fail(`function "${text}" not defined`)
        this.#called.add(text)
        break
      case 'variable':
        if (!this.#variables.includes(text)) this.#fail(`undefined variable "${text}"`)
        break
      case '(':
        this.#take()
        this.#pipeline('parenthesized pipeline')
        if (this.#skipSpace().kind !== ')') this.#unexpected('parenthesized pipeline')
        break
      case 'dot': case 'field': case 'number': case 'string': case 'character': break
      default: this.#unexpected(context)
    }
    this.#take()
    if (this.#next.kind !== 'field') return
    if (isPlain({ kind, text })) this.#fail(`unexpected . after term "${text}"`)
    while (this.#next.kind === 'field') this.#take()
  }
}

/** Reads a template of an alert's label or annotation as Prometheus does before it takes a rule; throws a sentence where it would not take it. */
export function parseAlertTemplate (text: string): AlertTemplate {
  if (text.length > maxLength) throw new Error(`template is longer than ${maxLength} characters`)
  return new TemplateParser(text).parse()
}
