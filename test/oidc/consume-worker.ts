/**
 * A second process for the contract suite: reads `{ place, model, id, count }` as one line, says
 * `ready`, waits for another line, consumes `count` times at once and writes what each call met.
 */
import { createInterface } from 'node:readline'
import { openAdapter, type Place } from './open-adapter.ts'

export type ConsumeTask = { place: Place; model: string; id: string; count: number }

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const nextLine = async () => String((await lines.next()).value)

const { place, model, id, count } = JSON.parse(await nextLine()) as ConsumeTask
const opened = await openAdapter(place)
// Warms the connections, so that both processes really consume at the same time.
await Promise.all(Array.from({ length: count }, () => opened.adapter(model).find(id)))
process.stdout.write('ready\n')
await nextLine()
const results = await Promise.allSettled(
  Array.from({ length: count }, () => opened.adapter(model).consume(id)),
)
const outcomes = results.map((result) =>
  result.status === 'fulfilled' ? 'won' : String((result.reason as { error?: string }).error),
)
process.stdout.write(`${JSON.stringify(outcomes)}\n`)
await opened.close()
process.stdin.destroy()
