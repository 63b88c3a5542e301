import { now } from '../../clock.ts'
import { findPractice } from '../../courts/practice-store.ts'
import { nonAttorneyRoles, type Role, roleLabel, roles } from '../../courts/roles.ts'
import { approveRequest } from '../../efiling/requests/approve-request.ts'
import { isClerkRefusal } from '../../efiling/requests/open-for-clerk.ts'
import { type FilingRequest, ownQuestions } from '../../efiling/requests/request.ts'
import { canonicalFiler, isAdmittedAt, type Right, stateOfRight } from '../../efiling/right.ts'
import { findRight } from '../../efiling/right-store.ts'
import type { Fields } from '../../http/read-form.ts'
import { refused } from '../../outcome.ts'
import type { Database } from '../../storage/db.ts'
import type { CourtVisit } from '../court-gate.ts'
import type { ConsoleContent } from '../frame.ts'
import { dayTyped } from '../typed-day.ts'
import { admissionChoices, grantChoices } from './act-words.ts'
import { type ActForm, type FilerChoice, grants } from './forms.ts'
import { approveContent } from './request-page.ts'
import { rightProblem } from './right-problems.ts'
import { seenBy, type TakenAct } from './taken-act.ts'

type Shown = Omit<
  Parameters<typeof approveContent>[0],
  'roles' | 'grants' | 'admissions' | 'filers'
>

/** The CM/ECF accounts at this court that the request may be approved as, by how they are known. */
function listFilers({ answers }: FilingRequest, right: Right | undefined) {
  const former = right?.filerId ?? undefined
  const named = answers.find(({ question }) => question === ownQuestions.oldLogin)?.value
  const isFormer = former && named && canonicalFiler(named) === canonicalFiler(former)
  return { former, named: isFormer ? undefined : named }
}

/** Roles of this court: those of attorneys, and what else it takes; always the one that is asked for. */
async function listRoles(db: Database, { courtId, role }: FilingRequest): Promise<Role[]> {
  const practice = await findPractice(db, courtId)
  return roles.filter(
    (each) => each === role || !nonAttorneyRoles.includes(each) || practice.roles.includes(each),
  )
}

/** What holds already and stays, unless the clerk says otherwise: an admission, and a last day. */
function whatHolds(right: Right | undefined, court: { readonly timeZone: string }): Fields {
  if (!right) return {}
  const at = now()
  return {
    ...(isAdmittedAt(right, court, at) && {
      admitted: 'yes',
      admittedUntil: dayTyped(right.admittedUntil),
    }),
    ...(stateOfRight(right, court, at) === 'active' && { endsOn: dayTyped(right.endsOn) }),
  }
}

/** The form to approve by, with what was asked for already chosen, and what holds already. */
export async function showApproval(
  db: Database,
  request: FilingRequest,
  model: Shown & { readonly court: { readonly timeZone: string } },
): Promise<ConsoleContent> {
  const [right, taken] = await Promise.all([
    findRight(db, request.accountId, request.courtId),
    listRoles(db, request),
  ])
  const { former, named } = listFilers(request, right)
  const begins = {
    role: request.role,
    grants: 'file',
    as: former ? 'former' : 'none',
    ...(request.kind === 'admission-and-filing' && { admitted: 'yes' }),
    ...whatHolds(right, model.court),
  }
  return approveContent({
    ...model,
    typed: { ...begins, ...model.typed },
    roles: taken.map((role) => [role, roleLabel(role)]),
    grants: grantChoices,
    admissions: admissionChoices,
    filers: [
      { value: 'none', label: 'None yet' },
      ...(former
        ? [{ value: 'former', label: `Approve as ${former}`, text: 'which this account has here.' }]
        : []),
      ...(named
        ? [{ value: 'named', label: `Approve as ${named}`, text: 'which the filer named.' }]
        : []),
      { value: 'other', label: 'Another one', text: 'whose name you enter below.' },
    ],
  })
}

/** Approves as typed; a choice that is not on the page is refused at its field. */
export async function takeApproval(
  db: Database,
  visit: CourtVisit,
  request: FilingRequest,
  typed: ActForm<'approve'>,
): Promise<TakenAct> {
  const { version, role, message } = typed
  if (!(await listRoles(db, request)).includes(role)) {
    return wrong('role', 'Choose a role from the list')
  }
  const right = await findRight(db, request.accountId, request.courtId)
  const { former, named } = listFilers(request, right)
  const filers: Readonly<Record<FilerChoice, string | null | undefined>> = {
    none: null,
    former,
    named,
    other: typed.filerId,
  }
  const filerId = filers[typed.as]
  if (filerId === undefined) return wrong('as', 'Choose the CM/ECF account from the list')
  const approval = {
    role,
    actions: grants[typed.grants],
    isAdmitted: typed.admitted === 'yes',
    admittedUntil: typed.admittedUntil ?? null,
    endsOn: typed.endsOn ?? null,
    filerId,
    message,
  }
  const seen = seenBy(visit, request, { version })
  const done = await approveRequest(db, { ...seen, approval }, visit.by)
  if (done.ok || isClerkRefusal(done)) return done
  return { ...done, problem: await rightProblem(db, visit.court.id, done, approval) }
}

function wrong(field: string, message: string): TakenAct {
  const problems = [{ path: [field], message }]
  return refused('has-problems', { problem: { heading: 'Nothing was decided', problems } })
}
