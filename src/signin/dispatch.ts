import type { Step } from './steps/step.ts'
import { steps } from './steps/table.ts'
import type { Visit } from './visit.ts'

/** The step that is due: the first one that has something to ask. Undefined when all is said. */
export async function nextStep(visit: Visit): Promise<Step | undefined> {
  for (const step of steps) if (await step.isDue(visit)) return step
  return undefined
}
