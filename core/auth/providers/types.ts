import type { TObject, Static } from '@sinclair/typebox'
import type { Logger } from 'pino'

/** Somebody as a provider knows them. */
export interface ExternalIdentity {
  /** What the provider never gives to anybody else. */
  uid: string
  username: string
  /** '' where there is none, or where the provider says that it is not verified. */
  email: string
  /** Groups by the provider's names; empty where they were not asked for. */
  groups: readonly string[]
}

/** Why a provider did not say who somebody is. The message is shown to the caller; the cause reaches only the log. */
export class ProviderFailure extends Error {}

/** A directory that is shown a password. */
export interface PasswordProvider {
  readonly kind: 'password'
  /** Throws a LoginFailure for a wrong name or password, a ProviderFailure for anything else. Neither text is empty. */
  authenticate (username: string, password: string): Promise<ExternalIdentity>
  close (): Promise<void>
}

/** What a log-in that was begun here carries to its end. */
export interface Flow { state: string, nonce: string, verifier: string }

/** Addresses of a provider, as consoles of 3.x read them to make their log-in buttons. */
export interface Endpoint { authURL: string, tokenURL: string, userInfoURL: string, jwksURL?: string, endSessionURL?: string }

/** A provider that the browser is sent to, and comes back from with a code or a ticket. */
export interface RedirectProvider {
  readonly kind: 'redirect'
  /** Where the browser goes to log in. */
  location (flow: Flow): Promise<string>
  /** Who came back, by the parameters of the callback; throws a ProviderFailure. `flow` is absent where somebody else, such as a console, began the log-in. */
  identify (parameter: (name: string) => string, flow?: Flow): Promise<ExternalIdentity>
  /** Resolved addresses, once they are known. */
  readonly endpoint?: () => Endpoint | undefined
  close (): Promise<void>
}

export type Provider = PasswordProvider | RedirectProvider

export interface ProviderContext {
  log: Logger
  /** Whether anybody asks for groups. */
  wantsGroups: boolean
  now: () => number
}

/** A type of provider: its name in `type`, the shape of its options, and its maker, which throws an OptionError. */
export interface ProviderType<S extends TObject = TObject> {
  readonly type: string
  readonly options: S
  create (options: Static<S>, context: ProviderContext): Provider
}

export const defineProvider = <S extends TObject>(provider: ProviderType<S>): ProviderType => provider as unknown as ProviderType
