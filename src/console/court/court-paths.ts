import { paths } from '../../paths.ts'

/** Where the people of a court work; what they do there stands below. */
export function staffCourtPath(courtId: string): string {
  return `${paths.staff}${paths.courts}/${courtId}`
}

/** "This court": what it takes, asks and says. */
export function practicePath(courtId: string): string {
  return `${staffCourtPath(courtId)}/practice`
}

export function practiceRequestsPath(courtId: string): string {
  return `${practicePath(courtId)}/requests`
}

export function practiceTermsPath(courtId: string): string {
  return `${practicePath(courtId)}/terms`
}

export function practiceHistoryPath(courtId: string): string {
  return `${practicePath(courtId)}/history`
}

/** A question that is asked already, or `new`. */
export function questionPath(courtId: string, question: string): string {
  return `${practicePath(courtId)}/questions/${question}`
}

export function officesPath(courtId: string): string {
  return `${staffCourtPath(courtId)}/offices`
}

/** An office that is there already, or `new`. */
export function officePath(courtId: string, office: string): string {
  return `${officesPath(courtId)}/${office}`
}

/** In the place of the id of a question or an office: one that is to be added. */
export const added = 'new'

/** Changes of people that this court is asked to take over. */
export function changesPath(courtId: string): string {
  return `${staffCourtPath(courtId)}/changes`
}

export function changePath(courtId: string, change: string): string {
  return `${changesPath(courtId)}/${change}`
}
