/** Why something was refused, with what whoever asked has to be told. The reason is a kebab-case literal. */
export type Refusal = { readonly reason: string }

/**
 * What a use case answers: the value, or why it was refused. An expected refusal is a value; callers
 * switch on `reason`, exhaustively, and find beside it what belongs to that reason alone. A thrown error
 * is a fault.
 * @typeParam Why one `Refusal` for each reason; a bare literal where the reason is all there is to say.
 */
export type Outcome<Value, Why extends string | Refusal> = Done<Value> | Refused<Why>

export type Done<Value> = { readonly ok: true; readonly value: Value }

export type Refused<Why extends string | Refusal> = Why extends string
  ? { readonly ok: false; readonly reason: Why }
  : { readonly ok: false } & Why

export function ok(): Done<void>
export function ok<Value>(value: Value): Done<Value>
export function ok<Value>(value?: Value): Done<Value | undefined> {
  return { ok: true, value }
}

export function refused<Reason extends string>(reason: Reason): Refused<Reason>
export function refused<Reason extends string, Details extends object>(
  reason: Reason,
  details: Details,
): Refused<{ readonly reason: Reason } & Details>
export function refused(reason: string, details: object = {}): Refused<string> {
  return { ok: false, reason, ...details }
}
