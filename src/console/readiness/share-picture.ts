import type { LinkedShare } from './store.ts'

const width = 600
const height = 200
/** Room for half a line, and half a dot. */
const margin = 8

/** A share over time, as the template draws it: an SVG without words, which stand in the table beside it. */
export type SharePicture = {
  readonly width: number
  readonly height: number
  /** Across, at each quarter. */
  readonly lines: readonly number[]
  readonly points: readonly { readonly x: number; readonly y: number }[]
  /** The points as the attribute of a line. */
  readonly path: string
}

/** @param shares in their order of time, at least two, of moments that differ. */
export function sharePicture(shares: readonly LinkedShare[]): SharePicture {
  const first = shares[0]?.at.getTime() ?? 0
  const last = shares.at(-1)?.at.getTime() ?? 1
  const acrossAt = (at: Date) =>
    margin + ((at.getTime() - first) / (last - first)) * (width - 2 * margin)
  const downAt = (share: number) => margin + (1 - share) * (height - 2 * margin)
  const points = shares.map((each) => ({
    x: rounded(acrossAt(each.at)),
    y: rounded(downAt(shareOf(each))),
  }))
  return {
    width,
    height,
    lines: [0, 0.25, 0.5, 0.75, 1].map((share) => rounded(downAt(share))),
    points,
    path: points.map(({ x, y }) => `${x},${y}`).join(' '),
  }
}

/** From 0 to 1; of nothing imported nothing is linked. */
function shareOf({ imported, linked }: Pick<LinkedShare, 'imported' | 'linked'>): number {
  return imported === 0 ? 0 : Math.min(1, linked / imported)
}

/** `37%`; not `100%` before the last one, and not `0%` after the first. */
export function percentOf(counts: Pick<LinkedShare, 'imported' | 'linked'>): string {
  const percent = shareOf(counts) * 100
  if (percent > 0 && percent < 1) return 'less than 1%'
  return `${Math.floor(percent)}%`
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}

const mostMoments = 12
const dayMilliseconds = 24 * 3600_000

/**
 * Moments from the go-live until now, at the same distance of whole days, now the last: at most twelve. None
 * where the court is not live.
 */
export function momentsOfShare(liveAt: Date | undefined, at: Date): Date[] {
  if (!liveAt || liveAt >= at) return []
  const days = Math.max(1, Math.ceil((at.getTime() - liveAt.getTime()) / dayMilliseconds))
  const step = Math.ceil(days / (mostMoments - 1)) * dayMilliseconds
  const moments: Date[] = []
  for (let moment = at.getTime(); moment > liveAt.getTime(); moment -= step) {
    moments.unshift(new Date(moment))
  }
  return [liveAt, ...moments].slice(-mostMoments)
}
