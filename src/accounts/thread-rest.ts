let endedAt = 0
let tookMilliseconds = 0
const neverWoken = new Int32Array(new SharedArrayBuffer(4))

/**
 * Does one piece of work in a thread that does nothing else, and may block, after a rest.
 * @param restShare from 0 to 1: how long to rest after the work before, as a part of the time that one took.
 */
export function afterRest<Answer>(restShare: number, work: () => Answer): Answer {
  const restMilliseconds = endedAt + tookMilliseconds * restShare - performance.now()
  if (restMilliseconds > 0) Atomics.wait(neverWoken, 0, 0, restMilliseconds)

  const startedAt = performance.now()
  const answer = work()
  endedAt = performance.now()
  tookMilliseconds = endedAt - startedAt
  return answer
}
