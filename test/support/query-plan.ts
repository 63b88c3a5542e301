/** The tables that a plan as JSON (`EXPLAIN (ANALYZE, FORMAT JSON)`) reads, with how many rows of each in all. */
export function readsOf(plan: unknown): { name: string; rows: number }[] {
  if (Array.isArray(plan)) return plan.flatMap(readsOf)
  if (typeof plan !== 'object' || plan === null) return []
  const node = plan as Record<string, unknown>
  const name = node['Relation Name']
  const rows = Number(node['Actual Rows']) * Number(node['Actual Loops'])
  const own = typeof name === 'string' ? [{ name, rows }] : []
  return [...own, ...Object.values(node).flatMap(readsOf)]
}
