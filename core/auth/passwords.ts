/** Hashing of passwords, off the main thread and bounded: at most four at a time, a bounded queue behind them, 429 when it is full. */
export interface Passwords {
  /** bcrypt, cost 10, `$2a$`/`$2b$`. */
  hash (plain: string): Promise<string>
  /** Without a stored hash the same work is done, and the answer is false. */
  verify (plain: string, hash: string | undefined): Promise<boolean>
  /** Whether the text is a bcrypt hash already. */
  isHash (text: string): boolean
}
