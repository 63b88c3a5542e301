export type ClientState = 'active' | 'switched-off'

/** As people read it. */
export const clientStateLabels: Readonly<Record<ClientState, string>> = {
  active: 'active',
  'switched-off': 'switched off',
}

/** What a client does, or what is done with it, as far as its state has a say. */
export type ClientAct = 'sign-people-in' | 'be-offered' | 'be-watched'

/**
 * What a client may do in each state: nothing else in the house decides on a state. Its tokens are
 * alive as long as it may sign people in; the account page offers it as the way into its court; its
 * secrets, keys and metadata are watched for what will fail.
 */
const allowed: Readonly<Record<ClientState, Readonly<Record<ClientAct, boolean>>>> = {
  active: { 'sign-people-in': true, 'be-offered': true, 'be-watched': true },
  'switched-off': { 'sign-people-in': false, 'be-offered': false, 'be-watched': false },
}

export function clientMay(client: { readonly state: ClientState }, act: ClientAct): boolean {
  return allowed[client.state][act]
}

/** The columns of a row of `clients` that are its state. */
type StateColumns = { readonly isActive: boolean }

const columns: Readonly<Record<ClientState, StateColumns>> = {
  active: { isActive: true },
  'switched-off': { isActive: false },
}

export function clientStateOf(row: StateColumns): ClientState {
  return row.isActive ? 'active' : 'switched-off'
}

export function columnsOfClientState(state: ClientState): StateColumns {
  return columns[state]
}

/** The rows whose state lets them, as a condition of Prisma. */
export function clientsThatMay(act: ClientAct): { OR: StateColumns[] } {
  const states = Object.keys(columns) as ClientState[]
  return { OR: states.filter((state) => allowed[state][act]).map((state) => columns[state]) }
}

/** `clientStateOf` as SQL text, for a SELECT on clients under that alias. */
export function clientStateSql(alias: string): string {
  return `CASE WHEN ${alias}.is_active THEN 'active' ELSE 'switched-off' END`
}

/** `clientsThatMay` as SQL text. */
export function clientMaySql(alias: string, act: ClientAct): string {
  const conditions = clientsThatMay(act).OR.map(
    ({ isActive }) => `${alias}.is_active = ${isActive}`,
  )
  return `(${conditions.join(' OR ') || 'false'})`
}
