/** The people, courts and clients that most tests meet; `apply` takes them as they are. */

export const password = 'correct horse battery staple'

export type Person = { number: string; username: string } & Record<string, unknown>

/** A right to file at a court. */
export const active = (court: string, filerId: string, more: object = {}) => ({
  court,
  status: 'active',
  role: 'attorney',
  filer_id: filerId,
  admitted: true,
  actions: ['file', 'receive-notices'],
  since: '2021-09-02',
  ...more,
})

/** Active at ncwd and ca4, neither linked nor registered at ncwb. */
export const jane = {
  number: '7123456',
  user_type: 'attorney',
  username: 'jdoe-attorney',
  password,
  given_name: 'Jane',
  family_name: 'Doe',
  email: 'jane.doe@example.com',
  email_verified: true,
  client_code: 'SMITH-042',
  billed_to: 'firm',
  standings: [active('ncwd', 'jdoe-ecf'), active('ca4', 'jdoe-ca4')],
}

/** Has no standing anywhere: signs in without any notice. */
export const nora = {
  number: '7000001',
  user_type: 'individual',
  username: 'nora-nowhere',
  password,
  given_name: 'Nora',
  family_name: 'Nowhere',
  email: 'nora@example.com',
}

export const legacyAccount = {
  number: '7000002',
  user_type: 'attorney',
  upgraded: false,
  username: 'le1234',
  password,
  given_name: 'Lee',
  family_name: 'Gacy',
  standings: [active('ncwd', 'legacy-ecf')],
}

export const sharedAccount = {
  number: '7000003',
  type: 'shared',
  user_type: 'individual',
  username: 'library-terminal',
  password,
  standings: [active('ncwd', 'library-ecf')],
}

export const firmAccount = {
  number: '7000004',
  type: 'firm',
  user_type: 'firm',
  username: 'doe-and-partners',
  password,
  search: 'inactive',
}

export const disabledAccount = {
  number: '7000005',
  user_type: 'attorney',
  username: 'disabled-attorney',
  password,
  disabled: true,
}

/** One standing of each stored status, and one whose last day has passed. */
export const stan = {
  number: '7000006',
  user_type: 'attorney',
  username: 'stan-of-statuses',
  password,
  given_name: 'Stan',
  family_name: 'Statuses',
  standings: [
    { court: 'ncwd', status: 'pending', role: 'attorney', actions: ['file'] },
    active('ncwb', 'stan-ncwb', { status: 'suspended' }),
    active('ca4', 'stan-ca4', { status: 'revoked' }),
    active('nceb', 'stan-nceb', { ends_on: '2024-01-31' }),
    active('ncmb', 'stan-ncmb'),
    { court: 'ncmd', status: 'none' },
    active('bap6', 'stan-bap6'),
  ],
}

/** Clerk of ncwd; files nowhere, so that a sign-in shows no notice. */
export const carla = {
  number: '7000007',
  user_type: 'government',
  username: 'carla-the-clerk',
  password,
  given_name: 'Carla',
  family_name: 'Lerk',
  staff_roles: [{ role: 'clerk', court: 'ncwd' }],
}

/** One that the policy takes for everybody here; it refuses `password`, which everybody knows. */
export const newPassword = 'maple lantern cobalt thursday'

/** What the holder of a legacy account types into the forms of an upgrade. */
export const upgradingPerson = {
  givenName: 'Lee',
  familyName: 'Gacy',
  birthMonth: '4',
  birthDay: '28',
  birthYear: '1958',
}

/** The same, into the second form. */
export const upgradingAddress = {
  addressLine1: '100 Otis Street',
  city: 'Asheville',
  state: 'NC',
  postalCode: '28801',
  country: 'US',
  phone: '(828) 555-0143',
}
