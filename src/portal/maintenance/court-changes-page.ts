import { type CourtFact, courtFactLabel } from '../../accounts/account-changes.ts'
import { changeLines, changeTemplates } from '../../efiling/changes/change-lines.ts'
import { type NoticeOfChange, noticeStateLabels, type Offer } from '../../efiling/changes/notice.ts'
import { serviceAddressWords } from '../../efiling/changes/words.ts'
import { problemOf } from '../../http/form-kit.ts'
import { loadTemplates } from '../../http/page-shell.ts'
import type { Fields } from '../../http/read-form.ts'
import { dayAndTime } from '../../time-in-words.ts'
import type { FormTrouble } from '../form-limit.ts'
import type { PortalContent } from '../frame.ts'

const template = loadTemplates(new URL('./templates/', import.meta.url), changeTemplates)

export const noticeLimits = { reason: 500, scope: 200 } as const

/** So many boxes stand on one page: the rest comes when these are sent. */
const mostBoxes = 100

/** The names of the boxes; which court and fact each is for is its value. */
export const boxNames: readonly string[] = Array.from({ length: mostBoxes }, (_, n) => `tell-${n}`)

export function boxValue({ fact, courtId }: { fact: CourtFact; courtId: string }): string {
  return `${fact} ${courtId}`
}

/** Which courts are asked to take over what has changed, and what each of them said. */
export function courtChangesContent(model: {
  courtNames: ReadonlyMap<string, string>
  /** The person has something at a court at all. */
  hasCourts: boolean
  offers: readonly Offer[]
  notices: readonly NoticeOfChange[]
  form: { readonly action: string; readonly csrf: string }
  typed?: Fields | undefined
  problem?: FormTrouble | undefined
  /** Courts were asked just now. */
  isAsked?: boolean | undefined
}): PortalContent {
  const { courtNames, offers, notices, typed = {}, problem: summary } = model
  const nameOf = (courtId: string) => courtNames.get(courtId) ?? courtId
  const ticked = new Set(boxNames.flatMap((name) => typed[name] ?? []))
  const boxes = offers.slice(0, mostBoxes).map((offer, n) => ({
    ...offer,
    before: changeLines(offer.before),
    after: changeLines(offer.after),
    name: boxNames[n],
    value: boxValue(offer),
    court: nameOf(offer.courtId),
    isChecked: ticked.has(boxValue(offer)),
  }))
  const facts = [...new Set(boxes.map(({ fact }) => fact))]
  return {
    title: `${summary ? 'Error: ' : ''}Tell courts of a change`,
    body: template('court-changes', {
      ...model,
      typed,
      summary,
      problem: (field: string) => problemOf(summary?.problems ?? [], field),
      limits: noticeLimits,
      serviceAddressWords,
      facts: facts.map((fact) => ({
        label: courtFactLabel(fact),
        id: fact,
        // What each court knows may differ: it took over the one before, or it did not.
        boxes: boxes.filter((box) => box.fact === fact),
      })),
      notices: notices.map((notice) => ({
        ...notice,
        court: nameOf(notice.courtId),
        after: changeLines(notice.after),
        label: courtFactLabel(notice.fact),
        stateLabel: noticeStateLabels[notice.state],
        isWaiting: notice.state === 'asked',
        askedAt: dayAndTime(notice.askedAt),
        endedAt: notice.endedAt && dayAndTime(notice.endedAt),
      })),
    }),
  }
}
