import {
  addClerkContent,
  courtStaffContent,
  heldClerkContent,
} from '../../src/console/roles/court-staff-page.ts'
import { courtStaffPath } from '../../src/console/roles/court-staff-paths.ts'
import { heldRoleContent } from '../../src/console/roles/held-page.ts'
import { roleProposalContent, unknownRoleContent } from '../../src/console/roles/proposal-page.ts'
import { proposeRoleContent } from '../../src/console/roles/propose-page.ts'
import { type CourtChoice, rolesContent } from '../../src/console/roles/roles-page.ts'
import type { AccountId, CourtId } from '../../src/ids.ts'
import { paths } from '../../src/paths.ts'
import type { ListedStaff } from '../../src/staff/listed-staff-store.ts'
import type { SeenProposal } from '../../src/staff/role-proposal-store.ts'
import { type State, staff } from './support-states.ts'

const ncwd = 'U.S. District Court for the Western District of North Carolina'
const courts: readonly CourtChoice[] = [
  ['ncwb', 'U.S. Bankruptcy Court for the Western District of North Carolina'],
  ['ncwd', ncwd],
]
const reader = 'reader' as AccountId
const court = { id: 'ncwd' as CourtId, name: ncwd }

const proposal = (id: string, more: Partial<SeenProposal> = {}): SeenProposal => ({
  id,
  accountId: 'somebody' as AccountId,
  number: '7123456',
  username: 'jane.quincy.doe.of.the.firm@a-rather-long-domain-name.example.com',
  givenName: 'Jane Quincy',
  familyName: 'Doe',
  role: 'court-manager',
  courtName: ncwd,
  reason: 'Follows Mr. Smith, who retires; the clerk of court has written',
  proposedBy: 'rita' as AccountId,
  proposerName: 'rita-registrar',
  createdAt: new Date('2026-11-27T15:00:00Z'),
  expiresAt: new Date('2026-12-04T15:00:00Z'),
  endedAt: null,
  ending: null,
  deciderName: null,
  decisionReason: null,
  ...more,
})

const over = (name: string, ending: SeenProposal['ending']) =>
  proposal(`over-${ending}`, {
    ending,
    endedAt: new Date('2026-11-28T15:00:00Z'),
    deciderName: ending === 'expired' ? null : name,
    decisionReason: ending === 'expired' ? null : name,
  })

const held = (id: string, more: Partial<ListedStaff> = {}): ListedStaff => ({
  id,
  accountId: 'somebody' as AccountId,
  number: '7123456',
  username: 'jane.quincy.doe.of.the.firm@a-rather-long-domain-name.example.com',
  givenName: 'Jane Quincy',
  familyName: 'Doe',
  role: 'registrar',
  courtId: null,
  courtName: null,
  state: 'active',
  ...more,
})

const list = (more: Partial<Parameters<typeof rolesContent>[0]>) =>
  rolesContent({
    readerId: reader,
    isRegistrar: true,
    waiting: [],
    ended: [],
    courts,
    staff: [held('1'), held('2', { accountId: reader, number: '7000001' })],
    isLater: false,
    ...more,
  })

const seen = (more: Partial<Parameters<typeof roleProposalContent>[0]>) =>
  roleProposalContent({
    proposal: proposal('one'),
    can: 'decide',
    isFor: false,
    csrf: 'csrf-token',
    typed: {},
    ...more,
  })

/** The pages of who has which role. */
export const roleStates = (hostile: string): Record<string, State> => ({
  'staff-roles-hostile': staff(paths.staffRoles, () =>
    list({
      waiting: [
        proposal('one', { familyName: hostile, proposerName: hostile, courtName: hostile }),
        proposal('two', { proposedBy: reader, role: 'auditor', courtName: null }),
        proposal('three', { accountId: reader, role: 'support', courtName: null }),
      ],
      ended: [over(hostile, 'approved'), over('rob', 'taken-back'), over('', 'expired')],
      after: '2',
    }),
  ),
  'staff-roles-of-court': staff(paths.staffRoles, () =>
    list({
      isRegistrar: false,
      court: courts[1],
      staff: [
        held('1', { role: 'court-manager', courtId: 'ncwd' as CourtId, courtName: ncwd }),
        held('2', { role: 'clerk', username: hostile, familyName: hostile, state: 'disabled' }),
      ],
    }),
  ),
  'staff-roles-empty': staff(paths.staffRoles, () => list({ staff: [], court: courts[0] })),
  'role-propose': staff(paths.staffRoles, () =>
    proposeRoleContent({ courts, csrf: 'csrf-token', typed: {} }),
  ),
  'role-propose-problem': staff(paths.staffRoles, () =>
    proposeRoleContent({
      courts,
      csrf: 'csrf-token',
      typed: { number: hostile, familyName: hostile, court: 'ncwd', reason: hostile },
      problem: {
        heading: 'Nothing was proposed',
        problems: [
          { path: ['number'], message: 'Enter the account number: seven digits' },
          { path: ['familyName'], message: 'Enter the last name, as it stands in the account' },
          { path: ['role'], message: 'Choose the role' },
          { path: ['court'], message: 'Choose no court: this role is for all courts' },
          { path: ['reason'], message: 'Enter why: the second registrar reads it' },
        ],
      },
    }),
  ),
  'role-proposal-hostile': staff(paths.staffRoles, () =>
    seen({ proposal: proposal('one', { reason: hostile, familyName: hostile }) }),
  ),
  'role-proposal-problem': staff(paths.staffRoles, () =>
    seen({
      typed: { reason: hostile },
      problem: {
        heading: 'Nothing was decided',
        problems: [
          { path: ['decision'], message: 'Choose what you decide' },
          { path: ['reason'], message: 'Enter why you do this' },
        ],
      },
    }),
  ),
  'role-proposal-own': staff(paths.staffRoles, () => seen({ can: 'take-back' })),
  'role-proposal-for-oneself': staff(paths.staffRoles, () => seen({ can: 'read', isFor: true })),
  'role-proposal-over': staff(paths.staffRoles, () =>
    seen({
      proposal: over(hostile, 'declined'),
      problem: { heading: 'Nothing was decided', text: 'Somebody else has decided.' },
    }),
  ),
  'role-held': staff(paths.staffRoles, () =>
    heldRoleContent({ held: held('1', { familyName: hostile }), csrf: 'csrf-token' }),
  ),
  'role-held-problem': staff(paths.staffRoles, () =>
    heldRoleContent({
      held: held('1', { role: 'clerk', courtId: 'ncwd' as CourtId, courtName: ncwd }),
      csrf: 'csrf-token',
      problem: { heading: 'Nothing was taken away', text: 'Fewer than two would be left.' },
    }),
  ),
  'court-staff': staff(courtStaffPath('ncwd'), () =>
    courtStaffContent({
      court,
      readerId: reader,
      isManager: true,
      staff: [
        held('1', { role: 'court-manager', accountId: reader }),
        held('2', { role: 'clerk', username: hostile, familyName: hostile, state: 'disabled' }),
      ],
      after: '2',
    }),
  ),
  'court-staff-for-clerk': staff(courtStaffPath('ncwd'), () =>
    courtStaffContent({
      court,
      readerId: reader,
      isManager: false,
      staff: [held('2', { role: 'clerk', accountId: reader })],
    }),
  ),
  'court-add-clerk': staff(courtStaffPath('ncwd'), () =>
    addClerkContent({ court, csrf: 'csrf-token', typed: {} }),
  ),
  'court-add-clerk-problem': staff(courtStaffPath('ncwd'), () =>
    addClerkContent({
      court,
      csrf: 'csrf-token',
      typed: { number: hostile, familyName: hostile },
      problem: {
        heading: 'Nobody was added',
        problems: [
          { path: ['number'], message: 'Enter the account number: seven digits' },
          { path: ['familyName'], message: 'Enter the last name, as it stands in the account' },
        ],
      },
    }),
  ),
  'court-take-clerk': staff(courtStaffPath('ncwd'), () =>
    heldClerkContent({
      court,
      held: held('2', { role: 'clerk', courtId: court.id, courtName: ncwd }),
      csrf: 'csrf-token',
      problem: { heading: 'Nothing was taken away', text: 'The role may be your own.' },
    }),
  ),
  'role-unknown': staff(paths.staffRoles, () => unknownRoleContent()),
})
