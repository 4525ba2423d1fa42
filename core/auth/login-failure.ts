export type LoginFailureReason = 'incorrect password' | 'account is not active' | 'auth rate limit exceeded'

/** Why somebody is not let in; the message is what clients of 3.x read. */
export class LoginFailure extends Error {
  constructor (readonly reason: LoginFailureReason) { super(reason) }
}
